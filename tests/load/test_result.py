"""States → what answers follow from; and the states that a restart finds again."""

import json
from dataclasses import replace

import pytest

from geodns.load import saved
from geodns.load.fold import State
from geodns.load.keeping import Keep
from geodns.load.members import Part
from geodns.load.result import has_moved, loads_of
from geodns.model.pool import PoolName
from geodns.model.verdict import Loads, MemberKey
from tests.values import ORIGIN

EU, US = (ORIGIN, PoolName("eu")), (ORIGIN, PoolName("us"))
A, B, C = (MemberKey(*EU, name) for name in "abc")
STATE = State(
    keep=Keep(kept=0.7, felt=0.75, demand=12_000.0),
    parts={"a": Part(eased=0.5, evened=1.25, felt=0.3, demand=9.0), "b": Part()},
    at=1000.0,
)


def test_what_is_whole_is_left_out() -> None:
    assert loads_of({EU: STATE, US: State(at=0.0)}, {}) == Loads(kept={EU: 0.7}, eased={A: 0.5}, evened={A: 1.25})


def test_what_a_member_asks_for_comes_on_top() -> None:
    assert loads_of({EU: STATE}, {A: 0.5, B: 0.75, C: 0.1}).eased == {A: 0.25, B: 0.75, C: 0.1}


@pytest.mark.parametrize(
    ("sentence", "after", "moved"),
    [
        ("nothing", STATE, False),
        ("a hair", replace(STATE, keep=Keep(kept=0.6951)), False),
        ("half of a hundredth", replace(STATE, keep=Keep(kept=0.695)), True),
        ("back to all", replace(STATE, keep=Keep(kept=1.0)), True),
        ("a member", replace(STATE, parts={"a": Part(eased=0.51, evened=1.25)}), True),
        ("its evening", replace(STATE, parts={"a": Part(eased=0.5, evened=1.26)}), True),
        ("one that is new and whole", replace(STATE, parts={**STATE.parts, "c": Part()}), False),
        ("what is felt alone", replace(STATE, keep=replace(STATE.keep, felt=0.9)), False),
    ],
)
def test_what_is_worth_a_generation(sentence: str, after: State, moved: bool) -> None:
    assert has_moved(STATE, after) is moved, sentence


def test_a_state_is_read_as_it_was_written() -> None:
    assert saved.from_json(json.loads(json.dumps(saved.to_json({EU: STATE})))) == {EU: STATE}


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {},
        [1],
        [{"zone": "example.com."}],
        [
            {
                "zone": "..",
                "pool": "eu",
                "at": 0,
                "keep": {"kept": 1, "felt": 1, "demand": None, "heard": 0},
                "members": {},
            }
        ],
        [{"zone": "example.com.", "pool": "eu", "at": 0, "keep": {"kept": "x"}, "members": {}}],
        [{"zone": "example.com.", "pool": "eu", "at": 0, "keep": {}, "members": {"a": {"eased": None}}}],
    ],
)
def test_what_makes_no_sense_is_passed_over(wrong: object) -> None:
    assert saved.from_json(wrong) == {}


def test_nobody_is_left_without_clients_by_what_stands_in_a_file() -> None:
    keep = {"kept": -3, "felt": 1, "demand": None, "heard": 0}
    (entry,) = saved.from_json([{"zone": "example.com.", "pool": "eu", "at": 0, "keep": keep, "members": {}}]).values()
    assert entry.keep.kept == 0.01
