"""round_robin: each answer starts one member later than the last. Weights are not looked at."""

from collections.abc import Sequence

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution, Draw, consecutive
from geodns.policy.selection import selection


@selection("round_robin")
def round_robin(members: Sequence[Member], answers: int) -> Distribution:
    width = min(answers, len(members))
    ring = tuple(members) * 2
    draws = [Draw(1, ring[first : first + width]) for first in range(len(members))]
    return consecutive(draws, answers)
