"""A partition → the CIDR blocks it consists of: the leaves of its binary tree, of which no two siblings are equal."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field

from geodns.geo import cutting
from geodns.geo.runs import Runs
from geodns.geo.starts import Starts, no_starts, zeros

_STRETCH = 1 << 16  # leaves


@dataclass(frozen=True, slots=True)
class Leaves:
    """Leaf i begins at starts[i] and is a prefix of depths[i] bits: that is the ECS scope of whoever lies in it."""

    starts: Starts = field(repr=False)
    depths: "array[int]" = field(repr=False)  # of octets
    values: "array[int]" = field(repr=False)  # of signed 32-bit integers


def cut(runs: Runs, bits: int) -> Leaves:
    """Cut each run into as few blocks as possible. No two neighbours of `runs` may be equal."""
    piece, piece_depths, piece_values = no_starts(_STRETCH), zeros("B", _STRETCH), zeros("i", _STRETCH)
    starts, depths, values = no_starts(0), array("B"), array("i")
    given = runs.starts.upper, runs.starts.lower, runs.values
    state = array("Q", (0,))
    while state[0] < len(runs.values):
        count = cutting.cut(*given, state, bits, piece.upper, piece.lower, piece_depths, piece_values)
        starts.upper.extend(piece.upper[:count])
        starts.lower.extend(piece.lower[:count])
        depths.extend(piece_depths[:count])
        values.extend(piece_values[:count])
    return Leaves(starts, depths, values)


def find(leaves: Leaves, address: int) -> int:
    """The index of the leaf that the address lies in."""
    return bisect_right(leaves.starts, address) - 1
