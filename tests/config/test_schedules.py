"""`schedules:`, ramps, and the keys of pools and members that go by time."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from geodns.model.pool import PoolName, Ramp
from geodns.model.schedule import Once, Recurring, Schedule
from geodns.model.zone import Zone
from tests.config.example import changed, problems, read
from tests.values import HERE

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def with_schedules(*lines: str, eu: str = "when: it") -> str:
    text = "".join(f"  {line}\n" for line in lines)
    return changed("pools:\n  eu:\n", f"schedules:\n{text}pools:\n  eu:\n    {eu}\n")


def schedule_of(zone: Zone) -> Schedule:
    [schedule] = zone.pools[PoolName("eu")].when
    return schedule


@pytest.mark.parametrize(
    ("line", "windows"),
    [
        (
            'it: {cron: "0 22 * * *", for: 8h}',
            (Recurring(cron="0 22 * * *", length=28800.0, timezone=ZoneInfo("UTC")),),
        ),
        (
            'it: {cron: "0 0 1 JAN *", for: 90, timezone: Europe/Berlin}',
            (Recurring(cron="0 0 1 JAN *", length=90.0, timezone=BERLIN),),
        ),
        ("it: {from: 2026-12-24, until: 2026-12-26}", (Once(utc("2026-12-24"), utc("2026-12-26")),)),
        (
            "it: {from: 2026-12-24T18:00, for: 2h, timezone: Europe/Berlin}",
            (Once(utc("2026-12-24T17:00"), utc("2026-12-24T19:00")),),
        ),
        (
            "it: {from: 2026-07-01T18:00+05:30, until: 2026-07-01T18:00, timezone: Europe/Berlin}",
            (Once(utc("2026-07-01T12:30"), utc("2026-07-01T16:00")),),
        ),
        (
            "it: [{from: 2026-01-01, for: 1d}, {from: 2027-01-01, for: 1d}]",
            (Once(utc("2026-01-01"), utc("2026-01-02")), Once(utc("2027-01-01"), utc("2027-01-02"))),
        ),
    ],
)
def test_a_schedule_is_a_window_or_several(line: str, windows: tuple[Once | Recurring, ...], tmp_path: Path) -> None:
    assert schedule_of(read(with_schedules(line), tmp_path)) == Schedule("it", windows, HERE)


def test_pools_and_members_go_by_them(tmp_path: Path) -> None:
    text = with_schedules(
        "it: {from: 2026-01-01, for: 1d}",
        "other: {from: 2026-01-01, for: 1d}",
        eu="{when: it, maintenance: [it, other], slow_start: 1m, hold_down: 5m, MORE}",
    )
    text = text.replace("{when: it", "when: it").replace(", maintenance: [", "\n    maintenance: [")
    text = text.replace(", slow", "\n    slow").replace(", hold", "\n    hold").replace(", MORE}", "")
    text = text.replace('"2001:db8:1::10", weight: 3}', '"2001:db8:1::10", weight: 3, maintenance: other}')
    eu = read(text, tmp_path).pools[PoolName("eu")]
    assert [each.name for each in (*eu.when, *eu.maintenance, *eu.members[0].maintenance)] == [
        "it",
        "it",
        "other",
        "other",
    ]
    assert (eu.slow_start, eu.hold_down) == (60.0, 300.0)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "it: {cron: '0 22 * *', for: 8h}",
            "10:14: '0 22 * *' is no cron expression; write minute hour day month weekday, such as '0 22 * * 1-5'",
        ),
        ("it: {cron: '0 25 * * *', for: 8h}", "10:14: '0 25 * * *' is no cron expression: bad hour"),
        ("it: {cron: '0 0 30 2 *', for: 8h}", "10:14: '0 0 30 2 *' is no cron expression: bad day-of-month"),
        ("it: {cron: '0 0 * * *'}", "10:7: a schedule needs 'cron' and 'for', or 'from' with 'until' or 'for'"),
        (
            "it: {cron: '0 0 * * *', from: 2026-01-01, for: 1h}",
            "10:7: a schedule needs 'cron' and 'for', or 'from' with 'until' or 'for'",
        ),
        (
            "it: {from: 2026-01-01, for: 1h, until: 2026-01-02}",
            "10:7: a schedule needs 'cron' and 'for', or 'from' with 'until' or 'for'",
        ),
        ("it: {from: 2026-01-02, until: 2026-01-02}", "10:33: 'until' is not later than 'from'"),
        ("it: {from: 24.12.2026, for: 1h}", "10:14: '24.12.2026' is no time; write 2026-12-24T18:00"),
        ("it: {from: 9999-12-31, for: 1h}", "10:14: '9999-12-31' is no time; write 2026-12-24T18:00"),
        ("it: {from: 2026-01-02, for: 0}", "10:31: 'for' is 0; it has to be more than 0"),
        (
            "it: {from: 2026-01-02, for: 1h, timezone: Europe/Berlni}",
            "10:45: there is no time zone 'Europe/Berlni'; did you mean 'Europe/Berlin'?",
        ),
        ("it: {form: 2026-01-02, for: 1h}", "10:8: unknown key 'form'; did you mean 'for'?"),
        ("it: [{from: 2026-01-01, for: 1h}, {from: x, for: 1h}]", "10:44: 'x' is no time; write 2026-12-24T18:00"),
        ("it: 7", "10:7: 'it' wants a mapping of keys to values; found 7"),
    ],
)
def test_what_is_no_schedule_is_told(line: str, said: str, tmp_path: Path) -> None:
    assert said in problems(with_schedules(line), tmp_path)


def test_a_schedule_that_is_not_there_is_told(tmp_path: Path) -> None:
    text = with_schedules("it: {from: 2026-01-01, for: 1h}", eu="maintenance: [it, ti]")
    assert problems(text, tmp_path) == ["13:23: there is no schedule 'ti'; known: it"]


def test_what_does_nothing_is_a_warning(tmp_path: Path) -> None:
    text = with_schedules("it: {from: 2026-01-01, for: 1h}", eu="min_healthy: 1")
    text = text.replace("    min_healthy: 50%\n", "").replace("sorry: {members", "sorry: {hold_down: 1m, members")
    assert sorted(problems(text, tmp_path)) == [
        "10:3: warning: no pool or member uses the schedule 'it'",
        "25:3: warning: pool 'sorry' has no check, so it never fails and hold_down does nothing",
    ]


# ── ramps ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_ramp(weights: str) -> str:
    return changed("{nearest: [eu, us]}", f"{{weighted: {weights}}}")


def test_a_ramp_stands_in_the_place_of_a_weight(tmp_path: Path) -> None:
    zone = read(with_ramp("{eu: 2, us: {from: 5%, to: 50%, start: 2026-12-01T08:00, over: 6h}}"), tmp_path)
    made = zone.pools[PoolName("eu 2 + us 5%→50% from 2026-12-01T08:00")]
    assert [(part.pool.name, part.weight, part.ramp) for part in made.parts] == [
        ("eu", 2, None),
        ("us", 0, Ramp(low=0.05, high=0.5, start=utc("2026-12-01T08:00"), over=21600.0)),
    ]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("{eu: 1, us: {to: 5, start: 2026-12-01, over: 1h}}", "32:45: '5' is no share of the answers; write 5%"),
        ("{eu: 1, us: {to: 500%, start: 2026-12-01, over: 1h}}", "32:45: '500%' is no share of the answers; write 5%"),
        ("{eu: 1, us: {start: 2026-12-01}}", "32:36: the key 'over' is missing"),
        ("{eu: 1, us: {start: 2026-12-01, over: 1ms}}", "32:66: 'over' is 0.001; it has to be 1 or more"),
        (
            "{eu: 1, us: {from: 5%, to: 5%, start: 2026-12-01, over: 1h}}",
            "32:36: this ramp does not move: it stays at 5%",
        ),
        (
            "{eu: 0, us: {start: 2026-12-01, over: 1h}}",
            "32:18: a ramp moves a share from other pools to one, and here is no other; add one with a weight",
        ),
        (
            "{eu: 1, us: {start: 2026-12-01, over: 1h}, sorry: {to: 1%, start: 2026-12-01, over: 1h}}",
            "32:18: together the ramps come to more than 100%",
        ),
        ("{eu: 1, us: half}", "32:40: 'us' wants a whole number, such as 3; found 'half'"),
    ],
)
def test_what_is_no_ramp_is_told(weights: str, said: str, tmp_path: Path) -> None:
    assert said in problems(with_ramp(weights), tmp_path)


def test_a_zone_s_own_tests_can_say_when(tmp_path: Path) -> None:
    text = changed("expect: us}\n", 'expect: us, at: "2026-12-24T18:00+01:00"}\n')
    assert [each.at for each in read(text, tmp_path).tests] == [utc("2026-12-24T17:00"), None]
    assert problems(changed("expect: us}\n", "expect: us, at: noon}\n"), tmp_path) == [
        "53:52: 'noon' is no time; write 2026-12-24T18:00"
    ]
