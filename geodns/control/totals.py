"""The counters of workers and fronts, added up: what /metrics and status show."""

import mmap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from geodns.answer import cells
from geodns.answer.memory import OUTCOMES, TYPES
from geodns.control.certificates import Certificate
from geodns.serve.counts import COUNTS_SIZE, Counts, Event
from geodns.serve.premises import CERTIFICATE_AT, COUNTS_AT, shares
from geodns.serve.presented import CertificateCells
from geodns.table.slots import Ledgers

OTHER = "other"
KINDS = ("name", "missing", "error", "total")
FATES = ("sent", "dropped", "slipped", "dry_run")
FRONT_TRANSPORTS = ("tls", "https")  # in the order of a front's shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Since the keeper was started. `questions` by (zone, type, outcome); `answers` by the member's label."""

    questions: Mapping[tuple[str, str, str], int]
    answers: Mapping[str, int]
    limited: Mapping[tuple[str, str], int]  # by (kind, fate): replies that were too much
    dropped: int
    truncated: int
    faults: int
    events: Mapping[str, int]  # by the event's name, lower case
    transports: Mapping[str, Mapping[Event, int]]  # the same apart, by how it came: udp, tcp, tls, https


class Tallies:
    """The mappings of all workers and fronts, read only."""

    def __init__(self, workers: Sequence[int], fronts: Sequence[int] = ()) -> None:
        front_maps = [_mapped(fd) for fd in fronts]
        parts = [
            *(
                (share, "udp" if number else "tcp")
                for fd in workers
                for number, share in enumerate(shares(_mapped(fd)))
            ),
            *((share, how) for each in front_maps for share, how in zip(shares(each), FRONT_TRANSPORTS, strict=True)),
        ]
        self._counts = [share[: cells.MEMORY_SIZE].cast("Q") for share, _ in parts]
        self._events = [Counts(share[COUNTS_AT : COUNTS_AT + COUNTS_SIZE]) for share, _ in parts]
        self._transports = [how for _, how in parts]
        self._certificates = [CertificateCells(each[CERTIFICATE_AT:]) for each in front_maps]

    def certificates(self) -> tuple[Certificate, ...]:
        """Of each front that has shown one."""
        return tuple(
            Certificate(expires=each.expires, is_broken=each.is_broken) for each in self._certificates if each.expires
        )

    def read(self, ledgers: Ledgers) -> Totals:
        """Only slots that somebody has are looked at; the ones that share the last slot are told as "other"."""
        events = self._by_transport()
        return Totals(
            questions=Counter(dict(self._questions(ledgers))),
            answers={label: count for label, count in self._answers(ledgers) if count},
            limited=dict(self._limited()),
            dropped=self._sum(cells.DROPPED),
            truncated=self._sum(cells.TRUNCATED),
            faults=self._sum(cells.FAULTS),
            events={event.name.lower(): sum(each[event] for each in events.values()) for event in Event},
            transports=events,
        )

    def _by_transport(self) -> Mapping[str, Mapping[Event, int]]:
        found: dict[str, Counter[Event]] = {how: Counter() for how in self._transports}
        for how, counts in zip(self._transports, self._events, strict=True):
            found[how].update(counts.read())
        return found

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

    def _limited(self) -> Iterator[tuple[tuple[str, str], int]]:
        for kind, kind_name in enumerate(KINDS):
            for fate in (cells.DROPPED_REPLY, cells.SLIPPED, cells.SPARED):
                yield (kind_name, FATES[fate]), self._sum(cells.LIMITED + kind * cells.FATE_COUNT + fate)

    def _sum(self, index: int) -> int:
        return sum(counts[index] for counts in self._counts)

    def _sums(self, first: int, size: int) -> list[int]:
        return [sum(column) for column in zip(*(counts[first : first + size] for counts in self._counts), strict=True)]


def _mapped(fd: int) -> memoryview:
    return memoryview(mmap.mmap(fd, 0, access=mmap.ACCESS_READ))
