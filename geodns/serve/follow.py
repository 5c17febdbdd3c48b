"""Published generations → the current table: load, verify, swap one reference, say so.

What control says is a hint: what counts is the newest whole generation in the state folder, as words may be old or
lost where a worker was away. One that is missing or does not verify is refused, and the table before it answers on.
"""

import asyncio
import logging
import os
from collections.abc import Callable

from geodns.serve.channel import Channel
from geodns.serve.current import Current
from geodns.serve.messages import Ask, Notified, Publish, Refused, Serving
from geodns.table.image import Table
from geodns.table.store import BadGeneration, Store

log = logging.getLogger(__name__)


def should_serve(newest: int, *, current: int, wanted: int) -> bool:
    """Whether the newest whole generation replaces the current one.

    A wanted one below the current one is right too: the state folder was emptied and the count began anew.
    """
    return newest > current or newest >= wanted


class Follower:
    """`settle` is called after each swap."""

    def __init__(self, current: Current, store: Store, channel: Channel, settle: Callable[[], None]) -> None:
        self._current = current
        self._store = store
        self._channel = channel
        self._settle = settle
        self._wanted = 0  # what control published last
        self._published = asyncio.Event()

    async def start(self) -> None:
        """Serves the newest generation, where there is one. Control is told unasked: it may have waited for us."""
        newest = await asyncio.to_thread(self._store.newest)
        if newest is None:
            log.info("there is no generation yet: every query gets SERVFAIL until control has published one")
        else:
            self._serve(newest)
        self._say_serving()

    async def follow(self) -> None:
        """For ever. Of several generations published while one is being loaded only the last one matters."""
        while True:
            await self._published.wait()
            self._published.clear()
            await self._take_up(self._wanted)

    def hear(self) -> None:
        """For `add_reader`: control has said something."""
        for message in self._channel.messages():
            match message:
                case Publish(generation):
                    self._wanted = generation
                    self._published.set()
                case Ask():
                    self._say_serving()
                case Serving() | Refused() | Notified():
                    log.warning("ignored %r, which is for a worker to say", message)

    async def _take_up(self, wanted: int) -> None:
        # In a thread: reading and checking a large table must not keep the queries waiting.
        newest, fault = await asyncio.to_thread(_load, self._store, wanted)
        if fault:
            log.error("generation %d is refused: %s; generation %d answers on", wanted, fault, self._generation())
            self._channel.send(Refused(wanted, fault))
        if newest is not None and should_serve(newest.generation, current=self._generation(), wanted=wanted):
            self._serve(newest)
            self._say_serving()

    def _serve(self, table: Table) -> None:
        self._current.replace(table)
        log.debug("serving generation %d", table.generation)
        self._settle()

    def _generation(self) -> int:
        return self._current.table.generation if self._current.table else 0

    def _say_serving(self) -> None:
        self._channel.send(Serving(self._generation(), os.getpid()))


def _load(store: Store, wanted: int) -> tuple[Table | None, str]:
    """The newest whole generation, and what is wrong with the wanted one where it is older than that."""
    newest = None
    try:
        newest = store.newest()
        if newest is not None and newest.generation >= wanted:
            return newest, ""
        return store.load(wanted), ""
    except (BadGeneration, OSError) as error:
        return newest, str(error)
