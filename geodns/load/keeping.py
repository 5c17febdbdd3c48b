"""A pool's load → the part of its clients that it keeps. The others go on to the next pools of their routes.

Rules:
- The share moves only where the load that is coming, demand × share, lies outside the lower half of the band; one
  above it aims back into it, and one below it gives clients back.
- A step is no larger than the slew; above `most` five times that.
- Where nobody would take what it leaves, the share stays: else it would be wound down for nothing, and all would leave
  at once when somebody comes back.
"""

from dataclasses import dataclass, replace

from geodns.load.band import HASTE, LEAST, Band, stepped
from geodns.load.lag import demand_after, felt_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """`kept`: what answers say now. `felt`: what clients have taken up of that. `demand`: the load at a share of 1, as
    the report of `heard` (seconds since the epoch) had it."""

    kept: float = 1.0
    felt: float = 1.0
    demand: float | None = None
    heard: float | None = None


def passed(keep: Keep, relief: float, seconds: float, ttl: float) -> Keep:
    """After so many seconds in which the share was what it is."""
    return replace(keep, felt=felt_after(keep.felt, in_effect(keep.kept, relief), seconds, ttl))


def told(keep: Keep, load: float, at: float, band: Band, relief: float, ttl: float) -> Keep:
    """With a report, when it came. A second time it says nothing new. One above `most` is believed at once."""
    if keep.heard is not None and at <= keep.heard:
        return keep
    effect = in_effect(keep.kept, relief)
    demand = demand_after(keep.demand, load, keep.felt, effect, at - (keep.heard or 0.0), ttl)
    if demand is not None and load > band.most:
        demand = max(demand, load / max(keep.felt, LEAST))
    return replace(keep, demand=demand, heard=at)


def moved(keep: Keep, load: float, band: Band, slew: float, relief: float) -> Keep:
    """One step. `load`: the last that was reported."""
    if keep.demand is None:
        return keep
    coming = keep.demand * in_effect(keep.kept, relief)
    if coming > band.upper and relief > 0:
        wanted = min(keep.kept, _share_for(band.aim / keep.demand, relief))
        return replace(keep, kept=stepped(keep.kept, wanted, slew * (HASTE if load > band.most else 1)))
    if coming < band.target and keep.kept < 1:
        wanted = _share_for(band.aim / keep.demand, relief) if keep.demand > 0 else 1.0
        return replace(keep, kept=min(1.0, stepped(keep.kept, max(keep.kept, wanted), slew)))
    return keep


def in_effect(kept: float, relief: float) -> float:
    """On the ways where nobody comes after it, it keeps them all."""
    return 1 - relief * (1 - kept)


def _share_for(effect: float, relief: float) -> float:
    """What to keep so that this comes of it."""
    return min(1.0, 1 - (1 - effect) / relief) if relief > 0 else 1.0
