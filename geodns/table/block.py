"""Blocks: words and octets that refer to themselves by offset, and their joining into a part."""

from array import array
from collections.abc import Sequence
from itertools import accumulate

from geodns.table.layout import HEAD_SIZE
from geodns.table.part import WORD, seal


def words(values: Sequence[int]) -> bytes:
    """Unsigned 32-bit words in native order."""
    packed = array("I", values)
    assert packed.itemsize == WORD, "this platform's unsigned int is not 32 bits wide"
    return packed.tobytes()


def padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % WORD)


def join(kind: int, blocks: Sequence[bytes], numbered: Sequence[int] | None = None) -> bytes:
    """A part of numbered blocks; its fields are the table of their places and their count (TABLE, COUNT).

    `numbered`: for each number which of the blocks it is; by default each has its own.
    """
    if numbered is None:
        numbered = range(len(blocks))
    sizes = (len(block) // WORD for block in blocks)
    places = list(accumulate(sizes, initial=HEAD_SIZE + len(numbered)))
    table = [places[block] for block in numbered]
    return seal(kind, (HEAD_SIZE, len(table)), words(table), *blocks)
