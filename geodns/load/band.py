"""Where a load is to lie, and how fast a share may move to bring it there."""

from dataclasses import dataclass

from geodns.model.pool import Limit

MARGIN = 1.25  # of the target: `most` where nobody has said it
LEAST = 0.01  # no share goes below this, for what gets nothing tells nothing
NEAR = 0.05  # of a factor: members so close to what is wanted stay, for reports have noise
HASTE = 5.0  # times the slew, above `most`
_AIM, _UPPER = 0.25, 0.5  # of the way from the target to `most`


@dataclass(frozen=True, slots=True)
class Band:
    """From the target to `most`. While the load that is coming lies in its lower half nothing moves: that is wide
    enough for noise, and for a TTL that is not what clients keep to. What moves heads for the middle of that half, and
    stops once it is within it."""

    target: float
    most: float

    @property
    def aim(self) -> float:
        return self.target + _AIM * (self.most - self.target)

    @property
    def upper(self) -> float:
        return self.target + _UPPER * (self.most - self.target)


def band_of(limit: Limit | None) -> Band | None:
    """None where no target is set."""
    if limit is None or limit.target is None:
        return None
    return Band(limit.target, limit.most if limit.most is not None else MARGIN * limit.target)


def stepped(share: float, wanted: float, slew: float) -> float:
    """One step towards what is wanted."""
    return max(LEAST, min(share + slew, max(share - slew, wanted)))
