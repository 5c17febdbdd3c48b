"""all: every address in every answer; the order turns by one member each time."""

from collections.abc import Sequence

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution
from geodns.policy.round_robin import round_robin
from geodns.policy.selection import selection


@selection("all")
def everything(members: Sequence[Member], answers: int) -> Distribution:
    return round_robin(members, sum(max(1, len(member.addresses)) for member in members))
