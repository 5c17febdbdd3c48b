"""One open stream: its transport, whose it is, and how long it may idle.

A connection must get on: from one whole query answered to the next at most `idle` seconds may pass. The same limit cuts
off who says nothing, who sends a query or a handshake octet by octet, and who does not take the replies. While replies
are not taken nothing more is read, so a connection holds little memory whatever its peer does.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from geodns.serve.admission import Admission
from geodns.serve.counts import Counts, Event
from geodns.serve.line import Line, Speaker
from geodns.serve.peer import BadPreface, PrefaceFor, expect_none, peer_of
from geodns.serve.sockets import BACKLOG

CHUNK = 4096  # octets read at a time: bounds the work between two turns of the loop
UNSENT_LIMIT = 32768  # octets of replies that wait for the peer; beyond them its queries wait
FAREWELL = 1.0  # seconds in which replies may still be taken when the process ends

Speak = Callable[[Line], Speaker]


class Reception:
    """The open connections of one transport, and what they share. `speak` makes what a connection speaks."""

    def __init__(
        self,
        speak: Speak,
        counts: Counts,
        *,
        idle: float = 10.0,
        connections: int = 500,
        each: int = 100,
        preface_for: PrefaceFor = expect_none,
    ) -> None:
        self.speak = speak
        self.counts = counts
        self.idle = idle  # seconds
        self.preface_for = preface_for
        self.chunk = memoryview(bytearray(CHUNK))  # filled and emptied within one call, so one serves all
        self.admission = Admission(counts, limit=connections, each=each)
        self._open: set[Connection] = set()
        self._servers: list[asyncio.Server] = []
        self._empty = asyncio.Event()

    async def listen(self, sock: socket.socket) -> None:
        """Takes over a listening socket."""
        loop = asyncio.get_running_loop()
        self._servers.append(await loop.create_server(lambda: Connection(self), sock=sock, backlog=BACKLOG))

    async def close(self) -> None:
        """No more queries; replies on their way may still be taken for a moment."""
        for server in self._servers:
            server.close()
        for connection in list(self._open):
            connection.leave()
        await self._wait_until_empty()
        for connection in list(self._open):
            connection.abort()
        await self._wait_until_empty()

    async def _wait_until_empty(self) -> None:
        self._empty.clear()
        if not self._open:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await self._empty.wait()

    def admit(self, connection: "Connection") -> None:
        self._open.add(connection)
        self.admission.admit(connection)

    def dismiss(self, connection: "Connection") -> None:
        self.admission.dismiss(connection)
        self._open.discard(connection)
        if not self._open:
            self._empty.set()


class Connection(asyncio.BufferedProtocol):
    """A Line, to what is spoken on it."""

    client = memoryview(b"")  # until it is known

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._loop = asyncio.get_running_loop()
        self._blocked = False  # the peer does not take its replies
        self._speaker: Speaker | None = None  # None: it is not known who asks

    # ── called by asyncio ─────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=UNSENT_LIMIT)
        self._got_on_at = self._loop.time()
        self._timer = self._loop.call_later(self._reception.idle, self._check_idle)
        self._reception.admit(self)
        peer = peer_of(transport)
        if not peer:
            self._transport.abort()
            return
        self._preface = self._reception.preface_for(peer)
        if self._preface is None:
            self._begin(peer)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._reception.chunk

    def buffer_updated(self, nbytes: int) -> None:
        octets = self._reception.chunk[:nbytes]
        if self._speaker is not None:
            self._speaker.received(octets)
        else:
            self._introduce(bytes(octets))

    def eof_received(self) -> bool:
        return self._speaker is not None and self._speaker.finished()

    def pause_writing(self) -> None:
        self._blocked = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._blocked = False
        if self._speaker is not None:
            self._speaker.resumed()
        if not self._blocked:
            self._transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self._timer.cancel()
        self._reception.dismiss(self)
        if self._speaker is not None:
            self._speaker.lost()

    # ── who asks ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _introduce(self, octets: bytes) -> None:
        if self._preface is None:  # closing already
            return
        try:
            introduced = self._preface.feed(octets)
        except BadPreface:
            self._reception.counts.add(Event.PROXY_REFUSED)
            self._transport.abort()
            return
        if introduced is None:
            return
        speaker = self._begin(introduced.client)
        if introduced.rest:
            speaker.received(memoryview(introduced.rest))

    def _begin(self, client: bytes) -> Speaker:
        self.client = memoryview(client)
        self._reception.admission.attribute(self, self.client)
        self._speaker = self._reception.speak(self)
        return self._speaker

    # ── a Line ────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def is_open(self) -> bool:
        return not self._blocked and not self._transport.is_closing()

    def write(self, octets: bytes) -> None:
        self._transport.write(octets)

    def got_on(self) -> None:
        self._got_on_at = self._loop.time()
        self._reception.admission.freshen(self)

    def close(self) -> None:
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def leave(self) -> None:
        if self._speaker is not None:
            self._speaker.leave()
        else:
            self._transport.abort()

    def retire(self) -> None:
        """Closed by us while the peer may be about to ask: it is told, so that it knows what to ask again (RFC 9113
        §6.8). But not waited for, which would have no limit."""
        if not self._blocked:
            self.leave()
        if self._blocked or self._transport.get_write_buffer_size() > 0:
            self._transport.abort()

    # ── idling ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _check_idle(self) -> None:
        left = self._got_on_at + self._reception.idle - self._loop.time()
        if left <= 0 and not self._blocked and self._speaker is not None and self._speaker.is_busy:
            left = self._reception.idle
        if left > 0:
            self._timer = self._loop.call_later(left, self._check_idle)
            return
        self._reception.counts.add(Event.CONNECTION_IDLE)
        self.retire()
