"""A MaxMind DB file → the leaves of its search tree, and their records. https://maxmind.github.io/MaxMind-DB/

Walked here and not by maxminddb's iterator, which makes an ipaddress object and decodes a record for each of millions
of networks: here they are columns of numbers, and each distinct record is decoded once.
The file is in memory: one that is mapped and then truncated in place kills the process.
"""

import io
import struct
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import maxminddb

from geodns.geo.decoder import Decoder
from geodns.geo.starts import Starts, no_starts, zeros
from geodns.geo.walk import left_child, walk

_SEPARATOR = 16  # octets of zero between tree and data
_SHARING = 4  # a tree in which nodes are met more often than this is a net made to trap us
_RECORD_BITS = (24, 28, 32)
_STRETCH = 1 << 16  # leaves

Step = Callable[[int], None]


class BadTree(ValueError):
    """The file is no MaxMind DB, or broken; the message says how."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A child below `nodes` is a node, `nodes` itself is nothing known, and above it points to a record."""

    content: bytes = field(repr=False)
    kind: str  # the database_type that the file claims; not to be relied on
    built: int  # seconds since the epoch
    nodes: int
    bits: int  # of the addresses: 32, or 128 with IPv4 at ::/96
    record_bits: int
    data_start: int

    def reader(self, wanted: frozenset[str] | None = None) -> Callable[[int], object]:
        """Leaf above `nodes` → its record, or of each map in it what is wanted. It raises BadTree."""
        decoder = Decoder(self.content, self.data_start, wanted)
        first = self.data_start - self.nodes - _SEPARATOR

        def record(leaf: int) -> object:
            offset = first + leaf
            if not self.data_start <= offset < len(self.content):
                raise BadTree("a record lies outside the file")
            try:
                return decoder.record(offset)
            except (ValueError, IndexError) as e:
                raise BadTree(f"a record cannot be read: {e}") from e

        return record


@dataclass(frozen=True, slots=True)
class Blocks:
    """Block i begins at starts[i], ends where the next one begins, and is leaf leaves[i] of the tree."""

    starts: Starts = field(repr=False)
    leaves: "array[int]" = field(repr=False)  # of unsigned 64-bit integers


def open_tree(content: bytes) -> Tree:
    """Read a file's metadata. Raises BadTree."""
    try:
        with maxminddb.open_database(io.BytesIO(content), maxminddb.MODE_FD) as reader:
            about = reader.metadata()
    except (maxminddb.InvalidDatabaseError, ValueError, LookupError, TypeError, struct.error, RecursionError) as e:
        raise BadTree(f"no MaxMind DB file, or not all of it: {e}") from e
    if about.record_size not in _RECORD_BITS:
        raise BadTree(f"records of {about.record_size} bits; the format has 24, 28 and 32")
    if not isinstance(about.node_count, int) or not isinstance(about.build_epoch, int):
        raise BadTree("the description at its end is broken")
    data_start = about.search_tree_size + _SEPARATOR
    if data_start > len(content):
        raise BadTree("the search tree is longer than the file")
    return Tree(
        content,
        about.database_type,
        about.build_epoch,
        about.node_count,
        32 if about.ip_version == 4 else 128,
        about.record_size,
        data_start,
    )


def walk_v4(tree: Tree, step: Step) -> Blocks:
    """The IPv4 blocks, in rising order. Raises BadTree."""
    return _walk(tree, _v4_root(tree), 32, None, step)


def walk_v6(tree: Tree, step: Step) -> Blocks:
    """The same for IPv6, without the IPv4 tree and the places it is aliased to (mapped, 6to4, Teredo)."""
    if tree.bits == 32:
        return Blocks(no_starts(1), array("Q", (tree.nodes,)))
    return _walk(tree, 0, 128, _v4_root(tree), step)


def _v4_root(tree: Tree) -> int:
    node = 0
    for _ in range(tree.bits - 32):
        if node >= tree.nodes:
            break
        node = left_child(tree.content, tree.record_bits, node)
    return node


def _walk(tree: Tree, root: int, bits: int, alias: int | None, step: Step) -> Blocks:
    """In stretches: between two of them another thread may have its turn."""
    way = array("Q", (root, *bytes(bits))), zeros("Q", bits + 1), zeros("Q", bits + 1), array("B", (bits, *bytes(bits)))
    state = array("Q", (1, tree.nodes * _SHARING))
    piece, piece_leaves = no_starts(_STRETCH), zeros("Q", _STRETCH)
    starts, leaves = no_starts(0), array("Q")
    out = piece.upper, piece.lower, piece_leaves
    while state[0]:
        before = state[1]
        count = walk(
            tree.content, tree.record_bits, tree.nodes, tree.nodes if alias is None else alias, *way, state, *out
        )
        if count < 0:
            raise BadTree("the search tree runs in circles")
        starts.upper.extend(piece.upper[:count])
        starts.lower.extend(piece.lower[:count])
        leaves.extend(piece_leaves[:count])
        step(before - state[1])
    return Blocks(starts, leaves)
