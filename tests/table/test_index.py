"""The index while it grows: every name is found, and names cost few octets."""

import binascii
from array import array

import pytest

from geodns.model.name import parse_name
from geodns.table import layout
from geodns.table.index import IndexWriter, index_of
from geodns.table.part import open_part


def look_up(mask: int, slots: "array[int]", hash_: int) -> list[int]:
    """All nodes that a question with this hash would look at."""
    seen: list[int] = []
    slot = hash_ & mask
    while slots[2 * slot + 1]:
        if slots[2 * slot] == hash_:
            seen.append(slots[2 * slot + 1])
        slot = (slot + 1) & mask
    return seen


@pytest.mark.parametrize("names", [0, 1, 5, 6, 100, 1000, 1365, 1366])
def test_every_name_is_found_and_at_most_two_thirds_of_the_slots_are_taken(names: int) -> None:
    pairs = array("I", [word for node in range(1, names + 1) for word in (node * 2654435761 % 2**31, node)])
    mask, slots = index_of(pairs)
    assert len(slots) == 2 * (mask + 1)
    assert mask & (mask + 1) == 0
    assert 3 * names <= 2 * (mask + 1)
    for hash_, node in zip(pairs[::2], pairs[1::2], strict=True):
        assert look_up(mask, slots, hash_) == [node]


def test_names_with_one_hash_stand_behind_each_other_round_the_end_of_the_slots() -> None:
    mask, slots = index_of(array("I", [7, 1, 7, 2, 7, 3]))
    assert mask == 7
    assert look_up(mask, slots, 7) == [1, 2, 3]


def test_a_name_s_hash_is_its_checksum_spread() -> None:
    writer = IndexWriter()
    names = [parse_name(text) for text in ("www.example.com.", "a.b.c.example.com.", "example.com.", ".")]
    for number, name in enumerate(names, start=1):
        writer.enter(name, number)
    assert dict(zip(writer.found[1::2], writer.found[::2], strict=True)) == {
        number: binascii.crc32(name) * layout.HASH_SPREAD >> 16 & layout.HASH_MASK
        for number, name in enumerate(names, start=1)
    }


def test_a_node_without_flags_ends_where_they_stand() -> None:
    writer = IndexWriter()
    name = parse_name("www.example.com.")
    short, whole = writer.node(name, 40), writer.whole_node(name, 40, flags=layout.FLAG_CUT, set_=77)
    assert (whole - short, writer.at() - whole) == (layout.NODE_FLAGS + 1, layout.NODE_WORDS)
    assert (writer.word(short + layout.NODE_FLAGS), writer.word(whole + layout.NODE_FLAGS)) == (0, layout.FLAG_CUT)
    assert (writer.word(whole + layout.NODE_SET), writer.word(whole + layout.NODE_TARGET)) == (77, 0)


def test_the_depths_of_apexes_are_told_each_once_the_deepest_first() -> None:
    writer = IndexWriter()
    writer.depths |= {2, 5, 3}
    part = open_part(memoryview(writer.part()), layout.KIND_NAMES)
    at = part.words[layout.NAMES_DEPTHS]
    assert list(part.words[at : at + 4]) == [3, 5, 3, 2]


def test_octets_are_found_behind_the_words() -> None:
    writer = IndexWriter()
    name = parse_name("www.example.com.")
    node = writer.node(name, 40)
    set_ = writer.keep_set(b"\xc0\x0crecords", [3, 5], 1)
    part = open_part(memoryview(writer.part()), layout.KIND_NAMES)
    at, size = part.words[node + layout.NODE_OCTET], part.words[node + layout.NODE_LENGTH]
    assert bytes(part.octets[at : at + size]) == name
    at, size = part.words[set_ + layout.SET_OCTET], part.words[set_ + layout.SET_LENGTH]
    assert bytes(part.octets[at : at + size]) == b"\xc0\x0crecords"
    fixups = part.words[set_ + layout.SET_FIXUPS]
    assert list(part.words[fixups : fixups + 3]) == [2, 3, 5]
