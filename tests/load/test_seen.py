"""What operators are told of the load of a pool or a member."""

import pytest

from geodns.load.fold import State
from geodns.load.keeping import Keep
from geodns.load.members import Part
from geodns.load.reading import Reading, Report, Seat
from geodns.load.seen import Seen, seen_member, seen_pool
from geodns.model.pool import Limit

NOW = 1000.0
LIMIT = Limit(target=80.0, most=100.0)
FRESH, OLD = Report(85.0, 990.0, 1050.0), Report(85.0, 905.0, 950.0)
STATE = State(keep=Keep(kept=0.7), parts={"a": Part(eased=0.5, evened=1.2)}, at=NOW)


@pytest.mark.parametrize(
    ("sentence", "reading", "seen"),
    [
        ("a report", Reading(seats=[], report=FRESH, limit=LIMIT, ttl=60), Seen(load=85.0, target=80.0, share=0.7)),
        (
            "never any",
            Reading(seats=[Seat("a", 1)], limit=LIMIT, ttl=60),
            Seen(load=None, target=80.0, share=0.7, note="no report yet"),
        ),
        (
            "none any more",
            Reading(seats=[Seat("a", 1, OLD)], limit=LIMIT, ttl=60),
            Seen(load=None, target=80.0, share=0.7, note="no report for 95 s: held"),
        ),
        (
            "too few",
            Reading(seats=[Seat("a", 1, FRESH), Seat("b", 2)], limit=LIMIT, ttl=60),
            Seen(load=None, target=80.0, share=0.7, note="too few of its members report: held"),
        ),
        (
            "nobody takes it",
            Reading(seats=[], report=Report(99.0, 990.0, 1050.0), limit=LIMIT, ttl=60, relief=0.0),
            Seen(load=99.0, target=80.0, share=0.7, note="too much, and nobody else is there to take it"),
        ),
        ("no target, and no report", Reading(seats=[Seat("a", 1)], ttl=60), Seen(load=None, target=None, share=0.7)),
        (
            "least_load waits for reports",
            Reading(seats=[Seat("a", 1)], ttl=60, evens=True),
            Seen(load=None, target=None, share=0.7, note="no report yet"),
        ),
    ],
)
def test_of_a_pool(sentence: str, reading: Reading, seen: Seen) -> None:
    assert seen_pool(STATE, reading, NOW) == seen, sentence


@pytest.mark.parametrize(
    ("sentence", "seat", "evens", "seen"),
    [
        ("a report", Seat("a", 1, FRESH, LIMIT), False, Seen(load=85.0, target=80.0, share=0.5)),
        ("evened too", Seat("a", 1, FRESH), True, Seen(load=85.0, target=None, share=0.6)),
        ("never any", Seat("a", 1, None, LIMIT), False, Seen(load=None, target=80.0, share=0.5, note="no report yet")),
        (
            "none any more",
            Seat("a", 1, OLD, LIMIT),
            False,
            Seen(load=None, target=80.0, share=0.5, note="no report for 95 s: held"),
        ),
        ("out of the answers", Seat("a", 0, OLD, LIMIT), False, Seen(load=None, target=80.0, share=0.5)),
        ("nobody asks for it", Seat("b", 1), False, Seen(load=None, target=None, share=1.0)),
    ],
)
def test_of_a_member(sentence: str, seat: Seat, evens: bool, seen: Seen) -> None:
    assert seen_member(STATE, Reading(seats=[seat], ttl=60, evens=evens), seat, NOW) == seen, sentence
