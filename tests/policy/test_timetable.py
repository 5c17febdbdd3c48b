"""Whether a schedule runs, and until when: cron's times by the clocks of a place, and times that come once."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from geodns.model.schedule import Once, Recurring, Schedule
from geodns.policy.timetable import NEVER, is_running, next_turn, shut
from tests.values import HERE, member, pool

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600.0


def at(text: str, zone: str = "Europe/Berlin") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def every(cron: str, hours: float) -> Schedule:
    return Schedule("it", (Recurring(cron=cron, length=hours * HOUR, timezone=BERLIN),), HERE)


NIGHT = every("0 22 * * *", 8)
WEEKEND = every("0 0 * * 6", 48)


@pytest.mark.parametrize(
    ("schedule", "now", "runs", "turns"),
    [
        pytest.param(NIGHT, "2026-11-25T21:59:59", False, "2026-11-25T22:00", id="not yet"),
        pytest.param(NIGHT, "2026-11-25T22:00", True, "2026-11-26T06:00", id="from its first moment"),
        pytest.param(NIGHT, "2026-11-26T05:59:59", True, "2026-11-26T06:00", id="over midnight"),
        pytest.param(NIGHT, "2026-11-26T06:00", False, "2026-11-26T22:00", id="not at its end any more"),
        pytest.param(WEEKEND, "2026-11-28T00:00", True, "2026-11-30T00:00", id="a day of the week"),
        pytest.param(WEEKEND, "2026-11-30T12:00", False, "2026-12-05T00:00", id="after it"),
        pytest.param(every("30 2 * * *", 1), "2026-03-29T03:00", True, "2026-03-29T04:00", id="skipped in spring"),
        pytest.param(
            every("30 2 * * *", 0.5), "2026-10-25T02:45", True, "2026-10-25T02:00:00+01:00", id="once in autumn"
        ),
        pytest.param(every("0 * * * *", 0.75), "2026-11-25T10:44:59", True, "2026-11-25T10:45", id="every hour"),
        pytest.param(every("0 0 29 2 *", 24), "2026-11-25T12:00", False, "2028-02-29T00:00", id="in a leap year"),
    ],
)
def test_a_schedule_that_comes_again(schedule: Schedule, now: str, runs: bool, turns: str) -> None:
    expected = datetime.fromisoformat(turns)
    moment = expected.timestamp() if expected.tzinfo else at(turns)
    assert is_running(schedule, at(now)) is runs
    assert next_turn(schedule, at(now)) == moment


def test_at_the_moment_of_a_turn_it_has_turned() -> None:
    """Over two years and through all changes of clocks, as the loop that waits for the turns walks."""
    now = at("2026-01-01T12:00")
    state, turns = is_running(NIGHT, now), 0
    while now < at("2028-01-01T12:00"):
        now = next_turn(NIGHT, now)
        assert is_running(NIGHT, now) is not state
        assert is_running(NIGHT, now - 0.001) is state
        state, turns = not state, turns + 1
    assert turns == 2 * 730 + 1  # the last one is after the two years


def test_one_that_comes_once() -> None:
    schedule = Schedule("sale", (Once(100.0, 200.0), Once(150.0, 300.0), Once(400.0, 500.0)), HERE)
    assert [is_running(schedule, now) for now in (99.9, 100.0, 199.9, 250.0, 300.0, 450.0, 500.0)] == [
        False,
        True,
        True,
        True,
        False,
        True,
        False,
    ]
    assert [next_turn(schedule, now) for now in (0.0, 100.0, 250.0, 350.0, 450.0, 500.0)] == [
        100.0,
        300.0,
        300.0,
        400.0,
        500.0,
        NEVER,
    ]


def test_windows_that_follow_each_other_without_a_gap_never_turn() -> None:
    always = every("0 * * * *", 2)
    assert is_running(always, at("2026-11-25T10:30"))
    assert next_turn(always, at("2026-11-25T10:30")) == NEVER


def test_a_pool_is_shut_outside_its_schedules_and_in_maintenance() -> None:
    day = Schedule("day", (Once(100.0, 200.0),), HERE)
    repair = Schedule("repair", (Once(150.0, 160.0),), HERE)
    it = pool("eu", when=[day], maintenance=[repair])
    assert [shut(it, None, now) for now in (None, 99.0, 120.0, 155.0, 200.0)] == [
        "outside its schedule (day)",  # outside of time nothing runs
        "outside its schedule (day)",
        "",
        "maintenance (repair)",
        "outside its schedule (day)",
    ]


def test_a_member_is_shut_in_its_own_maintenance() -> None:
    repair = Schedule("repair", (Once(150.0, 160.0),), HERE)
    one = member("a", "192.0.2.1", maintenance=[repair])
    it = pool("eu", one)
    assert [shut(it, one, now) for now in (None, 149.0, 150.0, 160.0)] == ["", "", "maintenance (repair)", ""]
    assert shut(it, None, 150.0) == ""
