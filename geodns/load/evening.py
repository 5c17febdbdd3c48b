"""Members of a pool with `least_load` → the factors that give each the same load for its weight.

Rules:
- Wanted is the mean load per weight of those that report; who reports nothing keeps the factor that it has.
- A member within a twentieth of that stays. The others move a step; one that is off by half or more, a large one.
- The weighted mean of the factors is 1, so that a pool within a pool of pools keeps its share.
"""

from collections.abc import Sequence
from dataclasses import replace

from geodns.load.band import HASTE, LEAST, NEAR, stepped
from geodns.load.members import Part, Parts, shares_of
from geodns.load.reading import Seat

_FAR = 0.5  # of the mean
MOST = 10.0  # times its weight


def evened(parts: Parts, seats: Sequence[Seat], now: float, slew: float) -> dict[str, Part]:
    """One step of all of them."""
    shares = shares_of(parts, seats, evens=True)
    coming = {
        seat: demand * shares[seat.name]
        for seat in seats
        if seat.weight > 0 and seat.load(now) is not None and (demand := parts[seat.name].demand) is not None
    }
    mean = sum(coming.values()) / sum(seat.weight for seat in coming) if coming else 0.0
    if len(coming) < 2 or mean == 0:
        return dict(parts)
    moved = {seat.name: _moved(parts[seat.name], load / (mean * seat.weight), slew) for seat, load in coming.items()}
    return _in_proportion({**parts, **moved}, seats)


def _moved(part: Part, ratio: float, slew: float) -> Part:
    """`ratio`: of the load that is coming to the mean."""
    if abs(ratio - 1) <= NEAR:
        return part
    wanted = min(MOST, part.evened / max(ratio, LEAST))
    step = slew * (HASTE if abs(ratio - 1) >= _FAR else 1)
    return replace(part, evened=stepped(part.evened, wanted, step))


def _in_proportion(parts: Parts, seats: Sequence[Seat]) -> dict[str, Part]:
    answering = [seat for seat in seats if seat.weight > 0]
    whole = sum(seat.weight for seat in answering)
    mean = sum(seat.weight * parts[seat.name].evened for seat in answering) / whole
    return {name: replace(part, evened=max(LEAST, part.evened / mean)) for name, part in parts.items()}
