"""What operators said: while it holds, and how it is kept."""

import json

import pytest

from geodns.control.overrides import from_json, in_force, next_expiry, ordered, to_json
from geodns.model.name import parse_name
from geodns.model.pool import PoolName, State
from geodns.model.verdict import MemberKey, Override

NOW = 1_800_000_000.0


def key(member: str, zone: str = "example.com.") -> MemberKey:
    return MemberKey(parse_name(zone), PoolName("eu"), member)


def said(state: State = State.DRAIN, expires: float | None = None) -> Override:
    return Override(state=state, reason="new kernel", author="ada", set_at=NOW, expires=expires)


STAYS, ENDS = said(), said(State.UP, NOW + 60)


@pytest.mark.parametrize(
    ("now", "holding"),
    [(NOW, {"a", "b"}), (NOW + 59.9, {"a", "b"}), (NOW + 60, {"a"}), (NOW + 1e9, {"a"})],
)
def test_an_override_holds_until_its_last_second_is_over(now: float, holding: set[str]) -> None:
    assert {each.member for each in in_force({key("a"): STAYS, key("b"): ENDS}, now)} == holding


def test_the_next_to_end_is_the_one_that_ends_soonest() -> None:
    assert next_expiry({}) is None
    assert next_expiry({key("a"): STAYS}) is None
    assert next_expiry({key("a"): STAYS, key("b"): ENDS, key("c"): said(expires=NOW + 5)}) == NOW + 5


def test_what_is_said_last_of_a_member_takes_the_place_of_what_was_said_before() -> None:
    before = {key("a"): STAYS, key("b"): ENDS}
    assert ordered(before, key("a"), ENDS) == {key("a"): ENDS, key("b"): ENDS}
    assert ordered(before, key("a"), None) == {key("b"): ENDS}
    assert ordered(before, key("c"), None) == before
    assert before == {key("a"): STAYS, key("b"): ENDS}, "the one before is a value"


def test_what_is_written_down_is_read_again() -> None:
    overrides = {
        key("a"): STAYS,
        key("b"): ENDS,
        key("ümlaut"): said(State.DOWN, NOW + 0.25),
        key("a", r"we\.ird\032.zone."): STAYS,  # whether there is such a zone or not
    }
    assert from_json(json.loads(json.dumps(to_json(overrides)))) == overrides


GOOD: dict[str, object] = {
    "zone": "example.com.",
    "pool": "eu",
    "member": "a",
    "state": "drain",
    "reason": "new kernel",
    "author": "ada",
    "set_at": NOW,
    "expires": None,
}


@pytest.mark.parametrize(
    "damage",
    [
        {"zone": "example..com."},
        {"zone": ""},
        {"zone": 7},
        {"state": "sideways"},
        {"state": None},
        {"expires": "tomorrow"},
        {"set_at": None},
        {"member": ["a"]},
    ],
)
def test_a_damaged_entry_costs_no_more_than_itself(damage: dict[str, object]) -> None:
    document = {"overrides": [{**GOOD, **damage}, {**GOOD, "member": "b"}]}
    assert from_json(document) == {key("b"): STAYS}


@pytest.mark.parametrize("missing", list(GOOD))
def test_an_entry_that_lacks_a_part_is_passed_over(missing: str) -> None:
    entry = {name: value for name, value in GOOD.items() if name != missing}
    assert from_json({"overrides": [entry]}) == {}


@pytest.mark.parametrize("document", [{}, {"overrides": None}, {"overrides": {"a": 1}}, {"overrides": [None, 7, "x"]}])
def test_a_document_of_another_shape_holds_no_overrides(document: dict[str, object]) -> None:
    assert from_json(document) == {}
