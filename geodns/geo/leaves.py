"""A partition → the CIDR blocks it consists of: the leaves of its binary tree, of which no two siblings are equal."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from geodns.geo.runs import Runs


@dataclass(frozen=True, slots=True)
class Leaves:
    """Leaf i begins at starts[i] and is a prefix of depths[i] bits: that is the ECS scope of whoever lies in it."""

    starts: Sequence[int] = field(repr=False)
    depths: Sequence[int] = field(repr=False)
    values: Sequence[int] = field(repr=False)


def cut(runs: Runs, bits: int) -> Leaves:
    """Cut each run into as few blocks as possible. No two neighbours of `runs` may be equal."""
    starts: list[int] = []
    depths: list[int] = []
    values: list[int] = []
    for start, end, value in runs.spans(bits):
        while start < end:
            # The largest block that begins here: no wider than the start is aligned, and than what is left.
            alignment = (start & -start).bit_length() - 1 if start else bits
            room = (end - start).bit_length() - 1
            height = alignment if alignment < room else room
            starts.append(start)
            depths.append(bits - height)
            values.append(value)
            start += 1 << height
    return Leaves(starts, depths, values)


def find(leaves: Leaves, address: int) -> int:
    """The index of the leaf that the address lies in."""
    return bisect_right(leaves.starts, address) - 1
