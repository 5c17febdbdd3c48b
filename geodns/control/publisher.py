"""Editions → generations on disk → workers. Remembers what must not begin anew: serials, and the slots of counters."""

import asyncio
import logging
import time
from contextlib import suppress

from geodns.control import serials
from geodns.control.edition import Edition
from geodns.control.folder import StateFolder
from geodns.control.workers import Workers
from geodns.table.slots import Ledgers, Slots
from geodns.table.store import BadGeneration, Store

log = logging.getLogger(__name__)


class Publisher:
    """`generation` 0: nothing was published yet. `published` in seconds since the epoch."""

    def __init__(self, folder: StateFolder, workers: Workers) -> None:
        self._folder = folder
        self._workers = workers
        self._store = Store(folder.path)
        self.generation = 0
        self.published = 0.0
        self.serials: serials.Book = serials.from_json(folder.read("serials"))
        self.ledgers = self._last_ledgers()

    def fall_back(self) -> bool:
        """Serves the newest whole generation from before; False where there is none."""
        newest = self._store.newest()
        if newest is None:
            return False
        self.generation, self.published = newest.generation, newest.created
        self._workers.publish(self.generation)
        return True

    async def publish(self, edition: Edition) -> None:
        memo: dict[str, object] = {
            "zones": list(edition.ledgers.zones.labels),
            "members": list(edition.ledgers.members.labels),
            "database": edition.inputs.atlas.name,
        }
        if edition.serials != self.serials:
            self._folder.write("serials", serials.to_json(edition.serials))
        # In a thread: a large part takes its time until it is on the disk, and probes must not wait for it.
        manifest = await asyncio.to_thread(self._store.publish, edition.parts, time.time(), memo)
        self.generation, self.published = manifest.generation, manifest.created
        self.serials, self.ledgers = edition.serials, edition.ledgers
        self._workers.publish(manifest.generation)
        log.info("published generation %d", manifest.generation)

    def _last_ledgers(self) -> Ledgers:
        """The workers count on while control is restarted, so a label must keep its slot."""
        empty = Ledgers.empty()
        for number in self._store.numbers():
            with suppress(BadGeneration):
                memo = self._store.manifest(number).memo
                zones, members = (_words(memo.get(key)) for key in ("zones", "members"))
                return Ledgers(Slots(empty.zones.limit, zones), Slots(empty.members.limit, members))
        return empty


def _words(listed: object) -> tuple[str, ...]:
    return tuple(map(str, listed)) if isinstance(listed, list) else ()
