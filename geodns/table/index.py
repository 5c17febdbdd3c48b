"""The names part while it grows: nodes, sets and octets of all zones, and the hash index over them."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from geodns.model.name import ROOT, Name, labels, parent
from geodns.table import layout, namehash
from geodns.table.block import padded
from geodns.table.part import seal
from geodns.table.records import Writer


def _no_words() -> "array[int]":
    return array("I")


@dataclass(slots=True)
class IndexWriter:
    """All zones together: words and octets that grow, and the index over them."""

    words: "array[int]" = field(default_factory=_no_words)  # from HEAD_SIZE on
    octets: bytearray = field(default_factory=bytearray)
    octet_words: "array[int]" = field(default_factory=_no_words)  # words that point into the octets
    nodes: dict[Name, int] = field(default_factory=dict)  # those that can be found
    cuts: dict[Name, int] = field(default_factory=dict)  # the parent side of child zones
    zones: list[int] = field(default_factory=list)

    def at(self) -> int:
        return layout.HEAD_SIZE + len(self.words)

    def add(self, *values: int) -> int:
        at = self.at()
        self.words.extend(values)
        return at

    def set_word(self, at: int, value: int) -> None:
        self.words[at - layout.HEAD_SIZE] = value

    def word(self, at: int) -> int:
        return self.words[at - layout.HEAD_SIZE]

    def keep(self, octets: bytes | bytearray) -> int:
        at = len(self.octets)
        self.octets += octets
        return at

    def set_of(self, piece: Writer, answers: int, authority: int = 0, additional: int = 0) -> int:
        fixups = self.add(len(piece.fixups), *piece.fixups) if piece.fixups else 0
        self.octet_words.append(len(self.words))
        return self.add(self.keep(piece.octets), len(piece.octets), answers, authority, additional, fixups)

    def node(self, name: Name, zone: int) -> int:
        self.octet_words.append(len(self.words))
        return self.add(self.keep(name), len(name), zone, 0, 0, 0, 0, 0)

    def part(self) -> bytes:
        zones = self.add(*self.zones)
        mask, slots = _index(self.nodes)
        slots_at = self.add(*slots)
        base = self.at() * 4
        for index in self.octet_words:
            self.words[index] += base
        deepest = max((sum(1 for _ in labels(name)) for name in self.nodes), default=0)
        fields = (slots_at, mask, deepest, zones, len(self.zones))
        return seal(layout.KIND_NAMES, fields, self.words.tobytes() + padded(bytes(self.octets)))


def _index(nodes: Mapping[Name, int]) -> tuple[int, list[int]]:
    """(mask, slots): open addressing with at most half of the slots taken, so that probes stay short."""
    size = 1 << max(3, (2 * len(nodes)).bit_length())
    mask = size - 1
    slots = [0] * (2 * size)
    hashes: dict[Name, int] = {ROOT: layout.ROOT_HASH}
    for name, node in nodes.items():
        hash_ = _hash(name, hashes)
        slot = hash_ & mask
        while slots[2 * slot + 1]:
            slot = (slot + 1) & mask
        slots[2 * slot] = hash_
        slots[2 * slot + 1] = node
    return mask, slots


def _hash(name: Name, known: dict[Name, int]) -> int:
    hash_ = known.get(name)
    if hash_ is None:
        hash_ = known[name] = namehash.extend(_hash(parent(name), known), memoryview(name), 0)
    return hash_
