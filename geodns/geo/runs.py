"""One sorted partition of an address space: run i goes from starts[i] to just before starts[i + 1].

Everything geographic is a partition (places, own networks, special blocks), so one operation serves them all: lay two
of them over each other and say what each pair of values comes to.

There may be millions of runs, so they are swept in stretches: between two of them another thread may have its turn.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from geodns.geo import sweep
from geodns.geo.numbering import number_keys
from geodns.geo.starts import Starts, cut_off, no_starts, starts_of, zeros

STRETCH = 1 << 16  # runs

_LEAST = -16  # value; above it, two values make a key of 64 bits


@dataclass(frozen=True, slots=True, init=False)
class Runs:
    """Addresses as integers; starts[0] is 0 and they rise strictly. Values are from -16 on."""

    starts: Starts = field(repr=False)
    values: "array[int]" = field(repr=False)  # of signed 32-bit integers

    def __init__(self, starts: Iterable[int], values: Iterable[int]) -> None:
        flat = isinstance(values, array) and values.typecode == "i"
        object.__setattr__(self, "starts", starts_of(starts))
        object.__setattr__(self, "values", values if flat else array("i", list(values)))

    def at(self, address: int) -> int:
        """The value of the run that the address lies in."""
        return self.values[bisect_right(self.starts, address) - 1]

    def spans(self, bits: int) -> Iterator[tuple[int, int, int]]:
        """First address, the one after the last, and value of each run in a space of `bits`-bit addresses."""
        starts = list(self.starts)
        return zip(starts, (*starts[1:], 1 << bits), self.values, strict=True)


def uniform(value: int) -> Runs:
    """The whole space as one run."""
    return Runs((0,), (value,))


def stretches(first: int, until: int) -> Iterator[tuple[int, int]]:
    """first..until in stretches that take a few milliseconds at most."""
    for at in range(first, until, STRETCH):
        yield at, min(at + STRETCH, until)


class Writer:
    """Runs in the making, of which no two neighbours are equal. `room`: the most that there can be."""

    def __init__(self, room: int) -> None:
        self._starts = no_starts(room)
        self._values = zeros("i", room)
        self._count = 0

    def append(self, start: int, value: int) -> None:
        one = starts_of((start,))
        self._write(one, array("i", (0,)), 0, 1, array("i", (value,)))

    def relabelled(self, runs: Runs, first: int, until: int, labels: "array[int]") -> None:
        """The runs first..until, with labels[value] as their values."""
        for begin, end in stretches(first, until):
            self._write(runs.starts, runs.values, begin, end, labels)

    def written(self) -> Runs:
        cut_off(self._starts, self._count)
        del self._values[self._count :]
        return Runs(self._starts, self._values)

    def _write(self, starts: Starts, finds: "array[int]", first: int, until: int, labels: "array[int]") -> None:
        own = self._starts
        self._count = sweep.relabel(
            starts.upper, starts.lower, finds, first, until, labels, own.upper, own.lower, self._values, self._count
        )


def relabel(runs: Runs, value_of: Callable[[int], int]) -> Runs:
    """The partition with other values, and equal neighbours merged."""
    keys = array("Q", [value - _LEAST for value in runs.values])
    return merge(runs.starts, keys, lambda key: value_of(key + _LEAST))


def combine(one: Runs, other: Runs, join: Callable[[int, int], int]) -> Runs:
    """The coarsest partition in which each address has join(its value in `one`, its value in `other`).

    `join` is asked once for each distinct pair; neighbours for which it says the same become one run.
    """
    room = len(one.values) + len(other.values)
    starts, keys, state = no_starts(room), zeros("Q", room), zeros("Q", 3)
    ours, theirs = one.starts, other.starts
    while sweep.overlaps(
        ours.upper, ours.lower, one.values, theirs.upper, theirs.lower, other.values,
        -_LEAST, state, STRETCH, starts.upper, starts.lower, keys,
    ):  # fmt: skip
        pass
    cut_off(starts, state[2])
    del keys[state[2] :]
    return merge(starts, keys, lambda key: join((key >> 32) + _LEAST, (key & 0xFFFF_FFFF) + _LEAST))


def merge(starts: Starts, keys: "array[int]", value_of: Callable[[int], int]) -> Runs:
    """Runs from starts, and a key for what is found there. `value_of` is asked once for each distinct key, in order of
    first appearance."""
    numbers, known = number(keys)
    labels = array("i", map(value_of, known))
    writer = Writer(len(keys))
    writer.relabelled(Runs(starts, numbers), 0, len(keys), labels)
    return writer.written()


def number(keys: "array[int]") -> "tuple[array[int], array[int]]":
    """A number for each key, and the keys that the numbers stand for. Equal keys have equal numbers."""
    numbers, known = zeros("i", len(keys)), zeros("Q", len(keys))
    slots = zeros("I", 2 * len(keys) + 1)
    count = 0
    for first, until in stretches(0, len(keys)):
        count = number_keys(keys, first, until, numbers, slots, known, count)
    return numbers, known[:count]
