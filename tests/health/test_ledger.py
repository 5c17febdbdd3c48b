"""All targets together: which verdicts flip, and what reloads, restarts and a broken network do to them."""

import json

import pytest

from geodns.health.ledger import Changes, Ledger
from geodns.health.saved import changes_to_json, from_json, to_json
from geodns.model.check import Result
from geodns.model.pool import Pool
from geodns.model.verdict import Standing, Verdict
from tests.health.samples import check, failed, passed, pool, target

UP, DOWN, UNKNOWN = Verdict.UP, Verdict.DOWN, Verdict.UNKNOWN
ALONE = (pool("eu", "192.0.2.1"),)
SIX = ("192.0.2.1", "192.0.2.2", "198.51.100.1", "198.51.100.2", "203.0.113.1", "203.0.113.2")
WORLD = (pool("eu", *SIX[:2]), pool("us", *SIX[2:4]), pool("ap", *SIX[4:]))


def ledger(*results: Result, pools: tuple[Pool, ...] = ALONE) -> Ledger:
    fresh = Ledger()
    fresh.retarget(pools)
    tell(fresh, *results)
    return fresh


def tell(told: Ledger, *results: Result, at: float = 0.0) -> list[Changes]:
    return [told.observe(result, at + number) for number, result in enumerate(results, start=1)]


def verdict(of: Ledger, address: str) -> Verdict:
    return of.histories()[target(address)].verdict


def test_the_result_that_completes_the_row_says_what_flipped() -> None:
    first, *held, last = tell(ledger(), passed("192.0.2.1"), *[failed("192.0.2.1")] * 3)
    assert [str(flip) for flip in first.flips] == ["example.com./web@192.0.2.1 unknown → up: 200 OK"]
    assert [changes.flips for changes in held] == [(), ()]
    assert [str(flip) for flip in last.flips] == ["example.com./web@192.0.2.1 up → down: timed out after 3 s"]


def test_standings_name_only_those_that_were_judged() -> None:
    judged = ledger(passed("192.0.2.1"), pools=WORLD)
    assert judged.standings() == {target("192.0.2.1"): Standing(UP, 30.0, since=1.0)}
    assert len(judged.targets()) == 6


def test_a_late_result_of_a_removed_target_is_passed_over() -> None:
    assert ledger().observe(failed("192.0.2.99"), 1.0) == Changes()


def test_two_checks_of_one_address_judge_on_their_own() -> None:
    api = check(name="api")
    both = ledger(passed("192.0.2.1"), failed("192.0.2.1", api), pools=(*ALONE, pool("api", "192.0.2.1", by=api)))
    assert (both.standings()[target("192.0.2.1")].verdict, both.standings()[target("192.0.2.1", api)].verdict) == (
        UP,
        DOWN,
    )


# Reload and restart


def test_a_reload_keeps_the_streaks_of_those_that_stay_and_forgets_the_rest() -> None:
    reloaded = ledger(passed("192.0.2.1"), failed("192.0.2.1"), passed("203.0.113.1"), pools=WORLD)
    reloaded.retarget(ALONE)
    assert list(reloaded.targets()) == [target("192.0.2.1")]
    assert reloaded.histories()[target("192.0.2.1")].streak == 1
    reloaded.retarget(WORLD)
    assert verdict(reloaded, "203.0.113.1") is UNKNOWN


def test_an_edited_check_keeps_the_verdict_but_not_the_streak() -> None:
    slower = check(interval=60.0)
    reloaded = ledger(failed("192.0.2.1"), passed("192.0.2.1"))
    reloaded.retarget((pool("eu", "192.0.2.1", by=slower),))
    history = reloaded.histories()[target("192.0.2.1", slower)]
    assert (history.verdict, history.streak) == (DOWN, 0)


def test_the_last_verdicts_survive_a_restart() -> None:
    before = ledger(failed("192.0.2.1"), passed("192.0.2.2"), pools=WORLD)
    restarted = Ledger(from_json(json.loads(json.dumps(to_json(before.histories())))))
    restarted.retarget(WORLD)
    assert [verdict(restarted, address) for address in SIX[:3]] == [DOWN, UP, UNKNOWN]
    assert [changes.flips for changes in tell(restarted, passed("192.0.2.1"))] == [()]


def test_what_is_saved_can_be_read_by_people() -> None:
    assert to_json(ledger(failed("192.0.2.1"), pools=WORLD).histories()) == {
        "example.com./web@192.0.2.1": {"verdict": "down", "since": 1.0, "detail": "timed out after 3 s"}
    }


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        [],
        "down",
        {"example.com./web@192.0.2.1": None},
        {"example.com./web@192.0.2.1": "down"},
        {"example.com./web@192.0.2.1": {"verdict": "sideways", "since": 1.0, "detail": ""}},
        {"example.com./web@192.0.2.1": {"verdict": "down", "since": "yesterday", "detail": ""}},
        {"example.com./web@192.0.2.1": {"verdict": "down"}},
    ],
)
def test_a_damaged_memory_is_no_memory(damaged: object) -> None:
    assert from_json(damaged) == {}


