"""weighted: a member's share of the answers is its weight's share of all weights.

With several answers, each member is included with a probability in proportion to its weight, by systematic sampling
(Madow 1949): the weights are laid end to end and picked at equal distances. A member too heavy for that is in every
answer. Which of the drawn members comes first follows the weights too, since most clients take the first.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution, Draw, scattered
from geodns.policy.selection import selection
from geodns.policy.strength import settled


@selection("weighted")
def weighted(members: Sequence[Member], answers: int) -> Distribution:
    members = settled(members)
    if answers >= len(members):
        return scattered([Draw(member.weight, _from(members, at)) for at, member in enumerate(members)], answers)
    if answers == 1:
        return scattered([Draw(member.weight, (member,)) for member in members], answers)
    return scattered(list(_systematic(members, answers)), answers)


def _from(members: Sequence[Member], at: int) -> tuple[Member, ...]:
    return (*members[at:], *members[:at])


def _systematic(members: Sequence[Member], answers: int) -> Iterator[Draw]:
    """A sampled member is drawn in proportion to its weight already, so once drawn all of them come first alike."""
    certain, rest = _certain(members, answers)
    picks = answers - len(certain)
    alike = sum(member.weight for member in rest)
    for width, sampled in _segments(rest, picks):
        together = (*certain, *sampled)
        firsts = [member.weight * max(1, picks) for member in certain] + [alike] * picks
        for at, first in enumerate(firsts):
            yield Draw(width * first, _from(together, at))


def _certain(members: Sequence[Member], answers: int) -> tuple[list[Member], list[Member]]:
    """Members whose inclusion probability would reach 1 are taken out first, the heaviest foremost."""
    certain: list[Member] = []
    rest = sorted(members, key=lambda member: -member.weight)
    while len(certain) < answers and rest[0].weight * (answers - len(certain)) >= sum(m.weight for m in rest):
        certain.append(rest.pop(0))
    return certain, [member for member in members if member in rest]


def _segments(members: Sequence[Member], answers: int) -> Iterator[tuple[int, tuple[Member, ...]]]:
    """(width, the members drawn there) for each stretch of the starting point on which the draw is the same.

    Weights are multiplied by `answers`, so that the picks lie the sum of the plain weights apart.
    """
    if answers == 0:
        yield 1, ()
        return
    ends = list(accumulate(member.weight * answers for member in members))
    apart = ends[-1] // answers
    cuts = sorted({0, apart, *(end % apart for end in ends)})
    for start, end in pairwise(cuts):
        yield end - start, tuple(_at(members, ends, start + pick * apart) for pick in range(answers))


def _at(members: Sequence[Member], ends: Sequence[int], point: int) -> Member:
    return next(member for member, end in zip(members, ends, strict=True) if point < end)
