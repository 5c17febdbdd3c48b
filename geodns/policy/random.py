"""random: each answer is drawn by itself, by weight; what came before is no matter.

Several answers are sampled as `weighted` samples them.
"""

from collections.abc import Sequence

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution, at_random
from geodns.policy.sampling import sampled
from geodns.policy.selection import selection


@selection("random")
def random(members: Sequence[Member], answers: int) -> Distribution:
    return at_random(sampled(members, answers), answers)
