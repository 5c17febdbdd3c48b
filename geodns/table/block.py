"""Blocks: words and octets that refer to themselves by offset, and their joining into a part."""

from array import array
from collections.abc import Sequence

from geodns.table.layout import HEAD_SIZE
from geodns.table.part import WORD, seal


def words(values: Sequence[int]) -> bytes:
    """Unsigned 32-bit words in native order."""
    packed = array("I", values)
    assert packed.itemsize == WORD, "this platform's unsigned int is not 32 bits wide"
    return packed.tobytes()


def padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % WORD)


def join(kind: int, blocks: Sequence[bytes]) -> bytes:
    """A part of numbered blocks; its fields are the table of their places and their count (TABLE, COUNT)."""
    table: list[int] = []
    at = HEAD_SIZE + len(blocks)
    for block in blocks:
        table.append(at)
        at += len(block) // WORD
    return seal(kind, (HEAD_SIZE, len(blocks)), words(table) + b"".join(blocks))
