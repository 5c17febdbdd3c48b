"""all: every address in every answer, whatever the groups; the order turns by one member each time."""

from collections.abc import Sequence

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution, Draw, consecutive
from geodns.policy.selection import selection


@selection("all")
def everything(members: Sequence[Member], answers: int) -> Distribution:
    draws = [Draw(1, (*members[first:], *members[:first])) for first in range(len(members))]
    return consecutive(draws, sum(max(1, len(member.addresses)) for member in members))
