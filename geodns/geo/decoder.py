"""The data section of a MaxMind DB file: octets → values. https://maxmind.github.io/MaxMind-DB/

A City record says where it is in eight languages; what nobody asks for is passed over and not made.
"""

import struct

_DEEPEST = 64  # values inside each other
_MOST = 65_536  # values in one record


class Decoder:
    """Of a map's keys, those in `wanted` are decoded; all of them where it is None."""

    __slots__ = ("at", "content", "keys", "kind", "left", "octets", "size", "start", "wanted")

    def __init__(self, octets: bytes, start: int, wanted: frozenset[str] | None) -> None:
        self.octets = octets
        self.content = octets
        self.start = start  # of the data section; pointers count from here
        self.wanted = wanted
        self.keys: dict[int, str] = {}  # by where they lie: the same few are met in every record
        self.at = self.kind = self.size = self.left = 0

    def record(self, at: int) -> object:
        """The value that begins at `at`. Raises ValueError or IndexError where the file is broken."""
        self.at = at
        self.left = _MOST
        return self._value(_DEEPEST)

    def _value(self, depth: int) -> object:
        self._control(depth)
        kind, size = self.kind, self.size
        if kind == 1:
            return self._elsewhere(size, depth)
        if kind == 7:
            return self._map(size, depth - 1)
        if kind == 11:
            return [self._value(depth - 1) for _ in range(size)]
        if kind == 14:
            return size != 0
        return self._scalar(kind, size)

    def _elsewhere(self, at: int, depth: int) -> object:
        back = self.at
        self.at = at
        value = self._value(depth - 1)
        self.at = back
        return value

    def _map(self, size: int, depth: int) -> object:
        found: dict[str, object] = {}
        for _ in range(size):
            key = self._key(depth)
            if self.wanted is None or key in self.wanted:
                found[key] = self._value(depth)
            else:
                self._pass_over(depth)
        return found

    def _key(self, depth: int) -> str:
        self._control(depth)
        if self.kind != 1:
            return self._text(self.kind, self.size)
        at, back = self.size, self.at
        key = self.keys.get(at)
        if key is None:
            self.at = at
            self._control(depth)
            key = self.keys[at] = self._text(self.kind, self.size)
            self.at = back
        return key

    def _text(self, kind: int, size: int) -> str:
        if kind != 2:
            raise ValueError("a key that is no text")
        return str(self._take(size), "utf-8")

    def _scalar(self, kind: int, size: int) -> object:
        octets = self._take(size)
        if kind == 2:
            return str(octets, "utf-8")
        if kind == 4:
            return octets
        if kind in (5, 6, 9, 10) and size <= 16:
            return int.from_bytes(octets, "big")
        if kind == 8 and size <= 4:
            # Shorter ones are positive: their leading zeros are left out.
            return int.from_bytes(octets, "big", signed=size == 4)
        if (kind == 3 and size == 8) or (kind == 15 and size == 4):
            number: float = struct.unpack(">d" if size == 8 else ">f", octets)[0]
            return number
        raise ValueError(f"a value of type {kind} and {size} octets")

    def _take(self, size: int) -> bytes:
        octets = self.octets[self.at : self.at + size]
        if len(octets) != size:
            raise ValueError("the file ends within a value")
        self.at += size
        return octets

    def _pass_over(self, depth: int) -> None:
        self._control(depth)
        kind, size = self.kind, self.size
        if kind == 7 or kind == 11:
            for _ in range(size * 2 if kind == 7 else size):
                self._pass_over(depth - 1)
        elif kind != 1 and kind != 14:
            self.at += size

    def _control(self, depth: int) -> None:
        """Sets kind, and size: of a pointer where it leads to, of true 1."""
        self.left -= 1
        if depth <= 0 or self.left < 0:
            raise ValueError("more in one record than a record holds")
        first = self.content[self.at]
        self.at += 1
        self.kind = first >> 5
        if self.kind == 1:
            self.size = self._pointer(first)
        else:
            self._sized(first)

    def _sized(self, first: int) -> None:
        if self.kind == 0:
            self.kind = self.content[self.at] + 7
            self.at += 1
        self.size = first & 0x1F
        if self.size == 29:
            self.size = 29 + self._integer(1)
        elif self.size == 30:
            self.size = 285 + self._integer(2)
        elif self.size == 31:
            self.size = 65821 + self._integer(3)

    def _pointer(self, first: int) -> int:
        longer = first >> 3 & 3
        if longer == 3:
            return self.start + self._integer(4)
        offset = (first & 7) << (8 * longer + 8) | self._integer(longer + 1)
        return self.start + offset + (0 if longer == 0 else 2048 if longer == 1 else 526336)

    def _integer(self, size: int) -> int:
        number = 0
        for _ in range(size):
            number = number << 8 | self.content[self.at]
            self.at += 1
        return number
