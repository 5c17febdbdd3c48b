"""A MaxMind DB file from prefixes in rising order, written as they come: millions of them, in seconds.

The format: https://maxmind.github.io/MaxMind-DB/. Records are of 28 bits, as in GeoLite2-City.
"""

import struct
from array import array
from collections.abc import Iterator

MARKER = b"\xab\xcd\xefMaxMind.com"
V4_DEPTH = 96  # IPv4 lies at ::/96

_NOTHING = 0xFFFF_FFFF
_ALIAS = 0xFFFF_FFFE  # of the IPv4 tree
_RECORD = 1 << 31  # a child that is an offset into the data


class Records:
    """The data section. What was written before is pointed to, but for short strings."""

    def __init__(self) -> None:
        self.octets = bytearray()
        self._known: dict[bytes, int] = {}

    def add(self, record: object) -> int:
        """Where it lies."""
        content = self._encode(record)
        at = len(self.octets)
        self.octets += content
        return at

    def share(self, value: object) -> "Shared":
        """A value that records point to instead of holding it."""
        content = self._encode(value)
        if content not in self._known:
            self._known[content] = len(self.octets)
            self.octets += content
        return Shared(_pointer(self._known[content]))

    def _encode(self, value: object) -> bytes:
        match value:
            case Shared(pointer):
                return pointer
            case str():
                return _text(value)
            case float():
                return _control(3, 8) + struct.pack(">d", value)
            case int():
                return _integer(6, value)
            case list():
                return _control(11, len(value)) + b"".join(map(self._encode, value))
            case dict():
                pairs = (self.share(key).pointer + self._encode(item) for key, item in value.items())
                return _control(7, len(value)) + b"".join(pairs)
        raise AssertionError(f"{value!r} is not of a kind that these files hold")


class Shared:
    __match_args__ = ("pointer",)

    def __init__(self, pointer: bytes) -> None:
        self.pointer = pointer


def _pointer(at: int) -> bytes:
    return struct.pack(">BI", 1 << 5 | 3 << 3, at)


def _control(kind: int, size: int) -> bytes:
    assert size < 285
    extension = b"" if kind < 8 else bytes((kind - 7,))
    first = (kind if kind < 8 else 0) << 5 | min(size, 29)
    return bytes((first,)) + extension + (bytes((size - 29,)) if size >= 29 else b"")


class Tree:
    """Nodes are written when their last child is known, so children come before parents; `written` turns them round."""

    def __init__(self) -> None:
        self._left, self._right = array("I"), array("I")
        self._open: list[list[int]] = [[_NOTHING, _NOTHING]]  # the nodes on the way to the last prefix
        self._last = 0
        self._v4_root = 0

    def add(self, address: int, depth: int, record: int) -> None:
        """Prefixes are disjoint and rise. `address` of 128 bits, `record` is an offset into the data."""
        self._place(address, depth, _RECORD | record)

    def alias_v4(self, address: int, depth: int) -> None:
        self._place(address, depth, _ALIAS)

    def _place(self, address: int, depth: int, child: int) -> None:
        shared = 128 - (address ^ self._last).bit_length()
        self._close(min(shared, depth - 1))
        while len(self._open) < depth:
            self._open.append([_NOTHING, _NOTHING])
        self._open[-1][address >> (128 - depth) & 1] = child
        self._last = address

    def _close(self, depth: int) -> None:
        """Every node that is open deeper than `depth`."""
        while len(self._open) > depth + 1:
            left, right = self._open.pop()
            if len(self._open) == V4_DEPTH and not self._v4_root:
                self._v4_root = len(self._left)
            above = len(self._open) - 1
            self._open[-1][self._last >> (127 - above) & 1] = len(self._left)
            self._left.append(left)
            self._right.append(right)

    def written(self) -> tuple[int, bytes]:
        """The number of nodes, and the search tree."""
        self._close(0)
        (root,) = self._open
        left, right = (self._numbered(children) for children in ([*self._left, root[0]], [*self._right, root[1]]))
        count = len(left)
        octets = bytearray(count * 7)
        ours, theirs = (_big_endian(children) for children in (left, right))
        for column in range(3):
            octets[column::7] = ours[column + 1 :: 4]
            octets[column + 4 :: 7] = theirs[column + 1 :: 4]
        octets[3::7] = bytes(mine << 4 | other for mine, other in zip(ours[::4], theirs[::4], strict=True))
        return count, bytes(octets)

    def _numbered(self, children: list[int]) -> "array[int]":
        count = len(children)
        special = {_NOTHING: count, _ALIAS: count - 1 - self._v4_root}
        data = count + 16 - _RECORD

        def numbers() -> Iterator[int]:
            for child in reversed(children):
                if child < _RECORD:
                    yield count - 1 - child
                else:
                    yield special[child] if child in special else child + data

        return array("I", numbers())


def _big_endian(words: "array[int]") -> bytes:
    swapped = words[:]
    if struct.pack("=H", 1) == struct.pack("<H", 1):
        swapped.byteswap()
    return swapped.tobytes()


def database(tree: Tree, records: Records, kind: str, built: int) -> bytes:
    """The whole file, with what MaxMind's readers want of its metadata; `built` in seconds since the epoch."""
    nodes, octets = tree.written()
    about = {
        "binary_format_major_version": _integer(5, 2),
        "binary_format_minor_version": _integer(5, 0),
        "build_epoch": _integer(9, built),
        "database_type": _text(kind),
        "description": _control(7, 0),
        "ip_version": _integer(5, 6),
        "languages": _control(11, 0),
        "node_count": _integer(6, nodes),
        "record_size": _integer(5, 28),
    }
    metadata = _control(7, len(about)) + b"".join(_text(key) + value for key, value in about.items())
    return b"".join((octets, bytes(16), records.octets, MARKER, metadata))


def _text(text: str) -> bytes:
    content = text.encode()
    return _control(2, len(content)) + content


def _integer(kind: int, number: int) -> bytes:
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return _control(kind, len(content)) + content
