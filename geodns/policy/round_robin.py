"""round_robin: each answer starts one member later than the last. Weights are not looked at.

Where some have not their full strength, it is the strengths by which members share.
"""

from collections.abc import Sequence
from dataclasses import replace

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution, Draw, consecutive
from geodns.policy.selection import selection
from geodns.policy.strength import is_full
from geodns.policy.weighted import weighted


@selection("round_robin")
def round_robin(members: Sequence[Member], answers: int) -> Distribution:
    if not is_full(members):
        return weighted([replace(member, weight=1) for member in members], answers)
    width = min(answers, len(members))
    ring = tuple(members) * 2
    draws = [Draw(1, ring[first : first + width]) for first in range(len(members))]
    return consecutive(draws, answers)
