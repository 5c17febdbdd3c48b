"""Clients that follow what they are told late: a first-order lag, as tests of the loops need it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp

from geodns.load.fold import State, advanced, begun
from geodns.load.reading import Reading, Report, Seat
from geodns.model.pool import Limit

TTL = 60.0
EVERY = 10
BAND = Limit(target=8000.0, most=10_000.0)


@dataclass(frozen=True, slots=True)
class Moment:
    load: float
    kept: float


def kept_by(
    demand: Callable[[int], float], seconds: int, *, lag: float = 1.0, relief: float = 1.0, limit: Limit = BAND
) -> list[Moment]:
    """A pool for which loads are sent; one moment for each report, every ten seconds."""
    state, there, moments = begun(0.0), 1.0, []
    for second in range(0, seconds, EVERY):
        load = demand(second) * (1 - relief * (1 - there))
        moments.append(Moment(load, state.keep.kept))
        reading = Reading(
            seats=(), report=Report(load, second, second + 60), limit=limit, ttl=TTL, relief=min(1.0, relief)
        )
        state = advanced(state, reading, second)
        there = follow(there, state.keep.kept, lag)
    return moments


def follow(felt: float, given: float, lag: float) -> float:
    return given + (felt - given) * exp(-EVERY / (lag * TTL))


def shared_by(
    seats: Sequence[Seat], costs: Sequence[float], seconds: int, *, lag: float = 1.0, evens: bool = False
) -> tuple[State, list[float]]:
    """Members of a pool with a steady stream of clients; `costs`: the load of each, had it all of them. The state at
    the end, and the loads."""
    state, felt = begun(0.0), [seat.weight / sum(each.weight for each in seats) for seat in seats]
    for second in range(0, seconds, EVERY):
        told = [
            Seat(seat.name, seat.weight, Report(cost * share, second, second + 60), seat.limit)
            for seat, cost, share in zip(seats, costs, felt, strict=True)
        ]
        state = advanced(state, Reading(seats=told, ttl=TTL, evens=evens), second)
        parts = [state.parts[seat.name] for seat in seats]
        weights = [
            seat.weight * part.eased * (part.evened if evens else 1) for seat, part in zip(seats, parts, strict=True)
        ]
        felt = [follow(was, weight / sum(weights), lag) for was, weight in zip(felt, weights, strict=True)]
    return state, [cost * share for cost, share in zip(costs, felt, strict=True)]
