"""Editions → generations on disk → workers. Remembers what must not begin anew: serials, and the slots of counters."""

import asyncio
import logging
import time
from collections.abc import Mapping

from geodns.control import serials
from geodns.control.configurations import Configurations, Snapshot
from geodns.control.edition import Edition
from geodns.control.folder import StateFolder
from geodns.control.inputs import Inputs
from geodns.control.workers import Workers
from geodns.table.slots import Ledgers, Slots
from geodns.table.store import Manifest, Store
from geodns.table.transfers import Transfers

log = logging.getLogger(__name__)


class Publisher:
    """`generation` 0: nothing was published yet. `published` in seconds since the epoch."""

    def __init__(self, folder: StateFolder, workers: Workers) -> None:
        self._folder = folder
        self._workers = workers
        self._store = Store(folder.path)
        self.configurations = Configurations(folder.path)
        self.generation = 0
        self.published = 0.0
        self.serials: serials.Book = serials.from_json(folder.read("serials"))
        self.ledgers = _ledgers(folder.read("slots"))

    def snapshot(self, inputs: Inputs) -> Snapshot:
        """Of what the next reload is made from; goes with its edition to publish()."""
        return self.configurations.snapshot(inputs, self._store.next())

    def transfers(self) -> Transfers | None:
        """What copies of zones were made from last: the next ones go on from there. In a thread."""
        return self._store.transfers()

    def fall_back(self) -> bool:
        """Serves the newest whole generation from before; False where there is none."""
        newest = self._store.newest()
        if newest is None:
            return False
        self.generation, self.published = newest.generation, newest.created
        self._workers.publish(self.generation)
        return True

    async def publish(self, edition: Edition, snapshot: Snapshot | None = None) -> None:
        """Returns when the workers have been told; settle() follows. `snapshot`: after a reload. Raises OSError."""
        # In a thread: a large part takes its time until it is written, and probes must not wait for it.
        manifest = await asyncio.to_thread(self._put_with, edition, snapshot)
        self.generation, self.published = manifest.generation, manifest.created
        self.serials, self.ledgers = edition.serials, edition.ledgers
        self._workers.publish(manifest.generation)
        log.info("published generation %d", manifest.generation)

    async def settle(self) -> None:
        """What was published outlives a power cut when this returns.

        The workers have it already, so a fault here takes nothing back; the next generation is settled with it.
        """
        try:
            await asyncio.to_thread(self._store.settle)
        except OSError as error:
            log.error("generation %d is served, but may not outlive a power cut: %s", self.generation, error)

    def _put_with(self, edition: Edition, snapshot: Snapshot | None) -> Manifest:
        """The snapshot first, so that no generation is taken for one of the configuration before it."""
        if snapshot is None:
            return self._put(edition)
        number = self._store.next()
        self.configurations.put(number, snapshot)
        try:
            return self._put(edition)
        except OSError:
            self.configurations.drop(number)
            raise

    def _put(self, edition: Edition) -> Manifest:
        """A health flip changes neither serials nor slots, so what is written for it does not grow with the members."""
        if edition.serials is not self.serials:
            self._folder.write("serials", serials.to_json(edition.serials))
        if edition.ledgers is not self.ledgers:
            self._folder.write("slots", _slots(edition.ledgers))
        return self._store.put(edition.parts, time.time(), {"database": edition.inputs.atlas.name})


# The workers count on while control is restarted, so a label must keep its slot.


def _slots(ledgers: Ledgers) -> dict[str, object]:
    return {"zones": ledgers.zones.labels, "members": ledgers.members.labels}


def _ledgers(document: Mapping[str, object]) -> Ledgers:
    empty = Ledgers.empty()
    zones, members = (_words(document.get(key)) for key in ("zones", "members"))
    return Ledgers(Slots(empty.zones.limit, zones), Slots(empty.members.limit, members))


def _words(listed: object) -> tuple[str, ...]:
    return tuple(map(str, listed)) if isinstance(listed, list) else ()