def test_one_damaged_entry_does_not_cost_the_others() -> None:
    saved = {"a": {"verdict": "up", "since": 1, "detail": "ok"}, "b": 7}
    assert list(from_json(saved)) == ["a"]


# Isolation


def test_nobody_goes_down_while_the_monitor_is_isolated() -> None:
    world = ledger(*map(passed, SIX), pools=WORLD)
    rounds = [tell(world, *map(failed, SIX), at=at) for at in (10.0, 20.0, 30.0, 40.0)]
    assert all(changes.flips == () for told in rounds for changes in told)
    assert [changes.isolated for changes in rounds[0]] == [False, False, False, False, True, True]
    assert world.isolated.startswith("monitor isolated: 6 of 6 targets in 3 independent pools")


def test_the_alarm_is_told_once_at_the_beginning_and_once_at_the_end() -> None:
    world = ledger(*map(passed, SIX), pools=WORLD)
    told = [*tell(world, *map(failed, SIX), at=10.0), *tell(world, *map(passed, SIX), at=20.0)]
    assert [changes.alarm.partition(":")[0] for changes in told if changes.alarm] == [
        "monitor isolated",
        "monitor no longer isolated",
    ]
    assert world.isolated == ""


def test_after_the_freeze_one_more_failure_takes_down_who_really_is_down() -> None:
    world = ledger(*map(passed, SIX), pools=WORLD)
    for at in (10.0, 20.0, 30.0):
        tell(world, *map(failed, SIX), at=at)
    tell(world, *map(passed, SIX[1:]), at=40.0)
    assert verdict(world, SIX[0]) is UP
    tell(world, failed(SIX[0]), at=50.0)
    assert verdict(world, SIX[0]) is DOWN


def test_a_start_without_a_network_takes_nobody_down() -> None:
    told = tell(cold := ledger(pools=WORLD), *map(failed, SIX))
    assert {verdict(cold, address) for address in SIX} == {UNKNOWN}
    taken_back = [str(flip) for changes in told for flip in changes.flips if flip.after is UNKNOWN]
    assert taken_back[0] == "example.com./web@192.0.2.1 down → unknown: taken back: monitor isolated"


def test_with_a_fall_of_one_those_that_fell_first_come_back() -> None:
    nervous = check(fall=1)
    pools = tuple(pool(each.name, *(str(item.address) for item in each.targets()), by=nervous) for each in WORLD)
    world = ledger(*(passed(address, nervous) for address in SIX), pools=pools)
    told = tell(world, *(failed(address, nervous) for address in SIX), at=10.0)
    assert {standing.verdict for standing in world.standings().values()} == {UP}
    assert [len(changes.flips) for changes in told] == [1, 1, 1, 1, 4, 0]


def test_who_was_down_long_before_does_not_come_back_with_a_freeze() -> None:
    world = ledger(*map(passed, SIX[1:]), failed(SIX[0]), pools=WORLD)
    for at in (100.0, 110.0):
        tell(world, *map(failed, SIX), at=at)
    assert (world.isolated != "", verdict(world, SIX[0]), verdict(world, SIX[1])) == (True, DOWN, UP)


def test_where_the_monitor_may_not_suspect_itself_all_that_is_silent_is_down() -> None:
    world = Ledger()
    world.retarget(WORLD, may_freeze=False)
    tell(world, *map(passed, SIX))
    for at in (10.0, 20.0, 30.0):
        tell(world, *map(failed, SIX), at=at)
    assert {verdict(world, address) for address in SIX} == {DOWN}
    assert world.isolated == ""


# What is told of a change


def test_a_result_that_changes_the_time_to_the_next_flip_stirs() -> None:
    told = tell(ledger(), *map(passed, [SIX[0]] * 2), *[failed(SIX[0])] * 2, *map(passed, [SIX[0]] * 2))
    assert [changes.stirred for changes in told] == [True, False, True, True, True, False]


def test_standings_stay_as_they_were_given_out() -> None:
    judged = ledger(passed(SIX[0]))
    before = judged.standings()
    tell(judged, failed(SIX[0]))
    assert (before[target(SIX[0])].flip_in, judged.standings()[target(SIX[0])].flip_in) == (30.0, 20.0)


def test_a_standing_that_is_taken_back_is_none() -> None:
    told = tell(cold := ledger(pools=WORLD), *map(failed, SIX))
    assert cold.standings() == {}
    assert told[-1].isolated


def test_a_reload_keeps_standings_of_those_that_stay() -> None:
    reloaded = ledger(passed(SIX[0]), failed(SIX[0]), pools=WORLD)
    reloaded.retarget(ALONE)
    assert reloaded.standings() == {target(SIX[0]): Standing(UP, 20.0, since=1.0)}


def test_changes_are_saved_alone_and_null_where_nothing_is_known_any_more() -> None:
    some = ledger(failed(SIX[0]), pools=WORLD)
    histories = some.histories_of([target(SIX[0]), target(SIX[1]), target("192.0.2.99")])
    assert changes_to_json(histories) == {
        "example.com./web@192.0.2.1": {"verdict": "down", "since": 1.0, "detail": "timed out after 3 s"},
        "example.com./web@192.0.2.2": None,
    }
