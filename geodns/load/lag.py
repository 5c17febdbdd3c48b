"""Load follows answers late: clients keep what they were told for the TTL. What they feel of a share is not yet what is
given, and the load that is seen tells of what they feel.

So the share that is felt is followed beside the one that is given, as a first-order lag with the TTL as its time, and
load ÷ felt is what there would be at a share of 1: the demand. It does not move when we move the share, be it that the
lag is right; where it is wrong by a factor of three, the steps and the dead band of those who use it bear that.
"""

from math import exp

SMOOTHING = 0.5  # of the TTL: in this time what a report says of the demand is believed, since reports have noise
_LEAST_FELT = 0.25  # of what is given; of less nothing is concluded


def felt_after(felt: float, given: float, seconds: float, ttl: float) -> float:
    """`felt` after so many seconds in which this was given."""
    return given + (felt - given) * exp(-max(0.0, seconds) / max(1.0, ttl))


def demand_after(
    demand: float | None, load: float, felt: float, given: float, seconds: float, ttl: float
) -> float | None:
    """The demand with one more load that was seen. None: as long as too few clients have felt what is given."""
    if felt <= _LEAST_FELT * given:
        return demand
    said = load / felt
    if demand is None:
        return said
    return said + (demand - said) * exp(-max(0.0, seconds) / max(1.0, SMOOTHING * ttl))
