"""One sorted partition of an address space: run i goes from starts[i] to just before starts[i + 1].

Everything geographic is a partition (places, own networks, special blocks), so one operation serves them all: lay two
of them over each other and say what each pair of values comes to.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Runs:
    """Addresses as integers; starts[0] is 0 and they rise strictly."""

    starts: Sequence[int] = field(repr=False)
    values: Sequence[int] = field(repr=False)

    def at(self, address: int) -> int:
        """The value of the run that the address lies in."""
        return self.values[bisect_right(self.starts, address) - 1]

    def spans(self, bits: int) -> Iterator[tuple[int, int, int]]:
        """First address, the one after the last, and value of each run in a space of `bits`-bit addresses."""
        return zip(self.starts, chain(islice(self.starts, 1, None), (1 << bits,)), self.values, strict=True)


def uniform(value: int) -> Runs:
    """The whole space as one run."""
    return Runs((0,), (value,))


def combine(one: Runs, other: Runs, join: Callable[[int, int], int]) -> Runs:
    """The coarsest partition in which each address has join(its value in `one`, its value in `other`).

    `join` is asked once for each distinct pair; neighbours for which it says the same become one run.
    """
    return merge(_overlaps(one, other), lambda pair: join(*pair))


def relabel(runs: Runs, value_of: Callable[[int], int]) -> Runs:
    """The partition with other values, and equal neighbours merged."""
    return merge(zip(runs.starts, runs.values, strict=True), value_of)


def merge(stretches: Iterable[tuple[int, T]], value_of: Callable[[T], int]) -> Runs:
    """Runs from starts, in rising order, and what is found there. `value_of` is asked once for each distinct find."""
    known: dict[T, int] = {}
    starts: list[int] = []
    values: list[int] = []
    last: int | None = None
    for start, found in stretches:
        value = known.get(found)
        if value is None:
            value = known[found] = value_of(found)
        if value != last:
            starts.append(start)
            values.append(value)
            last = value
    return Runs(starts, values)


def _overlaps(one: Runs, other: Runs) -> Iterator[tuple[int, tuple[int, int]]]:
    """The start and the two values of each stretch in which neither partition changes, in rising order.

    One of them is nearly always far shorter, so that one is walked outside, and the stretches inside run fast.
    """
    if len(one.starts) < len(other.starts):
        for start, (theirs, ours) in _overlaps(other, one):
            yield start, (ours, theirs)
        return
    fine_starts, fine_values = one.starts, one.values
    at = 0
    for index, (start, value) in enumerate(zip(other.starts, other.values, strict=True)):
        last_run = index + 1 == len(other.starts)
        end = len(fine_starts) if last_run else bisect_right(fine_starts, other.starts[index + 1] - 1, at)
        if at == end or fine_starts[at] != start:
            yield start, (fine_values[at - 1], value)
        for fine in range(at, end):
            yield fine_starts[fine], (fine_values[fine], value)
        at = end
