"""Where the steps of the fold lead in the end, for loads that are supposed: its clients follow at once, so what is
played is the fold itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geodns.load.fold import State, advanced, begun
from geodns.load.keeping import in_effect
from geodns.load.members import shares_of
from geodns.load.reading import Reading, Report

_STEPS = 2000  # at most; from a full share to the least it takes 50 by default
_APART = 1000.0  # seconds, so that all is felt


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """Loads that there would be, did all keep all of their clients and weights: of the pool, and of members by name."""

    pool: float | None = None
    members: Mapping[str, float]


def settled(reading: Reading, supposed: Supposed) -> State:
    state = begun(0.0)
    plain = shares_of({}, reading.seats, evens=False)
    for step in range(1, _STEPS):
        now = step * _APART
        after = advanced(state, _reported(reading, supposed, state, plain, now), now)
        if step > 1 and _is_same(state, after):
            return after
        state = after
    return state


def _reported(reading: Reading, supposed: Supposed, state: State, plain: Mapping[str, float], now: float) -> Reading:
    """What would be reported with the shares as they are."""
    effect = in_effect(state.keep.kept, reading.relief)
    shares = shares_of(state.parts, reading.seats, evens=reading.evens)
    loads = {
        name: load * effect * shares[name] / plain[name] for name, load in supposed.members.items() if plain.get(name)
    }
    return replace(
        reading,
        seats=[replace(seat, report=_report(loads.get(seat.name), now)) for seat in reading.seats],
        report=_report(None if supposed.pool is None else supposed.pool * effect, now),
    )


def _report(load: float | None, now: float) -> Report | None:
    return None if load is None else Report(load, now, now + 1)


def _is_same(before: State, after: State) -> bool:
    return before.keep.kept == after.keep.kept and all(
        abs(part.eased - before.parts[name].eased) < 1e-6 and abs(part.evened - before.parts[name].evened) < 1e-6
        for name, part in after.parts.items()
    )
