"""Pools within a pool → one roster: each pool's share is its weight's, and within a pool its members' weights decide.

A part that fails leaves its share to the others. Weights come out as whole numbers in lowest terms, whose ratios are
exact as long as 32 bits hold them.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm

from geodns.model.pool import Member, PoolName
from geodns.policy.strength import exact_weight

_MOST = (1 << 31) - 1  # the largest weight

Share = tuple[PoolName, int | Fraction, tuple[Member, ...]]  # of a part: its weight, and who may answer there


def merged(shares: Sequence[Share]) -> tuple[Member, ...]:
    """All of their members, each with its part of its pool's weight; its home is where it is written.

    One that comes by several ways has what it gets on each of them, and is one member: an answer names nobody twice.
    """
    present = [share for share in shares if share[2]]
    weighty = [share for share in present if share[1] > 0]
    shares = weighty or [(name, Fraction(1), members) for name, _, members in present]
    sums = [sum(map(exact_weight, members)) for _, _, members in shares]
    exact: dict[tuple[PoolName, str], Fraction] = {}
    found: dict[tuple[PoolName, str], Member] = {}
    for (name, weight, members), total in zip(shares, sums, strict=True):
        for member in members:
            key = (member.home or name, member.name)
            exact[key] = exact.get(key, Fraction(0)) + weight * (exact_weight(member) / total)
            found.setdefault(key, member)
    return tuple(
        replace(found[home, name], weight=whole, home=home, strength=1.0)
        for (home, name), whole in zip(exact, _whole(list(exact.values())), strict=True)
    )


def _whole(weights: Sequence[Fraction]) -> list[int]:
    """In the same ratios, or as near to them as the largest allowed weight lets them be."""
    if not weights:
        return []
    common = lcm(*(weight.denominator for weight in weights))
    numbers = [int(weight * common) for weight in weights]
    divisor = gcd(*numbers)
    largest = max(numbers) // divisor
    if largest <= _MOST:
        return [number // divisor for number in numbers]
    return [max(1, round(Fraction(number // divisor * _MOST, largest))) for number in numbers]
