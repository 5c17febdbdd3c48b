"""Pools within a pool → one roster: each pool's share is its weight's, and within a pool its members' weights decide.

A part that fails leaves its share to the others. Weights come out as whole numbers whose ratios are exact, unless they
would grow beyond all measure.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import lcm

from geodns.model.pool import Member, PoolName

_MOST = 1 << 24  # of the common multiple; beyond it, weights are rounded to one part in so many

Share = tuple[PoolName, int, tuple[Member, ...]]  # of a part: its weight, and who may answer there


def merged(shares: Sequence[Share]) -> tuple[Member, ...]:
    """All of their members, each with its part of its pool's weight; its home is where it is written."""
    present = [share for share in shares if share[2]]
    weighty = [share for share in present if share[1] > 0]
    shares = weighty or [(name, 1, members) for name, _, members in present]
    sums = [sum(member.weight for member in members) for _, _, members in shares]
    common = min(lcm(*sums), _MOST)
    return tuple(
        replace(member, weight=max(1, weight * member.weight * common // total), home=member.home or name)
        for (name, weight, members), total in zip(shares, sums, strict=True)
        for member in members
    )
