"""Probe results → counts and a histogram of durations. Labels are zone and check, so configuration bounds them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from geodns.model.check import Result

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds, as the Prometheus clients have them


class Histogram:
    """How many took how long, and how long all of them."""

    def __init__(self) -> None:
        self.sum = 0.0  # seconds
        self._cells = [0] * (len(BOUNDS) + 1)

    def add(self, took: float) -> None:
        self.sum += took
        self._cells[bisect_left(BOUNDS, took)] += 1

    def buckets(self) -> list[tuple[str, float]]:
        """(upper bound, how many took at most so long)."""
        bounds = [*map(str, BOUNDS), "+Inf"]
        return [(bound, float(count)) for bound, count in zip(bounds, accumulate(self._cells), strict=True)]


class Timings:
    """Of all checks since the start."""

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str, str]] = Counter()  # by zone, check, pass or fail
        self._durations: dict[tuple[str, str], Histogram] = {}

    def hear(self, result: Result) -> None:
        check = result.target.check
        self.outcomes[check.zone, check.name, "pass" if result.ok else "fail"] += 1
        self._durations.setdefault((check.zone, check.name), Histogram()).add(result.took)

    def durations(self) -> Iterator[tuple[tuple[str, str], Histogram]]:
        """(zone, check) and its histogram."""
        yield from self._durations.items()
