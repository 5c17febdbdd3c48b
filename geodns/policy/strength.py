"""Weights as they count for now: a member that warms up, or has too much load, has less than its written weight."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from geodns.model.pool import Member

FINE = 1000  # parts of a weight of 1

_FULL = 1.0


def is_full(members: Sequence[Member]) -> bool:
    return all(member.strength == _FULL for member in members)


def exact_weight(member: Member) -> Fraction:
    """Never none: who is up and has a weight has some part of the answers."""
    return max(Fraction(1, FINE), Fraction(round(member.weight * member.strength * FINE), FINE))


def settled(members: Sequence[Member]) -> tuple[Member, ...]:
    """At full strength, with weights in the same ratios."""
    if is_full(members):
        return tuple(members)
    return tuple(replace(member, weight=int(exact_weight(member) * FINE), strength=_FULL) for member in members)
