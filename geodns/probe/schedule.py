"""Who is asked when. Time comes in as an argument; any clock that does not run backwards will do.

Rules:
- A new target is first asked within its interval, but within ten seconds at the latest; when in that span its key
  decides, so that starts are spread and a restart spreads them in the same way.
- From then on it is asked every `interval`, counted from start to start: how long an answer took moves nothing.
- Beats that were missed (the machine slept, all slots were taken) are left out, not made up for.
- A reload moves nobody who stays.
"""

from collections.abc import Collection
from heapq import heapify, heappop, heappush
from zlib import crc32

from geodns.model.check import Target

FIRST_WITHIN = 10.0  # seconds; a check that runs every ten minutes should not leave a member unjudged for that long


class Schedule:
    """The targets in the order in which they are due."""

    def __init__(self) -> None:
        self._due: dict[Target, float] = {}
        self._heap: list[tuple[float, int, Target]] = []  # the number settles ties: targets have no order

    def __repr__(self) -> str:
        return f"<Schedule {len(self._heap)} targets, the next at {self.next_at()}>"

    def __contains__(self, target: Target) -> bool:
        return target in self._due

    def retarget(self, targets: Collection[Target], now: float) -> None:
        """From now on these and no others; those that stay keep their rhythm."""
        self._due = {target: self._due.get(target, now + first_delay(target)) for target in targets}
        self._heap = [(due, number, target) for number, (target, due) in enumerate(self._due.items())]
        heapify(self._heap)

    def next_at(self) -> float | None:
        """When somebody is due; None: nobody ever."""
        return self._heap[0][0] if self._heap else None

    def take(self, now: float) -> Target | None:
        """Whoever has been due for longest, with the next beat noted; None: nobody is due yet."""
        if not self._heap or self._heap[0][0] > now:
            return None
        due, number, target = heappop(self._heap)
        self._due[target] = next_beat(due, target.check.interval, now)
        heappush(self._heap, (self._due[target], number, target))
        return target


def first_delay(target: Target) -> float:
    """Seconds from the moment when a target becomes known to its first probe."""
    share = crc32(str(target).encode()) / 2**32  # Python's own hash is another one in each process
    return share * min(target.check.interval, FIRST_WITHIN)


def next_beat(due: float, interval: float, now: float) -> float:
    """The first beat after `now` in the rhythm that `due` belongs to."""
    missed = max(0.0, (now - due) // interval)
    return due + interval * (missed + 1)
