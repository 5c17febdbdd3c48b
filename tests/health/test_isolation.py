"""Is it them, or is it us?"""

import pytest

from geodns.health.history import UNJUDGED, History
from geodns.health.isolation import Isolation, groups_of, is_isolated, window_of
from geodns.model.pool import Pool
from geodns.model.verdict import Verdict
from tests.health.samples import check, pool, target

UP = History(verdict=Verdict.UP)
DOWN = History(verdict=Verdict.DOWN)

THREE_POOLS = (
    pool("eu", "192.0.2.1", "192.0.2.2"),
    pool("us", "198.51.100.1", "198.51.100.2"),
    pool("ap", "203.0.113.1", "203.0.113.2"),
)


def watched(pools: tuple[Pool, ...] = THREE_POOLS, history: History = UP) -> Isolation:
    return Isolation(pools, dict.fromkeys(groups_of(pools), history))


def silence(isolation: Isolation, *addresses: str, at: float = 100.0, before: History = UP) -> bool:
    for address in addresses:
        isolation.hear(target(address), False, before, at)
    return isolation.frozen


@pytest.mark.parametrize(
    ("sentence", "silent", "answering", "groups", "isolated"),
    [
        ("all are silent", 6, 0, 3, True),
        ("most are silent", 4, 2, 3, True),
        ("half of them are no majority", 3, 3, 3, False),
        ("two pools prove nothing", 6, 0, 2, False),
        ("one large pool proves nothing", 1000, 0, 1, False),
        ("nobody is asked", 0, 0, 0, False),
    ],
)
def test_most_targets_of_three_pools_must_be_silent(
    sentence: str, silent: int, answering: int, groups: int, isolated: bool
) -> None:
    assert is_isolated(silent, answering, groups) is isolated, sentence


@pytest.mark.parametrize(
    ("sentence", "addresses", "frozen"),
    [
        ("one in each pool is half", ["192.0.2.1", "198.51.100.1", "203.0.113.1"], False),
        ("one more is a majority", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "203.0.113.2"], True),
        ("two whole pools may die", ["192.0.2.1", "192.0.2.2", "198.51.100.1", "198.51.100.2"], False),
    ],
)
def test_silence_all_over_freezes(sentence: str, addresses: list[str], frozen: bool) -> None:
    assert silence(watched(), *addresses) is frozen, sentence


def test_silence_that_comes_slowly_does_not_freeze() -> None:
    isolation = watched()
    assert not silence(isolation, "192.0.2.1", "198.51.100.1", "203.0.113.1", at=100.0)
    assert not silence(isolation, "203.0.113.2", at=113.5)


def test_silence_within_an_interval_and_a_timeout_is_at_once() -> None:
    isolation = watched()
    silence(isolation, "192.0.2.1", "198.51.100.1", "203.0.113.1", at=100.0)
    assert silence(isolation, "203.0.113.2", at=113.0)


def test_a_freeze_outlasts_its_window_and_ends_when_half_answer_again() -> None:
    isolation = watched()
    silence(isolation, "192.0.2.1", "192.0.2.2", "198.51.100.1", "198.51.100.2", "203.0.113.1", "203.0.113.2")
    assert silence(isolation, "192.0.2.1", at=9000.0)
    for address, frozen in [("192.0.2.1", True), ("192.0.2.2", True), ("203.0.113.1", False)]:
        isolation.hear(target(address), True, UP, 9001.0)
        assert isolation.frozen is frozen, address


def test_what_was_down_before_says_nothing_about_us() -> None:
    isolation = watched(history=DOWN)
    assert not silence(isolation, "192.0.2.1", "192.0.2.2", "198.51.100.1", "203.0.113.1", before=DOWN)


def test_what_was_never_judged_counts_so_that_a_start_without_network_freezes() -> None:
    isolation = watched(history=UNJUDGED)
    assert silence(isolation, "192.0.2.1", "192.0.2.2", "198.51.100.1", "203.0.113.1", before=UNJUDGED)


def test_the_reason_tells_how_many_and_what_to_do() -> None:
    isolation = watched()
    silence(isolation, "192.0.2.1", "192.0.2.2", "198.51.100.1", "203.0.113.1")
    assert isolation.reason == (
        "monitor isolated: 4 of 6 targets in 3 independent pools stopped answering within 13 s; no member is taken "
        "down until half of them answer again. Check the network of this host; drain by hand what is really down"
    )
    assert repr(isolation) == "<Isolation isolated: 2 answer, 4 fell silent>"


def test_a_reload_that_takes_the_silent_ones_out_ends_the_freeze() -> None:
    isolation = watched()
    silence(isolation, "192.0.2.1", "192.0.2.2", "198.51.100.1", "203.0.113.1")
    same, fewer = watched(), watched(THREE_POOLS[1:])
    same.carry_over(isolation)
    fewer.carry_over(isolation)
    assert (same.frozen, fewer.frozen) == (True, False)


@pytest.mark.parametrize(
    ("sentence", "pools", "groups"),
    [
        ("nothing shared", THREE_POOLS, 3),
        ("the same address twice", (pool("eu", "192.0.2.1"), pool("backup", "192.0.2.1")), 1),
        (
            "two pools share one with a third",
            (pool("a", "192.0.2.1"), pool("b", "192.0.2.2"), pool("c", "192.0.2.1", "192.0.2.2")),
            1,
        ),
        (
            "the third comes first",
            (pool("c", "192.0.2.1", "192.0.2.2"), pool("a", "192.0.2.1"), pool("b", "192.0.2.2")),
            1,
        ),
        ("different checks of one address", (pool("a", "192.0.2.1"), pool("b", "192.0.2.1", by=check(name="api"))), 1),
        ("a pool without members", (pool("empty"),), 0),
    ],
)
def test_pools_that_share_an_address_are_one_group(sentence: str, pools: tuple[Pool, ...], groups: int) -> None:
    assert len(set(groups_of(pools).values())) == groups, sentence


def test_a_rare_check_does_not_stretch_the_window() -> None:
    rare = check(name="rare", interval=600.0)
    assert window_of([target("192.0.2.1"), target("192.0.2.2"), target("192.0.2.3", rare)]) == 13.0
    assert window_of([target("192.0.2.1"), target("192.0.2.2", rare)]) == 603.0
    assert window_of([]) == 0.0
