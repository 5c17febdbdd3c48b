"""round_robin: each answer starts one member later than the last. Weights are not looked at.

Several from groups of different sizes cannot be taken one after the other without some of them coming too often, so
there members are sampled, all with the same weight. So they are where some have not their full strength.
"""

from collections.abc import Sequence
from dataclasses import replace

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution, Draw, consecutive, scattered
from geodns.policy.groups import are_grouped
from geodns.policy.sampling import sampled
from geodns.policy.selection import selection
from geodns.policy.strength import is_full


@selection("round_robin")
def round_robin(members: Sequence[Member], answers: int) -> Distribution:
    if not is_full(members) or (answers > 1 and are_grouped(members)):
        return scattered(sampled([replace(member, weight=1) for member in members], answers), answers)
    width = min(answers, len(members))
    ring = tuple(members) * 2
    draws = [Draw(1, ring[first : first + width]) for first in range(len(members))]
    return consecutive(draws, answers)
