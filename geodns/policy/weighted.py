"""weighted: a member's share of the answers is its weight's share of all weights, exactly after every round."""

from collections.abc import Sequence

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution, scattered
from geodns.policy.sampling import sampled
from geodns.policy.selection import selection


@selection("weighted")
def weighted(members: Sequence[Member], answers: int) -> Distribution:
    return scattered(sampled(members, answers), answers)
