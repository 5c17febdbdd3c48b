"""Members by weight → draws of several at a time, each member in as many of them as its weight says.

Systematic sampling (Madow 1949): the weights are laid end to end and picked at equal distances. Who shares a group lies
side by side, and no group is longer than that distance, so that two of one are never picked together. A group too heavy
for that is in every draw, and whose turn it is among its members follows the same starting point: so there are about as
many draws as members, whatever the groups. Which of the drawn members comes first follows the weights too, since most
clients take the first.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from math import lcm

from geodns.model.pool import Member
from geodns.policy.distribution import Draw
from geodns.policy.groups import Group, grouped
from geodns.policy.strength import settled


def sampled(members: Sequence[Member], answers: int) -> list[Draw]:
    members = settled(members)
    if answers == 1:
        return [Draw(member.weight, (member,)) for member in members]
    return list(_systematic(grouped(members), answers))


def _systematic(groups: Sequence[Group], answers: int) -> Iterator[Draw]:
    """A sampled group is drawn in proportion to its weight already, so once drawn all of them come first alike."""
    certain, rest = _certain(groups, answers)
    picks = answers - len(certain) if rest else 0
    firsts = [_weight(group) * max(1, picks) for group in certain] + [sum(map(_weight, rest))] * picks
    for width, together in _segments(certain, rest, picks):
        for at, first in enumerate(firsts):
            yield Draw(width * first, (*together[at:], *together[:at]))


def _weight(group: Group) -> int:
    return sum(member.weight for member in group)


def _certain(groups: Sequence[Group], answers: int) -> tuple[list[Group], list[Group]]:
    """Groups whose inclusion probability would reach 1 are taken out first, the heaviest foremost."""
    if answers >= len(groups):
        return list(groups), []
    by_weight = sorted(range(len(groups)), key=lambda at: -_weight(groups[at]))
    left = sum(map(_weight, groups))
    taken = 0
    while taken < answers and _weight(groups[by_weight[taken]]) * (answers - taken) >= left:
        left -= _weight(groups[by_weight[taken]])
        taken += 1
    return [groups[at] for at in by_weight[:taken]], [groups[at] for at in sorted(by_weight[taken:])]


@dataclass(frozen=True, slots=True)
class _Line:
    """Members end to end, and where each ends."""

    members: Group
    ends: tuple[int, ...]

    def at(self, point: int) -> Member:
        return self.members[bisect_right(self.ends, point)]


def _line(members: Group, unit: int) -> _Line:
    return _Line(members, tuple(accumulate(member.weight * unit for member in members)))


def _segments(certain: Sequence[Group], rest: Sequence[Group], picks: int) -> Iterator[tuple[int, Group]]:
    """(width, the members drawn there) for each stretch of the starting point on which the draw is the same.

    Weights are multiplied by `picks`, so that the picks lie the sum of the plain weights apart; and all by what makes
    the members of each certain group end on whole numbers.
    """
    scale = lcm(*(_weight(group) for group in certain if len(group) > 1))
    apart = scale * (sum(map(_weight, rest)) if rest else 1)
    always = [_line(group, apart // _weight(group)) if len(group) > 1 else _Line(group, (apart,)) for group in certain]
    others = _line(tuple(chain.from_iterable(rest)), scale * picks)
    cuts = {0, apart, *(end % apart for end in others.ends), *chain.from_iterable(line.ends for line in always)}
    for start, end in pairwise(sorted(cuts)):
        named = (*(line.at(start) for line in always), *(others.at(start + pick * apart) for pick in range(picks)))
        yield end - start, named
