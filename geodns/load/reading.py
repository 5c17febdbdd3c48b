"""What is known of a pool at one moment: who is in the answers, and what was last reported of whom.

Rules:
- Of a member what was sent over the API goes before what its probes report, while neither is too old.
- A pool's load is what was sent for the pool, else what its members have together. Some may be silent: as long as
  those that report have half of the weight or more, the others are taken to have as much.
- A pool's target is by default what the targets of the members that answer now come to: who is down bears nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from geodns.load.band import Band, band_of
from geodns.model.pool import Limit

_ENOUGH = 0.5  # of the weight


@dataclass(frozen=True, slots=True)
class Report:
    """A load, when it came, and until when it counts. Times in seconds since the epoch."""

    load: float
    at: float
    until: float


@dataclass(frozen=True, slots=True)
class Seat:
    """A member. `weight` as it counts now, without what load makes of it; 0: it is not in the answers."""

    name: str
    weight: float
    report: Report | None = None
    limit: Limit | None = None

    def load(self, now: float) -> float | None:
        return current(self.report, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`ttl`: seconds after which most clients have taken up what answers say. `relief`: the part of the ways to the
    pool on which somebody would take what it leaves. `evens`: its members are chosen by `least_load`."""

    seats: Sequence[Seat]
    report: Report | None = None
    limit: Limit | None = None
    ttl: float
    relief: float = 1.0
    evens: bool = False

    def answering(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.weight > 0]

    def load(self, now: float) -> float | None:
        """None: nobody knows."""
        if (sent := current(self.report, now)) is not None:
            return sent
        known = [(seat.weight, load) for seat in self.answering() if (load := seat.load(now)) is not None]
        weight = sum(weight for weight, _ in known)
        whole = sum(seat.weight for seat in self.answering())
        if not known or weight < _ENOUGH * whole:
            return None
        return sum(load for _, load in known) * whole / weight

    def band(self) -> Band | None:
        """None: the pool keeps all its clients."""
        if own := band_of(self.limit):
            return own
        bands = [band_of(seat.limit) for seat in self.answering()]
        known = [band for band in bands if band is not None]
        if not known or len(known) < len(bands):
            return None
        return Band(sum(band.target for band in known), sum(band.most for band in known))


def current(report: Report | None, now: float) -> float | None:
    return report.load if report is not None and now < report.until else None


def heard_at(reading: Reading) -> float:
    """When the last report came of any kind; minus infinity: never."""
    reports = [reading.report, *(seat.report for seat in reading.seats)]
    return max((report.at for report in reports if report is not None), default=-inf)
