"""Rising addresses as whole numbers, in two flat columns, so that millions of them are no Python objects."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import overload

_LOW_64 = (1 << 64) - 1


class Starts(Sequence[int]):
    """Number i is upper[i] << 64 | lower[i]; of IPv4 addresses, all `upper` are 0."""

    __slots__ = ("lower", "upper")

    def __init__(self, upper: "array[int]", lower: "array[int]") -> None:
        self.upper = upper  # of unsigned 64-bit integers, as `lower` is
        self.lower = lower

    def __len__(self) -> int:
        return len(self.lower)

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> "Starts": ...
    def __getitem__(self, at: int | slice) -> "int | Starts":
        if isinstance(at, slice):
            return Starts(self.upper[at], self.lower[at])
        return self.upper[at] << 64 | self.lower[at]

    def first_from(self, number: int, begin: int = 0) -> int:
        """At, from `begin` on, of the first one that is not less than `number`."""
        high = number >> 64
        begin = bisect_left(self.upper, high, begin)
        return bisect_left(self.lower, number & _LOW_64, begin, bisect_right(self.upper, high, begin))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Starts):
            return self.lower == other.lower and self.upper == other.upper
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # the columns can be written to

    def __repr__(self) -> str:
        return f"<Starts {len(self)}>"


def starts_of(numbers: Iterable[int]) -> Starts:
    """The numbers as Starts; those that are already are given back."""
    if isinstance(numbers, Starts):
        return numbers
    if isinstance(numbers, array) and numbers.itemsize <= 8:
        return Starts(zeros("Q", len(numbers)), array("Q", numbers))
    listed = list(numbers)
    return Starts(array("Q", [number >> 64 for number in listed]), array("Q", [number & _LOW_64 for number in listed]))


def zeros(kind: str, count: int) -> "array[int]":
    """An array of `count` zeros, to be written to."""
    made: array[int] = array(kind, b"")
    made.frombytes(bytes(count * made.itemsize))
    return made


def no_starts(room: int) -> Starts:
    """Room for `room` numbers, all of them 0 yet."""
    return Starts(zeros("Q", room), zeros("Q", room))


def cut_off(starts: Starts, count: int) -> None:
    """Leaves the first `count` numbers."""
    del starts.upper[count:]
    del starts.lower[count:]
