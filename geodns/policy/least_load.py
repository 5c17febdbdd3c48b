"""least_load: as weighted, by weights that even the members' loads. Without reports of load it is weighted."""

from collections.abc import Sequence
from dataclasses import replace

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution
from geodns.policy.selection import selection
from geodns.policy.weighted import weighted


@selection("least_load")
def least_load(members: Sequence[Member], answers: int) -> Distribution:
    evened = [replace(member, strength=member.strength * member.evening, evening=1.0) for member in members]
    return weighted(evened, answers)
