"""Members with a target → the factors that keep them below it: what one cannot bear goes to its siblings first.

Rules:
- Wanted are the shares by weight, save that nobody has more than what brings it to its aim. Where all have that much
  and some is left, they bear it in the ratio of their aims; then it is for the pool to leave clients to others.
- Who lies in its band stays, and so does who is within a twentieth of what is wanted; the others move a step. The
  largest factor is 1, or all would wind down together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from geodns.load.band import HASTE, NEAR, Band, band_of, stepped
from geodns.load.members import Part, Parts, shares_of
from geodns.load.reading import Seat
from geodns.model.pool import SLEW


def eased(parts: Parts, seats: Sequence[Seat], now: float, *, evens: bool) -> dict[str, Part]:
    """One step of all of them."""
    limited = {seat.name for seat in seats if band_of(seat.limit)}
    if not limited and all(part.eased == 1 for part in parts.values()):
        return dict(parts)
    shares = shares_of(parts, seats, evens=evens)
    wanted = _factors(parts, seats, evens=evens)
    found = dict(parts)
    for seat in seats:
        if seat.weight > 0:
            part = parts[seat.name]
            slew = 0.0 if _is_near(part, wanted[seat.name]) else _step(part, seat, shares[seat.name], now)
            found[seat.name] = replace(part, eased=stepped(part.eased, wanted[seat.name], slew))
    largest = max((found[seat.name].eased for seat in seats if seat.weight > 0), default=1.0)
    return {name: replace(part, eased=min(1.0, part.eased / largest)) for name, part in found.items()}


def _is_near(part: Part, wanted: float) -> bool:
    """All of its weight is given back to the last bit."""
    return wanted < 1 and abs(wanted - part.eased) <= NEAR * part.eased


def _step(part: Part, seat: Seat, share: float, now: float) -> float:
    """How far it may move; 0: it stays, as one does that is silent. One that has no target any more moves back."""
    band, load = band_of(seat.limit), seat.load(now)
    if seat.limit is None or band is None:
        return SLEW
    if load is None or part.demand is None:
        return 0.0
    if load > band.most:
        return seat.limit.slew * HASTE
    coming = part.demand * share
    return 0.0 if band.target <= coming <= band.upper else seat.limit.slew


def _factors(parts: Parts, seats: Sequence[Seat], *, evens: bool) -> dict[str, float]:
    """By name: the factors that give the wanted shares, the largest of them 1."""
    there = [seat for seat in seats if seat.weight > 0]
    weights = {seat.name: seat.weight * (parts[seat.name].evened if evens else 1.0) for seat in there}
    most = {seat.name: _most(parts[seat.name], band_of(seat.limit)) for seat in there}
    wanted = filled(weights, most)
    rates = {name: wanted[name] / weights[name] for name in weights}
    largest = max(rates.values(), default=1.0)
    return {name: rate / largest for name, rate in rates.items()}


def _most(part: Part, band: Band | None) -> float:
    return inf if band is None or not part.demand else band.aim / part.demand


def filled(weights: Mapping[str, float], most: Mapping[str, float]) -> dict[str, float]:
    """Shares by weight that come to 1, with nobody above its most; all in that ratio where they do not come to 1."""
    whole = sum(most.values())
    if whole <= 1:
        return {name: each / whole for name, each in most.items()}
    full: dict[str, float] = {}
    while True:
        open_to = {name: weight for name, weight in weights.items() if name not in full}
        rate = (1 - sum(full.values())) / sum(open_to.values()) if open_to else 0.0
        over = {name: most[name] for name, weight in open_to.items() if weight * rate > most[name]}
        if not over:
            return full | {name: weight * rate for name, weight in open_to.items()}
        full |= over
