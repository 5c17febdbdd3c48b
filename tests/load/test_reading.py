"""What is known of a pool at one moment."""

import pytest

from geodns.load.band import Band
from geodns.load.reading import Reading, Report, Seat, heard_at
from geodns.model.pool import Limit

NOW = 1000.0


def report(load: float, until: float = 2000.0) -> Report:
    return Report(load, 990.0, until)


@pytest.mark.parametrize(
    ("sentence", "reading", "load"),
    [
        ("nobody says anything", Reading(seats=[Seat("a", 1)], ttl=60), None),
        ("the members' together", Reading(seats=[Seat("a", 1, report(3)), Seat("b", 1, report(4))], ttl=60), 7),
        ("what is sent for the pool goes first", Reading(seats=[Seat("a", 1, report(3))], report=report(9), ttl=60), 9),
        ("while it counts", Reading(seats=[Seat("a", 1, report(3))], report=report(9, 1000.0), ttl=60), 3),
        ("a silent one is taken to have as much", Reading(seats=[Seat("a", 2, report(4)), Seat("b", 1)], ttl=60), 6),
        ("too many are silent", Reading(seats=[Seat("a", 1, report(4)), Seat("b", 2)], ttl=60), None),
        ("who is out has no say", Reading(seats=[Seat("a", 1, report(4)), Seat("b", 0, report(9))], ttl=60), 4),
        ("nothing at all is known too", Reading(seats=[Seat("a", 1, report(0))], ttl=60), 0),
    ],
)
def test_the_load_of_a_pool(sentence: str, reading: Reading, load: float | None) -> None:
    assert reading.load(NOW) == load, sentence


A, B = Limit(target=100.0), Limit(target=200.0, most=220.0)


@pytest.mark.parametrize(
    ("sentence", "reading", "band"),
    [
        ("no target", Reading(seats=[Seat("a", 1)], ttl=60), None),
        ("the pool's own", Reading(seats=[Seat("a", 1, limit=A)], limit=B, ttl=60), Band(200, 220)),
        (
            "the members' together",
            Reading(seats=[Seat("a", 1, limit=A), Seat("b", 1, limit=B)], ttl=60),
            Band(300, 345),
        ),
        (
            "who is out bears nothing",
            Reading(seats=[Seat("a", 1, limit=A), Seat("b", 0, limit=B)], ttl=60),
            Band(100, 125),
        ),
        ("one of them is free", Reading(seats=[Seat("a", 1, limit=A), Seat("b", 1)], ttl=60), None),
        (
            "a rhythm alone is no target",
            Reading(seats=[Seat("a", 1, limit=A)], limit=Limit(every=30.0), ttl=60),
            Band(100, 125),
        ),
    ],
)
def test_the_band_of_a_pool(sentence: str, reading: Reading, band: Band | None) -> None:
    assert reading.band() == band, sentence


def test_when_the_last_report_came() -> None:
    assert heard_at(Reading(seats=[Seat("a", 1)], ttl=60)) == float("-inf")
    assert heard_at(Reading(seats=[Seat("a", 1, report(1))], report=Report(1, 995.0, 0), ttl=60)) == 995.0
