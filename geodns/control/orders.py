"""What operators say through the API: on disk first, then in the answers, and all or nothing; until it expires.

The asyncio edge of overrides.py.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress

from geodns.control.folder import StateFolder
from geodns.control.gathering import RETRY, Publish
from geodns.control.overrides import from_json, in_force, next_expiry, ordered, to_json
from geodns.model.name import show
from geodns.model.verdict import MemberKey, Override

log = logging.getLogger(__name__)


class OrderBook:
    """`overrides`: all that is kept, what has expired a moment ago too."""

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder
        self._ordered = asyncio.Event()
        self.overrides: Mapping[MemberKey, Override] = from_json(folder.read("overrides"))

    def __repr__(self) -> str:
        return f"<OrderBook of {len(self.overrides)} members>"

    def in_force(self, now: float) -> Mapping[MemberKey, Override]:
        """`now`: seconds since the epoch."""
        return in_force(self.overrides, now)

    async def take(self, key: MemberKey, said: Override | None, publish: Publish) -> None:
        """Sets an override, or takes it back; returns when the generation that follows from it is published.

        Raises OSError where the state folder cannot be written; all is then as it was.
        """
        before = self.overrides.get(key)
        self._keep(key, said)
        order = f"{said.state.value} by {said.author}: {said.reason}" if said else "health decides again"
        log.info("%s%s/%s: %s", show(key.zone), key.pool, key.member, order)
        self._ordered.set()
        try:
            await publish([(key.zone, key.pool)])
        except OSError:
            self._keep(key, before)  # refused as a whole: nothing of it may take hold with the next verdict
            raise

    async def run(self, publish: Publish) -> None:
        """Until cancelled. Takes back what has expired."""
        while True:
            self._ordered.clear()
            try:
                await self._drop_expired(publish)
            except OSError as error:
                log.error("ALARM: an override is over but stays in the answers: %s; trying again in %g s", error, RETRY)
                await asyncio.sleep(RETRY)
                continue
            soonest = next_expiry(self.overrides)
            with suppress(TimeoutError):
                async with asyncio.timeout(None if soonest is None else max(0.0, soonest - time.time())):
                    await self._ordered.wait()

    async def _drop_expired(self, publish: Publish) -> None:
        for key in self.overrides.keys() - self.in_force(time.time()).keys():
            await self.take(key, None, publish)

    def _keep(self, key: MemberKey, said: Override | None) -> None:
        """On disk first: an order that a restart would forget is not followed."""
        overrides = ordered(self.overrides, key, said)
        self._folder.write("overrides", to_json(overrides))
        self.overrides = overrides
