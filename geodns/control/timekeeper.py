"""What time alone changes (schedules, ramps, slow starts and hold-downs) → which pools are due, and when.

The asyncio edge of pacing.py. The pace is in the state folder before answers follow from it.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

from geodns.control.folder import StateFolder
from geodns.control.gathering import APART, RETRY, Publish
from geodns.control.pacing import TOGETHER, Pacing, from_json, to_json
from geodns.model.verdict import Outlook, Pace, PoolKey
from geodns.model.zone import Zone

log = logging.getLogger(__name__)

LONGEST = 60.0  # seconds until the clock is looked at again: somebody may have set it


class Timekeeper:
    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder
        self._pacing = Pacing(from_json(folder.read("pace")))
        self._kept = self._pacing.pace
        self._refreshed = asyncio.Event()

    def __repr__(self) -> str:
        return f"<Timekeeper {self._pacing!r}>"

    @property
    def pace(self) -> Pace:
        return self._pacing.pace

    def watch(self, zones: Iterable[Zone]) -> None:
        """These zones' pools from now on."""
        self._pacing.watch(zones)

    def pools(self) -> frozenset[PoolKey]:
        """All whose answers time may change."""
        return self._pacing.pools()

    def paced(self, outlook: Outlook, pools: Collection[PoolKey]) -> Outlook:
        """The outlook with the pace that it leads to, which is on disk then. `pools` stand otherwise than before.

        In a thread. Raises OSError.
        """
        paced = self._pacing.advance(outlook, pools)
        if paced.pace != self._kept:
            self._folder.write("pace", to_json(paced.pace))
            self._kept = paced.pace
        return paced

    def refreshed(self) -> None:
        """Answers have changed, so what is due next may be something else."""
        self._refreshed.set()

    async def run(self, publish: Publish, outlook: Callable[[], Outlook]) -> None:
        """Until cancelled. `publish` is awaited with the pools that are due; at most one generation a second."""
        while True:
            self._refreshed.clear()
            wait, pools = await asyncio.to_thread(self._pacing.next_change, outlook())
            with suppress(TimeoutError):
                async with asyncio.timeout(min(wait + TOGETHER, LONGEST)):
                    await self._refreshed.wait()
                continue
            if wait > LONGEST:
                continue
            try:
                await publish(pools)
            except OSError as error:
                log.error("ALARM: what is due now cannot be published: %s; trying again in %g s", error, RETRY)
                await asyncio.sleep(RETRY)
            await asyncio.sleep(APART)
