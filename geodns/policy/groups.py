"""Members that share their fate: a rack, a power feed, an uplink. Of each group an answer names one member at most.

A group is known by its name, over all pools that make up one; a member without a group is one by itself.
"""

from collections.abc import Sequence

from geodns.model.pool import Member

Group = tuple[Member, ...]


def grouped(members: Sequence[Member]) -> tuple[Group, ...]:
    """In the order in which groups are met first."""
    numbers = group_numbers(members)
    groups: list[list[Member]] = [[] for _ in set(numbers)]
    for number, member in zip(numbers, members, strict=True):
        groups[number].append(member)
    return tuple(map(tuple, groups))


def group_numbers(members: Sequence[Member]) -> list[int]:
    """The number of each member's group, from 0 on."""
    numbers: dict[str | int, int] = {}
    names = (at if member.group is None else member.group for at, member in enumerate(members))
    return [numbers.setdefault(name, len(numbers)) for name in names]


def are_grouped(members: Sequence[Member]) -> bool:
    return any(member.group is not None for member in members)


def most_answers(members: Sequence[Member], answers: int) -> int:
    """Where there are groups, one of each and no more: not even a second address of somebody named already."""
    return min(answers, len(grouped(members))) if are_grouped(members) else answers
