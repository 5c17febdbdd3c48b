"""Header blocks of HTTP/2 (HPACK, RFC 7541), by way of the hpack library, with short ways for what comes all the time.

reading    a block of fields that the table has, and of values that stay out of it: most requests but a connection's
           first. It leaves the table alone, so whatever is else in it, the library may still read it from its start.
writing    a block that left the table as it was means the same until the table changes, so it is kept until then.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import hpack

from geodns.serve import huffman

KEPT = 32  # blocks of a connection

_scratch = memoryview(bytearray(1024))  # filled and copied within one call


class Decoder(hpack.Decoder):
    """A header block → its fields."""

    def __init__(self, largest: int) -> None:
        """`largest`: octets of a list of fields as RFC 9113 §6.5.2 counts them; a block with more is refused."""
        super().__init__(max_header_list_size=largest)

    def decode(self, data: bytes, raw: bool = False) -> Iterable[Any]:
        fields = self._known_fields(data) if raw else None
        return super().decode(data, raw) if fields is None else fields

    def _known_fields(self, block: bytes) -> Sequence[tuple[bytes, bytes]] | None:
        """None: the library has to read it, or to say what is wrong with it."""
        fields: list[tuple[bytes, bytes]] = []
        at, size = 0, 0
        try:
            while at < len(block):
                field, at = self._known_field(block, at)
                fields.append(field)
                size += 32 + len(field[0]) + len(field[1])
        except (IndexError, _Unusual, hpack.HPACKError):
            return None
        return fields if size <= self.max_header_list_size else None

    def _known_field(self, block: bytes, at: int) -> tuple[tuple[bytes, bytes], int]:
        """The field, and where it ends."""
        first = block[at]
        if first >= 0x80:
            index, at = _number(block, at, 0x7F)
            return self.header_table.get_by_index(index), at
        if first >= 0x20 or first & 0x0F == 0:  # it enters the table, or changes its size, or its name is not there
            raise _Unusual
        index, at = _number(block, at, 0x0F)
        value, at = _string(block, at)
        return (self.header_table.get_by_index(index)[0], value), at


class Encoder(hpack.Encoder):
    """Fields → a header block."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[Any, ...], bytes] = {}
        self._newest: object = None  # entry of the table; one that is added is an object of its own
        self._entries, self._room = 0, self.header_table_size  # of the table, when blocks were last kept

    def encode(self, headers: Iterable[Any], huffman: bool = True) -> bytes:
        fields = tuple(headers)
        if not self._is_as_it_was():
            self._begin_anew()
        if self.header_table.resized:  # this block says so, and stands for no other
            return super().encode(fields, huffman)
        block = self._kept.get(fields)
        if block is None:
            block = super().encode(fields, huffman)
            if self._is_as_it_was():
                self._keep(fields, block)
        return block

    def _keep(self, fields: tuple[Any, ...], block: bytes) -> None:
        if len(self._kept) >= KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[fields] = block

    def _is_as_it_was(self) -> bool:
        entries = self.header_table.dynamic_entries
        return (
            len(entries) == self._entries
            and (not entries or entries[0] is self._newest)
            and self.header_table_size == self._room
        )

    def _begin_anew(self) -> None:
        self._kept.clear()
        entries = self.header_table.dynamic_entries
        self._newest = entries[0] if entries else None
        self._entries, self._room = len(entries), self.header_table_size


class _Unusual(Exception):
    """Nothing for the short way."""


def _number(block: bytes, at: int, mask: int) -> tuple[int, int]:
    """RFC 7541 §5.1, of at most two octets, and where it ends."""
    number = block[at] & mask
    if number < mask:
        return number, at + 1
    rest = block[at + 1]
    if rest & 0x80:
        raise _Unusual
    return mask + rest, at + 2


def _string(block: bytes, at: int) -> tuple[bytes, int]:
    """RFC 7541 §5.2, and where it ends."""
    is_coded = block[at] & 0x80
    size, at = _number(block, at, 0x7F)
    end = at + size
    if end > len(block):
        raise _Unusual
    if not is_coded:
        return block[at:end], end
    size = huffman.decode(memoryview(block)[at:end], size, _scratch)
    if size < 0:
        raise _Unusual
    return bytes(_scratch[:size]), end
