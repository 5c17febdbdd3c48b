"""The state of a pool, and one more look at it → its state from now on. Time is an argument.

Rules:
- Between two looks the shares are what they are, and clients take them up.
- There is at most one step every `every` seconds. Where nobody reports any more the shares are held.
- The members come first: only what they cannot bear together is for the pool to leave to others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from geodns.load import easing, evening, keeping, members
from geodns.load.keeping import Keep
from geodns.load.members import Part
from geodns.load.reading import Reading, heard_at
from geodns.model.pool import Limit

_USUAL = Limit()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Of one pool. `at`: the time of the last look, and of the last step, in seconds since the epoch."""

    keep: Keep = field(default_factory=Keep)
    parts: Mapping[str, Part] = field(default_factory=dict)
    at: float


def begun(now: float) -> State:
    return State(at=now)


def next_step(state: State, reading: Reading) -> float:
    return state.at + (reading.limit or _USUAL).every


def advanced(state: State, reading: Reading, now: float) -> State:
    """One look, and a step of all that may move. Where the clock was put back, it is only looked at."""
    if now < state.at:
        return replace(state, at=now)
    return State(keep=_pool(state, reading, now), parts=_members(state, reading, now), at=now)


def _members(state: State, reading: Reading, now: float) -> Mapping[str, Part]:
    seats, ttl, evens = reading.seats, reading.ttl, reading.evens
    parts = members.told(state.parts, seats, state.at, now, ttl, evens=evens)
    parts = members.passed(parts, seats, now - state.at, ttl, evens=evens)
    if evens:
        parts = evening.evened(parts, seats, now, (reading.limit or _USUAL).slew)
    else:
        parts = {name: replace(part, evened=1.0) for name, part in parts.items()}
    return easing.eased(parts, seats, now, evens=evens)


def _pool(state: State, reading: Reading, now: float) -> Keep:
    """Without a target it goes back to all its clients, step by step. What clients felt when a report came is what it
    tells of, so the time until then passes first."""
    limit, band, load = reading.limit or _USUAL, reading.band(), reading.load(now)
    at = min(now, max(state.at, heard_at(reading)))
    keep = keeping.passed(state.keep, reading.relief, at - state.at, reading.ttl)
    if band is not None and load is not None:
        keep = keeping.told(keep, load, heard_at(reading), band, reading.relief, reading.ttl)
    keep = keeping.passed(keep, reading.relief, now - at, reading.ttl)
    if reading.seats and not reading.answering():
        return keep  # it has failed, and that tells nothing of its load
    if band is None:
        return replace(keep, kept=min(1.0, keep.kept + limit.slew))
    return keep if load is None else keeping.moved(keep, load, band, limit.slew, reading.relief)
