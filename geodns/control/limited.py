"""Which prefixes of clients are limited: what the workers note of it → lines in the log, and status."""

import asyncio
import logging
import mmap
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network

from geodns.answer import cells
from geodns.model.place import Network

log = logging.getLogger(__name__)

LOOK = 10.0  # seconds from one look to the next
TELL = 6  # looks to a line in the log, at the most often
SHOWN = 5  # prefixes at a time


class Limited:
    """Over the mapping of the workers; without one, or an empty one, nobody is limited. `recent`: at the last look."""

    def __init__(self, fd: int | None = None) -> None:
        size = 0 if fd is None else os.fstat(fd).st_size
        self._words = memoryview(bytearray(8 * cells.ACCOUNTS) if fd is None or size == 0 else mmap.mmap(fd, 0)).cast(
            "Q"
        )
        self.is_on = size > 0
        self.recent: Mapping[Network, int] = {}
        self._untold: Counter[Network] = Counter()
        self._looks = TELL  # since the last line: the first comes at once

    @property
    def is_dry_run(self) -> bool:
        return bool(self._words[cells.PREFIXES] >> 16)

    async def run(self) -> None:
        """Until cancelled."""
        while self.is_on:
            await asyncio.sleep(LOOK)
            self.look()

    def look(self) -> None:
        self.recent = self._take()
        self._untold.update(self.recent)
        self._looks += 1
        if self._untold and self._looks >= TELL:
            for line in lines(self._untold, self.is_dry_run):
                log.warning("%s", line)
            self._untold.clear()
            self._looks = 0

    def _take(self) -> Mapping[Network, int]:
        """Reads the slots and empties them. What a worker notes meanwhile may be lost, or told under another prefix."""
        found: Counter[Network] = Counter()
        for slot in range(cells.CROWD, cells.ACCOUNTS, cells.CROWD_WORDS):
            high, low, count, _ = self._words[slot : slot + cells.CROWD_WORDS]
            if count:
                found[self._network(high, low)] += count
                self._words[slot + 2] = self._words[slot + 3] = 0
        return dict(found.most_common())

    def _network(self, high: int, low: int) -> Network:
        prefixes = self._words[cells.PREFIXES]
        if high == 0 and low >> 32 == 0xFFFF:
            return IPv4Network((low & 0xFFFFFFFF, prefixes >> 8 & 0xFF), strict=False)
        return IPv6Network((high << 64 | low, prefixes & 0xFF), strict=False)


def lines(limited: Mapping[Network, int], is_dry_run: bool) -> Iterator[str]:
    """The largest first. Forged sources are whom a flood is aimed at, so these are not names of the guilty."""
    rest = len(limited) - SHOWN
    for prefix, count in Counter(limited).most_common(SHOWN):
        what = "would have been limited (dry run)" if is_dry_run else "were limited"
        yield f"rate limit: {count} responses to {prefix} {what}"
    if rest > 0:
        yield f"rate limit: and some to {rest} more {'prefix' if rest == 1 else 'prefixes'}"
