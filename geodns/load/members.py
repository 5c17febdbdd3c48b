"""Members' loads → what of its weight each one has. Shares are of the pool's clients, so what one loses others gain.

A member's demand is the load that it would have with all of the pool's clients: demand × share is what is coming.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geodns.load.lag import demand_after, felt_after
from geodns.load.reading import Report, Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`eased` and `evened` are factors to the weight; `felt`: the share of the pool that clients have taken up; None:
    it has not been in the answers yet. `demand` is as the report of `heard` had it, in seconds since the epoch."""

    eased: float = 1.0
    evened: float = 1.0
    felt: float | None = None
    demand: float | None = None
    heard: float | None = None


Parts = Mapping[str, Part]


def shares_of(parts: Parts, seats: Sequence[Seat], *, evens: bool) -> dict[str, float]:
    """By name, of all seats; 0 for those that are not in the answers."""
    weights = {seat.name: seat.weight * factor_of(parts.get(seat.name, Part()), evens=evens) for seat in seats}
    whole = sum(weights.values())
    return {name: weight / whole if whole else 0.0 for name, weight in weights.items()}


def factor_of(part: Part, *, evens: bool) -> float:
    return part.eased * part.evened if evens else part.eased


def passed(parts: Parts, seats: Sequence[Seat], seconds: float, ttl: float, *, evens: bool) -> dict[str, Part]:
    """After so many seconds in which the shares were what they are. Members that are new are in it, and no others."""
    shares = shares_of(parts, seats, evens=evens)
    return {name: _felt(parts.get(name, Part()), share, seconds, ttl) for name, share in shares.items()}


def _felt(part: Part, share: float, seconds: float, ttl: float) -> Part:
    return replace(part, felt=share if part.felt is None else felt_after(part.felt, share, seconds, ttl))


def told(parts: Parts, seats: Sequence[Seat], since: float, now: float, ttl: float, *, evens: bool) -> dict[str, Part]:
    """With what is reported since the last look, each at its own time; silent members keep what was known of them."""
    shares = shares_of(parts, seats, evens=evens)
    return {
        seat.name: _told(parts.get(seat.name, Part()), seat.report, shares[seat.name], since, ttl)
        if seat.load(now) is not None
        else parts.get(seat.name, Part())
        for seat in seats
    }


def _told(part: Part, report: Report | None, share: float, since: float, ttl: float) -> Part:
    if report is None or share == 0 or (part.heard is not None and report.at <= part.heard):
        return part
    felt = share if part.felt is None else felt_after(part.felt, share, report.at - since, ttl)
    demand = demand_after(part.demand, report.load, felt, share, report.at - (part.heard or 0.0), ttl)
    return replace(part, demand=demand, heard=report.at)
