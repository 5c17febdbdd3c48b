"""The workers' counters, added up: what /metrics and status show."""

import mmap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from geodns.answer import cells
from geodns.answer.memory import OUTCOMES, TYPES
from geodns.answer.terms import COOKIE_BAD, COOKIE_NEW, COOKIE_VALID
from geodns.serve.counts import COUNTS_SIZE, Counts, Event
from geodns.serve.premises import COUNTS_AT, shares
from geodns.table.slots import Ledgers

OTHER = "other"
_COOKIES = {COOKIE_NEW: "new", COOKIE_BAD: "bad", COOKIE_VALID: "valid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Since the keeper was started. `questions` by (zone, type, outcome); `answers` by the member's label."""

    questions: Mapping[tuple[str, str, str], int]
    answers: Mapping[str, int]
    dropped: int
    truncated: int
    faults: int
    cookies: Mapping[str, int]  # queries with one, by what it was found to be
    events: Mapping[str, int]  # by the event's name, lower case


class Tallies:
    """The mappings of all workers, read only."""

    def __init__(self, descriptors: Sequence[int]) -> None:
        maps = [share for fd in descriptors for share in shares(memoryview(mmap.mmap(fd, 0, access=mmap.ACCESS_READ)))]
        self._counts = [each[: cells.MEMORY_SIZE].cast("Q") for each in maps]
        self._events = [Counts(each[COUNTS_AT : COUNTS_AT + COUNTS_SIZE]) for each in maps]

    def read(self, ledgers: Ledgers) -> Totals:
        """Only slots that somebody has are looked at; the ones that share the last slot are told as "other"."""
        return Totals(
            questions=Counter(dict(self._questions(ledgers))),
            answers={label: count for label, count in self._answers(ledgers) if count},
            dropped=self._sum(cells.DROPPED),
            truncated=self._sum(cells.TRUNCATED),
            faults=self._sum(cells.FAULTS),
            cookies={name: self._sum(cells.COOKIES + found) for found, name in _COOKIES.items()},
            events={event.name.lower(): sum(counts.read()[event] for counts in self._events) for event in Event},
        )

    def _questions(self, ledgers: Ledgers) -> Iterator[tuple[tuple[str, str, str], int]]:
        slots = {"": 0, **ledgers.zones.numbered(), OTHER: ledgers.zones.last}
        row = len(TYPES) * len(OUTCOMES)
        for zone, slot in slots.items():
            first = cells.QUESTIONS + slot * row
            counts = self._sums(first, row)
            for index, count in enumerate(counts):
                if count:
                    yield (zone, TYPES[index // len(OUTCOMES)], OUTCOMES[index % len(OUTCOMES)]), count

    def _answers(self, ledgers: Ledgers) -> Iterator[tuple[str, int]]:
        for label, slot in ledgers.members.numbered().items():
            yield label, self._sum(cells.PICKS + slot)
        yield OTHER, self._sum(cells.PICKS + ledgers.members.last)

    def _sum(self, index: int) -> int:
        return sum(counts[index] for counts in self._counts)

    def _sums(self, first: int, size: int) -> list[int]:
        return [sum(column) for column in zip(*(counts[first : first + size] for counts in self._counts), strict=True)]
