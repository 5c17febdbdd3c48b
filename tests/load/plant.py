"""Clients that follow what they are told late: a first-order lag, as tests of the loops need it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from math import exp

from geodns.load.fold import State, advanced, begun
from geodns.load.members import factor_of
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
    seats: Sequence[Seat],
    costs: Sequence[float],
    seconds: int,
    *,
    lag: float = 1.0,
    evens: bool = False,
    noise: Sequence[float] = (1.0,),
) -> tuple[list[State], list[float]]:
    """Members of a pool with a steady stream of clients; `costs`: the load of each, had it all of them. The state after
    each report, and the loads at the end. `noise`: factors to what is reported, in turn."""
    states, felt = [begun(0.0)], [seat.weight / sum(each.weight for each in seats) for seat in seats]
    wobble = cycle(noise)
    for second in range(0, seconds, EVERY):
        told = [
            Seat(seat.name, seat.weight, Report(cost * share * next(wobble), second, second + 60), seat.limit)
            for seat, cost, share in zip(seats, costs, felt, strict=True)
        ]
        states.append(advanced(states[-1], Reading(seats=told, ttl=TTL, evens=evens), second))
        weights = [seat.weight * factor_of(states[-1].parts[seat.name], evens=evens) for seat in seats]
        felt = [follow(was, weight / sum(weights), lag) for was, weight in zip(felt, weights, strict=True)]
    return states, [cost * share for cost, share in zip(costs, felt, strict=True)]
