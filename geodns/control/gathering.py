"""Pools that have changed → when that is published. Pure: time is an argument, of a clock that does not run backwards.

Rules:
- The first flip after a quiet second goes out at once, but for the moment in which others are heard that fell with it.
- Flips that follow are gathered until that second is over, and then they are one generation. So the fault of many
  members makes at most one generation a second, however long it goes on.
- That a verdict could flip sooner (the TTL of answers follows from it) can wait for a second, and holds up no flip.
- Whatever is published takes along all that waits.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable

from geodns.model.verdict import PoolKey

Publish = Callable[[Collection[PoolKey]], Awaitable[None]]  # is awaited with the pools whose answers may have changed

MOMENT = 0.01  # seconds; a page that times out on ten members ends on all of them within a few milliseconds
APART = 1.0  # seconds between two publications of flips
RETRY = 5.0  # seconds until what could not be published is tried again


class Gathering:
    """Changed pools that are not published yet. Times in seconds."""

    def __init__(self) -> None:
        self.due: float | None = None  # when to publish; None: nothing has changed
        self._pools: set[PoolKey] = set()
        self._has_flip = False
        self._flips_from = float("-inf")  # no publication of flips before this

    def __repr__(self) -> str:
        return f"<Gathering {len(self._pools)} pools, due at {self.due}>"

    def flipped(self, pools: Iterable[PoolKey], now: float) -> None:
        """A verdict of theirs is another one."""
        self._has_flip = True
        self._add(pools, max(now + MOMENT, self._flips_from))

    def stirred(self, pools: Iterable[PoolKey], now: float) -> None:
        """The time in which a verdict of theirs could next flip is another one."""
        self._add(pools, now + APART)

    def refused(self, pools: Collection[PoolKey], until: float) -> None:
        """They could not be published; it is tried again then, or together with what changes sooner."""
        self._add(pools, until)

    def take(self, now: float) -> frozenset[PoolKey]:
        """The pools to publish now; none before it is time."""
        if self.due is None or self.due > now:
            return frozenset()
        pools = frozenset(self._pools)
        if self._has_flip:
            self._flips_from = now + APART
        self.due, self._has_flip = None, False
        self._pools.clear()
        return pools

    def _add(self, pools: Iterable[PoolKey], due: float) -> None:
        self._pools.update(pools)
        if self._pools:
            self.due = due if self.due is None else min(due, self.due)
