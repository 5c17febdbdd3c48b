"""The names part while it grows: nodes, sets and octets of all zones, and the hash index over them.

A million names pass through here, so it is flat arrays that grow, and nothing is kept of a name but its words.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from zlib import crc32

from geodns.model.name import Name
from geodns.table import layout
from geodns.table.layout import HEAD_SIZE
from geodns.table.part import WORD, seal


def _no_words() -> "array[int]":
    return array("I")


@dataclass(slots=True)
class IndexWriter:
    """All zones together: words and octets that grow, and the index over them."""

    words: "array[int]" = field(default_factory=_no_words)  # from HEAD_SIZE on
    octets: bytearray = field(default_factory=bytearray)
    octet_words: "array[int]" = field(default_factory=_no_words)  # words that point into the octets
    found: "array[int]" = field(default_factory=_no_words)  # pairs (hash, node): those that can be found
    cuts: dict[Name, int] = field(default_factory=dict)  # the parent side of child zones
    zones: list[int] = field(default_factory=list)
    depths: set[int] = field(default_factory=set)  # labels that their names have

    def at(self) -> int:
        return HEAD_SIZE + len(self.words)

    def add(self, *values: int) -> int:
        at = len(self.words) + HEAD_SIZE
        self.words.extend(values)
        return at

    def set_word(self, at: int, value: int) -> None:
        self.words[at - HEAD_SIZE] = value

    def word(self, at: int) -> int:
        return self.words[at - HEAD_SIZE]

    def keep(self, octets: bytes | bytearray) -> int:
        at = len(self.octets)
        self.octets += octets
        return at

    def keep_set(
        self,
        octets: bytes | bytearray,
        fixups: Sequence[int],
        answers: int,
        authority: int = 0,
        additional: int = 0,
        cuts: Sequence[tuple[int, int]] = (),
    ) -> int:
        """`cuts`: octets and additional records that are left where the last ones are left out, from most to least."""
        fixed = self.add(len(fixups), *fixups) if fixups else 0
        shorter = self.add(len(cuts), *chain.from_iterable(cuts)) if cuts else 0
        words, kept = self.words, self.octets
        at = len(words)
        self.octet_words.append(at)
        words.extend((len(kept), len(octets), additional, answers, authority, fixed))
        if additional:
            words.append(shorter)
        kept += octets
        return at + HEAD_SIZE

    def node(self, name: Name, zone: int, shape: int = 0) -> int:
        """One without flags. What only flags give a meaning to is left out: eight octets less of most names."""
        words, octets = self.words, self.octets
        at = len(words)
        self.octet_words.append(at)
        words.extend((len(octets), len(name), zone, shape, 0, 0))
        octets += name
        return at + HEAD_SIZE

    def whole_node(self, name: Name, zone: int, shape: int = 0, flags: int = 0, set_: int = 0) -> int:
        node = self.node(name, zone, shape)
        self.set_word(node + layout.NODE_FLAGS, flags)
        self.words.extend((set_, 0))
        return node

    def enter(self, name: Name, node: int) -> None:
        """From now on the name is found."""
        self.found.extend((crc32(name) * layout.HASH_SPREAD >> 16 & layout.HASH_MASK, node))

    def part(self) -> bytes:
        zones = self.add(*self.zones)
        depths = self.add(len(self.depths), *sorted(self.depths, reverse=True))
        slots_at = self.at()
        mask, slots = index_of(self.found)
        self.words += slots
        base = self.at() * WORD
        words = self.words
        for index in self.octet_words:
            words[index] += base
        self.octets += bytes(-len(self.octets) % WORD)
        fields = (slots_at, mask, depths, zones, len(self.zones))
        return seal(layout.KIND_NAMES, fields, memoryview(words), self.octets)


def index_of(found: "array[int]") -> "tuple[int, array[int]]":
    """(mask, slots) of pairs (hash, node): open addressing, so full that probes stay short."""
    size = _slot_count(len(found) // 2)
    slots = array("I", bytes(size * 2 * WORD))
    circle = 2 * size - 1
    for hash_, node in zip(found[::2], found[1::2], strict=True):
        at = 2 * hash_ & circle
        while slots[at + 1]:
            at = at + 2 & circle
        slots[at] = hash_
        slots[at + 1] = node
    return size - 1, slots


def _slot_count(names: int) -> int:
    """A power of two of which at most two thirds are taken: a name that is not there costs five probes at the most
    on average (Knuth, The Art of Computer Programming, vol. 3, §6.4)."""
    size = 8
    while 3 * names > 2 * size:
        size *= 2
    return size
