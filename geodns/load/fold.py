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
from geodns.load.reading import Reading
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
    seconds = now - state.at
    parts = _members(state, reading, now, seconds)
    keep = keeping.passed(state.keep, reading.relief, seconds, reading.ttl)
    return State(keep=_pool(keep, reading, now, seconds), parts=parts, at=now)


def _members(state: State, reading: Reading, now: float, seconds: float) -> Mapping[str, Part]:
    slew = (reading.limit or _USUAL).slew
    parts = members.passed(state.parts, reading.seats, seconds, reading.ttl, evens=reading.evens)
    parts = members.estimated(parts, reading.seats, now, seconds, reading.ttl, evens=reading.evens)
    if reading.evens:
        parts = evening.evened(parts, reading.seats, now, slew)
    else:
        parts = {name: replace(part, evened=1.0) for name, part in parts.items()}
    return easing.eased(parts, reading.seats, now, evens=reading.evens)


def _pool(keep: Keep, reading: Reading, now: float, seconds: float) -> Keep:
    """Without a target it goes back to all its clients, step by step."""
    limit, band, load = reading.limit or _USUAL, reading.band(), reading.load(now)
    if band is None:
        return replace(keep, kept=min(1.0, keep.kept + limit.slew))
    if load is None:
        return keep
    return keeping.moved(keep, load, band, limit.slew, reading.relief, seconds, reading.ttl)
