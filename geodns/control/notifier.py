"""Secondaries are told when a zone has changed (NOTIFY, RFC 1996), by UDP, five times until they acknowledge.

At the start all of them are told once, since nobody knows what they heard before. They are told after the workers serve
the change: whoever asks at once must not find what was there before.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import cast

from geodns.control.notify import notification, said_in_reply
from geodns.model.endpoint import Endpoint
from geodns.model.name import Name, show
from geodns.model.place import Address
from geodns.model.transfer import Told
from geodns.model.zone import Zone
from geodns.table.zone_names import soa_rdata

log = logging.getLogger(__name__)

TRIES = 5
FIRST_WAIT = 3.0  # seconds for the first try; each further one waits twice as long
ASKED = 20  # times at most that workers are asked whether they serve the change, each waits half a second for them
_PACE = 0.002  # seconds between two that are told: ten thousand zones are told in twenty seconds
_IDS = 65536

Key = tuple[Name, Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What was told to a secondary of a zone, and what it said. `at`: since when it is so, seconds since the epoch.

    `acknowledged` None: it is still waited for. `error`: why it is not acknowledged, or the last try was not.
    """

    serial: int
    at: float
    acknowledged: bool | None = None
    tries: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class _News:
    zone: Zone
    told: Told
    serial: int


class Notifier:
    """`served(generation)`: whether all workers serve it."""

    def __init__(self, served: Callable[[int], Awaitable[bool]], *, first_wait: float = FIRST_WAIT) -> None:
        self.words: dict[Key, Word] = {}
        self._served = served
        self._first_wait = first_wait
        self._news: list[_News] = []
        self._generation = 0
        self._listen: tuple[Endpoint, ...] = ()
        self._told = asyncio.Event()
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._lines: dict[Address | int, _Line] = {}

    def tell(
        self, zones: Sequence[Zone], serials: Callable[[Zone], int], generation: int, listen: Iterable[Endpoint]
    ) -> None:
        """Those who have not been told of these serials will be, once the generation is served."""
        wanted = {(zone.name, told): (zone, serials(zone)) for zone, told in _secondaries(zones)}
        for key in self.words.keys() - wanted.keys():
            del self.words[key]
            if key in self._tasks:
                self._tasks[key].cancel()
        now = time.time()
        for key, (zone, serial) in wanted.items():
            if key in self.words and self.words[key].serial == serial:
                continue
            self.words[key] = Word(serial=serial, at=now)
            self._news.append(_News(zone, key[1], serial))
        self._generation = generation
        self._listen = tuple(listen)
        if self._news:
            self._told.set()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    await self._told.wait()
                    self._told.clear()
                    news, self._news = self._news, []
                    await self._until_served()
                    for each in news:
                        self._begin(tasks, each)
                        await asyncio.sleep(_PACE)
        finally:
            for line in self._lines.values():
                line.close()

    async def _until_served(self) -> None:
        for _ in range(ASKED):
            if await self._served(self._generation):
                return
            await asyncio.sleep(0.1)

    def _begin(self, tasks: asyncio.TaskGroup, news: _News) -> None:
        key = news.zone.name, news.told
        if key not in self.words:  # a later reload has dropped it
            return
        if key in self._tasks:
            self._tasks[key].cancel()
        task = tasks.create_task(self._notify(news))
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._tasks.pop(key) if self._tasks.get(key) is done else None)

    async def _notify(self, news: _News) -> None:
        wait = self._first_wait
        for number in range(1, TRIES + 1):
            try:
                error = await self._try(news, wait)
            except OSError as fault:
                error = f"it cannot be reached: {fault.strerror or fault}"
                await asyncio.sleep(wait)
            if error is None:
                error = "it does not reply"
            elif error == "" or error.startswith("it replied"):
                self._note(news, number, error, is_over=True)
                return
            self._note(news, number, error, is_over=number == TRIES)
            wait *= 2

    async def _try(self, news: _News, wait: float) -> str | None:
        """Empty: acknowledged; None: no reply. Raises OSError."""
        line = await self._line(news.told.endpoint)
        zone, told = news.zone, news.told
        id_ = line.free_id()
        message = notification(zone.name, soa_rdata(zone.soa, news.serial), zone.soa.ttl, told.key, id_)
        replies = line.expect(id_, told.endpoint)
        try:
            line.send(message.to_wire(), told.endpoint)
            async with asyncio.timeout(wait):
                while (said := said_in_reply(await replies.get(), message, told.key)) is None:
                    pass
            return said
        except TimeoutError:
            return None
        finally:
            line.forget(id_)

    def _note(self, news: _News, tries: int, error: str, *, is_over: bool) -> None:
        key = news.zone.name, news.told
        word = self.words.get(key)
        if word is None or word.serial != news.serial:
            return
        acknowledged = (not error) if is_over else None
        self.words[key] = replace(word, tries=tries, error=error, at=time.time(), acknowledged=acknowledged)
        if is_over and error:
            log.warning(
                "%s has not acknowledged serial %d of %s: %s", news.told, news.serial, show(news.zone.name), error
            )
        elif is_over:
            log.info("%s knows of serial %d of %s", news.told, news.serial, show(news.zone.name))

    async def _line(self, to: Endpoint) -> "_Line":
        source = source_for(to.address, self._listen)
        key = source or to.address.version
        if key not in self._lines:
            local = str(source) if source else "0.0.0.0" if to.address.version == 4 else "::"
            loop = asyncio.get_running_loop()
            _, line = await loop.create_datagram_endpoint(_Line, local_addr=(local, 0))
            if key in self._lines:  # opened by another meanwhile
                line.close()
            else:
                self._lines[key] = line
        return self._lines[key]


