"""What time does to shares: slow start, ramps and hold-downs, each as a table of moments."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from ipaddress import ip_address

import pytest

import geodns.policy as selections
from geodns.model.check import Target
from geodns.model.pool import Family, Pool, Ramp
from geodns.model.schedule import Once, Schedule
from geodns.model.verdict import Outlook, Pace, Pause, Standing, Verdict
from geodns.policy.availability import availability
from geodns.policy.choice import choose
from geodns.policy.pace import advance, is_timed, next_change
from geodns.policy.ramp import weights_now
from geodns.policy.remarks import remarks, remarks_on
from geodns.policy.warmth import warmth
from tests.values import HERE, ORIGIN, check, member, of_pools, policy, pool, route, rule

CHECK = check()
NEVER = float("inf")


def seen(
    now: float | None, pace: Pace | None = None, *, up: dict[str, float] | None = None, down: Sequence[str] = ()
) -> Outlook:
    """`up`: addresses with the time since when they are."""
    standings = {
        Target(CHECK, ip_address(address)): Standing(Verdict.UP, 1e9, since) for address, since in (up or {}).items()
    } | {Target(CHECK, ip_address(address)): Standing(Verdict.DOWN, 1e9) for address in down}
    return Outlook(standings, {}, pace=pace or Pace(), now=now)


# ── slow start ────────────────────────────────────────────────────────────────────────────────────────────────────

WARMING = pool("eu", member("a", "192.0.2.1"), member("b", "192.0.2.2", "192.0.2.3"), check=CHECK, slow_start=100.0)


@pytest.mark.parametrize(
    ("now", "expected", "until"),
    [
        pytest.param(None, 1.0, NEVER, id="outside of time"),
        pytest.param(1000.0, 0.05, 5.0, id="at once a twentieth"),
        pytest.param(1004.0, 0.05, 1.0, id="until the next step"),
        pytest.param(1005.0, 0.1, 5.0, id="then two"),
        pytest.param(1050.0, 0.55, 5.0, id="half way"),
        pytest.param(1096.0, 1.0, NEVER, id="all of it with the last step"),
        pytest.param(1e9, 1.0, NEVER, id="from then on"),
    ],
)
def test_a_member_that_came_up_gains_its_weight_in_steps(now: float | None, expected: float, until: float) -> None:
    outlook = seen(now, up={"192.0.2.1": 1000.0, "192.0.2.2": 0.0})
    assert warmth(WARMING, WARMING.members[0], outlook) == pytest.approx(expected)
    assert next_change(ORIGIN, WARMING, outlook) == pytest.approx(until)


def test_a_member_with_several_addresses_is_as_warm_as_its_warmest() -> None:
    outlook = seen(1000.0, up={"192.0.2.2": 1000.0, "192.0.2.3": 10.0})
    assert warmth(WARMING, WARMING.members[1], outlook) == 1.0


@pytest.mark.parametrize("select", ["round_robin", "weighted"])
def test_one_that_warms_up_has_a_smaller_share_whatever_the_selection(select: str) -> None:
    outlook = seen(1000.0, up={"192.0.2.1": 1000.0, "192.0.2.2": 0.0})
    roster = availability(ORIGIN, WARMING, Family.IPV4, outlook).up
    assert [each.strength for each in roster.own] == [0.05, 1.0]
    assert selections.select(select, roster.own, 1).shares() == pytest.approx({"a": 0.05 / 1.05, "b": 1 / 1.05})


def test_where_all_are_equally_cold_all_have_the_same() -> None:
    outlook = seen(1000.0, up=dict.fromkeys(("192.0.2.1", "192.0.2.2", "192.0.2.3"), 1000.0))
    roster = availability(ORIGIN, WARMING, Family.IPV4, outlook).up
    assert len({each.strength for each in roster.own}) == 1


# ── ramps ─────────────────────────────────────────────────────────────────────────────────────────────────────────

OLD = pool("old", member("a", "192.0.2.1"), check=CHECK)
BASE = pool("base", member("c", "192.0.2.9"))
NEW = pool("new", member("b", "192.0.2.2"), check=CHECK)
RAMP = Ramp(low=0.1, high=0.5, start=1000.0, over=400.0)
RAMPED = of_pools("site", (OLD, 3), (BASE, 1), (NEW, RAMP))


def shares(outlook: Outlook) -> list[float]:
    weights = weights_now(ORIGIN, RAMPED, outlook)
    assert sum(weights, Fraction(0)) == 1
    return [float(weight) for weight in weights]


@pytest.mark.parametrize(
    ("now", "share", "until"),
    [
        pytest.param(None, 0.5, NEVER, id="outside of time it has arrived"),
        pytest.param(0.0, 0.1, 1002.0, id="before it begins"),
        pytest.param(1000.0, 0.1, 2.0, id="when it begins"),
        pytest.param(1001.9, 0.1, 0.1, id="in steps"),
        pytest.param(1002.0, 0.102, 2.0, id="of a two-hundredth"),
        pytest.param(1200.0, 0.3, 2.0, id="half way"),
        pytest.param(1400.0, 0.5, NEVER, id="at its end"),
        pytest.param(1e9, 0.5, NEVER, id="from then on"),
    ],
)
def test_a_ramp_moves_evenly_and_the_others_share_the_rest_by_weight(
    now: float | None, share: float, until: float
) -> None:
    outlook = seen(now)
    assert shares(outlook) == pytest.approx([(1 - share) * 0.75, (1 - share) * 0.25, share])
    assert next_change(ORIGIN, RAMPED, outlook) == pytest.approx(until)


def test_a_ramp_stands_still_while_what_it_leads_to_fails() -> None:
    pace = advance([(ORIGIN, RAMPED)], seen(1100.0, down=["192.0.2.2"]))
    assert pace.pauses == {(ORIGIN, "site", "new"): Pause(1000.0, 0.0, 1100.0)}
    assert shares(seen(1390.0, pace))[2] == pytest.approx(0.2)
    assert next_change(ORIGIN, RAMPED, seen(1390.0, pace)) == NEVER
    pace = advance([(ORIGIN, RAMPED)], seen(1390.0, pace, down=["192.0.2.2"]))
    assert pace.pauses == {(ORIGIN, "site", "new"): Pause(1000.0, 0.0, 1100.0)}
    pace = advance([(ORIGIN, RAMPED)], seen(1400.0, pace))
    assert pace.pauses == {(ORIGIN, "site", "new"): Pause(1000.0, 300.0, None)}
    assert [shares(seen(now, pace))[2] for now in (1400.0, 1500.0, 1700.0)] == pytest.approx([0.2, 0.3, 0.5])


def test_another_ramp_knows_nothing_of_the_pauses_of_the_one_before() -> None:
    pace = Pace(pauses={(ORIGIN, RAMPED.name, NEW.name): Pause(7.0, 300.0, None)})
    assert shares(seen(1200.0, pace))[2] == pytest.approx(0.3)


def test_what_fails_before_the_ramp_begins_holds_nothing_up() -> None:
    assert advance([(ORIGIN, RAMPED)], seen(999.0, down=["192.0.2.2"])) == Pace()


def test_a_ramp_that_goes_down_leaves_its_pool_as_a_last_resort() -> None:
    down_to_none = of_pools("site", (OLD, 1), (NEW, Ramp(low=1.0, high=0.0, start=0.0, over=10.0)))
    chosen = availability(ORIGIN, down_to_none, Family.IPV4, seen(20.0))
    assert [each.name for each in chosen.up.own] == ["a"]
    alone = availability(ORIGIN, down_to_none, Family.IPV4, seen(20.0, down=["192.0.2.1"]))
    assert [each.name for each in alone.up.own] == ["b"]


# ── hold-down ─────────────────────────────────────────────────────────────────────────────────────────────────────

HELD = pool("eu", member("a", "192.0.2.1"), member("b", "192.0.2.2"), check=CHECK, hold_down=300.0)
US = pool("us", member("d", "192.0.2.3"), check=CHECK)
POOLS = {each.name: each for each in (HELD, US)}
POLICY = policy(rule("eu", "us"))


def pool_at(outlook: Outlook) -> str | None:
    return choose(ORIGIN, route("eu", "us"), POLICY, POOLS, Family.IPV4, outlook).pool


def test_a_pool_that_never_failed_is_not_held_back() -> None:
    one_down = seen(1000.0, down=["192.0.2.1"])
    assert advance([(ORIGIN, HELD)], one_down) == Pace()
    assert pool_at(one_down) == "eu"


def test_clients_go_back_when_it_has_held_long_enough() -> None:
    failing = seen(1000.0, down=["192.0.2.1", "192.0.2.2"])
    pace = advance([(ORIGIN, HELD)], failing)
    assert pool_at(replace(failing, pace=pace)) == "us"
    pace = advance([(ORIGIN, HELD)], seen(1100.0, pace, down=["192.0.2.1"]))
    later = advance([(ORIGIN, HELD)], seen(1200.0, pace))
    assert later == pace, "who joins meanwhile begins nothing anew"
    assert [pool_at(seen(now, pace)) for now in (1100.0, 1399.0, 1400.0)] == ["us", "us", "eu"]
    assert next_change(ORIGIN, HELD, seen(1150.0, pace)) == 250.0
    assert next_change(ORIGIN, HELD, seen(1400.0, pace)) == NEVER


def test_it_says_until_when() -> None:
    pace = Pace(back={(ORIGIN, HELD.name, Family.IPV4): 1_800_000_000.0})
    choice = choose(ORIGIN, route("eu", "us"), POLICY, POOLS, Family.IPV4, seen(1_800_000_010.0, pace))
    assert [each.reason for each in choice.passed_over] == ["has failed, and is held back until 2027-01-15 08:05 UTC"]


def test_failing_again_begins_it_anew() -> None:
    pace = Pace(back={(ORIGIN, HELD.name, Family.IPV4): 1000.0})
    pace = advance([(ORIGIN, HELD)], seen(1100.0, pace, down=["192.0.2.1", "192.0.2.2"]))
    pace = advance([(ORIGIN, HELD)], seen(1200.0, pace))
    assert pool_at(seen(1499.0, pace)) == "us"
    assert pool_at(seen(1500.0, pace)) == "eu"


def test_where_nothing_else_holds_clients_go_back_at_once() -> None:
    pace = Pace(back={(ORIGIN, HELD.name, Family.IPV4): 1000.0})
    assert pool_at(seen(1001.0, pace, down=["192.0.2.3"])) == "eu"


def test_a_pool_of_pools_leaves_those_out_that_are_held_back() -> None:
    both = of_pools("both", (HELD, 1), (US, 1))
    pace = Pace(back={(ORIGIN, HELD.name, Family.IPV4): 1000.0})
    assert [each.home for each in availability(ORIGIN, both, Family.IPV4, seen(1001.0, pace)).up.own] == ["us"]
    alone = availability(ORIGIN, both, Family.IPV4, seen(1001.0, pace, down=["192.0.2.3"]))
    assert ([each.home for each in alone.up.own], alone.held_until) == (["eu", "eu"], 1300.0)


# ── schedules ─────────────────────────────────────────────────────────────────────────────────────────────────────

SHOW = Schedule("show", (Once(100.0, 200.0),), HERE)


def test_a_pool_answers_while_its_schedule_runs() -> None:
    stage = pool("eu", member("a", "192.0.2.1"), when=[SHOW])
    pools = {stage.name: stage, US.name: US}
    chosen = {
        now: choose(ORIGIN, route("eu", "us"), POLICY, pools, Family.IPV4, seen(now)) for now in (99.0, 100.0, 200.0)
    }
    assert [choice.pool for choice in chosen.values()] == ["us", "eu", "us"]
    assert [each.reason for each in chosen[99.0].passed_over] == ["outside its schedule (show)"]
    assert next_change(ORIGIN, stage, seen(99.0)) == 1.0


def test_a_pool_that_is_shut_does_not_fail_open() -> None:
    stage = pool("eu", member("a", "192.0.2.1"), when=[SHOW])
    choice = choose(ORIGIN, route("eu"), POLICY, {stage.name: stage}, Family.IPV4, seen(99.0))
    assert choice.pool is None


def test_a_pool_of_pools_can_be_shut_as_a_whole() -> None:
    site = replace(of_pools("site", (OLD, 1), (US, 1)), maintenance=(SHOW,))
    assert [availability(ORIGIN, site, Family.IPV4, seen(now)).holds for now in (99.0, 150.0)] == [True, False]
    assert availability(ORIGIN, site, Family.IPV4, seen(150.0)).reason == "maintenance (show)"


@pytest.mark.parametrize(
    ("it", "timed"),
    [
        (OLD, False),
        (of_pools("site", (OLD, 1), (BASE, 2)), False),
        (RAMPED, True),
        (WARMING, True),
        (HELD, True),
        (pool("eu", member("a", "192.0.2.1", maintenance=[SHOW])), True),
    ],
)
def test_only_some_pools_follow_the_time(it: Pool, timed: bool) -> None:
    assert is_timed(it) is timed


# ── what is told of it ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (900.0, "new has 10% now (ramp 10%→50% from 1970-01-01 00:16:40 UTC over 0:06:40): not begun"),
        (
            1200.0,
            "new has 30% now (ramp 10%→50% from 1970-01-01 00:16:40 UTC over 0:06:40): "
            "there at 1970-01-01 00:23:20 UTC",
        ),
        (1400.0, "new has 50% now (ramp 10%→50% from 1970-01-01 00:16:40 UTC over 0:06:40): at its end"),
    ],
)
def test_where_a_ramp_is_is_told(now: float, said: str) -> None:
    assert remarks(ORIGIN, [RAMPED], seen(now)) == (said,)


def test_a_ramp_that_stands_still_is_told_with_the_reason() -> None:
    pace = Pace(pauses={(ORIGIN, RAMPED.name, NEW.name): Pause(1000.0, 0.0, 1100.0)})
    [said] = remarks(ORIGIN, [RAMPED], seen(1200.0, pace))
    assert said.endswith("standing still since 1970-01-01 00:18:20 UTC, because new fails")


def test_what_a_schedule_does_is_told_and_that_a_pool_is_held_back() -> None:
    stage = pool("eu", member("a", "192.0.2.1"), when=[SHOW], hold_down=100.0)
    pace = Pace(back={(ORIGIN, stage.name, Family.IPV4): 60.0})
    assert remarks_on(ORIGIN, stage, seen(120.0, pace)) == (
        "A has failed, and is held back until 1970-01-01 00:02:40 UTC",
        "schedule show runs until 1970-01-01 00:03:20 UTC",
    )
    assert remarks_on(ORIGIN, stage, seen(99.0)) == ("schedule show does not run until 1970-01-01 00:01:40 UTC",)
    assert remarks_on(ORIGIN, stage, seen(None)) == ()
