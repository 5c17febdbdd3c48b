"""Who is asked when, with a clock that is a number."""

from dataclasses import dataclass
from itertools import pairwise

import pytest

from geodns.model.check import Heard, Target
from geodns.model.place import Address
from geodns.probe.schedule import Schedule, first_delay, next_beat
from tests.probe.asking import target


@dataclass(frozen=True, slots=True)
class Never:
    """A probe that is never asked."""

    async def ask(self, address: Address) -> Heard:
        raise AssertionError("a schedule asks nobody")


def many(count: int, interval: float = 10.0) -> list[Target]:
    return [target(Never(), f"192.0.2.{number}", interval=interval) for number in range(1, count + 1)]


def beats(schedule: Schedule, until: float) -> list[tuple[float, Target]]:
    """Everybody who is taken up to then, by somebody who is always on time."""
    taken = []
    while (at := schedule.next_at()) is not None and at <= until:
        due = schedule.take(at)
        assert due is not None
        taken.append((at, due))
    return taken


def watching(targets: list[Target], now: float = 1000.0) -> Schedule:
    schedule = Schedule()
    schedule.retarget(targets, now)
    return schedule


def test_everybody_is_asked_once_in_an_interval() -> None:
    targets = many(50)
    schedule = watching(targets)
    for until in (1010.0, 1020.0, 1030.0):
        assert sorted(str(due) for _, due in beats(schedule, until)) == sorted(map(str, targets))


def test_starts_are_spread_over_the_interval() -> None:
    starts = [at for at, _ in beats(watching(many(200)), 1010.0)]
    per_second = [sum(second <= at < second + 1 for at in starts) for second in range(1000, 1010)]
    assert max(per_second) <= 40  # 20 if it were perfect


def test_a_restart_spreads_them_in_the_same_way() -> None:
    assert beats(watching(many(20)), 1100.0) == beats(watching(many(20)), 1100.0)


@pytest.mark.parametrize(("interval", "latest"), [(0.5, 0.5), (10.0, 10.0), (600.0, 10.0)])
def test_nobody_waits_longer_than_ten_seconds_for_the_first_probe(interval: float, latest: float) -> None:
    delays = [first_delay(each) for each in many(200, interval)]
    assert 0.0 <= min(delays) < max(delays) < latest


def test_starts_are_one_interval_apart() -> None:
    starts = [at for at, _ in beats(watching(many(1)), 1100.0)]
    assert [round(later - earlier, 6) for earlier, later in pairwise(starts)] == [10.0] * 9


def test_nobody_is_taken_before_the_time() -> None:
    schedule = watching(many(1))
    at = schedule.next_at()
    assert at is not None
    assert schedule.take(at - 0.001) is None
    assert schedule.take(at) == many(1)[0]


@pytest.mark.parametrize(
    ("sentence", "now", "beat"),
    [
        ("on time", 100.0, 110.0),
        ("a little late: the rhythm stays", 103.0, 110.0),
        ("one beat missed", 114.0, 120.0),
        ("exactly on the next beat", 110.0, 120.0),
        ("slept for an hour: nothing is made up for", 3705.0, 3710.0),
        ("called early", 99.0, 110.0),
    ],
)
def test_missed_beats_are_left_out(sentence: str, now: float, beat: float) -> None:
    assert next_beat(100.0, 10.0, now) == beat, sentence


def test_after_a_sleep_everybody_is_asked_once() -> None:
    schedule = watching(many(5))
    taken = [schedule.take(5000.0) for _ in range(6)]
    assert taken[5] is None
    assert len(set(taken[:5])) == 5


def test_a_reload_moves_nobody_who_stays() -> None:
    undisturbed, reloaded = watching(many(3)), watching(many(5))
    reloaded.retarget(many(3), 1003.0)
    reloaded.retarget(many(3), 1007.0)
    assert sorted(beats(reloaded, 1050.0), key=str) == sorted(beats(undisturbed, 1050.0), key=str)


def test_who_left_is_not_asked_any_more() -> None:
    schedule = watching(many(3))
    schedule.retarget(many(1), 1001.0)
    assert {due for _, due in beats(schedule, 1100.0)} == set(many(1))
    assert (many(3)[0] in schedule, many(3)[2] in schedule) == (True, False)


def test_with_nobody_to_ask_there_is_no_next_time() -> None:
    schedule = watching([])
    assert (schedule.next_at(), schedule.take(9999.0)) == (None, None)