def source_for(to: Address, listen: Iterable[Endpoint]) -> Address | None:
    """The address to tell it from, by which secondaries know us: the first that we listen on. None: any."""
    for endpoint in listen:
        mine = endpoint.address
        if mine.version == to.version and not mine.is_unspecified and mine.is_loopback == to.is_loopback:
            return mine
    return None


def _secondaries(zones: Iterable[Zone]) -> Iterator[tuple[Zone, Told]]:
    """Not of void zones: who came for one would get nothing. When it is good again, they are told as at the start."""
    for zone in zones:
        for told in zone.transfer.notify if zone.transfer is not None and not zone.is_void else ():
            yield zone, told


class _Line(asyncio.DatagramProtocol):
    """A socket for all that is told from one address. Replies go by their number to who waits for them."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[Endpoint, asyncio.Queue[bytes]]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def free_id(self) -> int:
        if len(self._waiting) > _IDS // 2:
            raise OSError("too many are waited for")
        while (id_ := random.randrange(_IDS)) in self._waiting:
            pass
        return id_

    def expect(self, id_: int, endpoint: Endpoint) -> "asyncio.Queue[bytes]":
        queue: asyncio.Queue[bytes] = asyncio.Queue(8)
        self._waiting[id_] = endpoint, queue
        return queue

    def forget(self, id_: int) -> None:
        self._waiting.pop(id_, None)

    def send(self, octets: bytes, endpoint: Endpoint) -> None:
        self._transport.sendto(octets, (str(endpoint.address), endpoint.port))

    def datagram_received(self, octets: bytes, source: tuple[str, int]) -> None:
        endpoint, queue = self._waiting.get(int.from_bytes(octets[:2], "big"), (None, None))
        if endpoint is None or queue is None or (str(endpoint.address), endpoint.port) != source[:2]:
            return
        with suppress(asyncio.QueueFull):
            queue.put_nowait(octets)

    def error_received(self, error: Exception) -> None:
        """Of some datagram or other; whoever waits for the reply to it will try again."""

    def close(self) -> None:
        self._transport.close()
