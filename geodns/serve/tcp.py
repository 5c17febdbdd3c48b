"""Streams of queries → streams of replies (RFC 7766): two octets of length before each message, replies in order.

A connection must get on: from one whole query answered to the next at most `idle` seconds may pass. The same limit cuts
off who says nothing, who sends a query octet by octet, and who does not take the replies. While replies are not taken
nothing more is read, so a connection holds little memory whatever its peer does. Where there are too many connections,
the one that has been idle longest makes room.
"""

import asyncio
import socket
from collections import OrderedDict
from contextlib import suppress
from ipaddress import ip_address
from typing import cast

from geodns.answer.terms import LARGEST, TCP
from geodns.serve.counts import Counts, Event
from geodns.serve.desk import ReplyTo
from geodns.serve.failure import HEADER_SIZE
from geodns.serve.sockets import BACKLOG

PREFIX = 2  # octets of length before a message
CHUNK = 4096  # octets read at a time: bounds the work between two turns of the loop
UNSENT_LIMIT = 32768  # octets of replies that wait for the peer; beyond them its queries wait
FAREWELL = 1.0  # seconds in which replies may still be taken when the worker ends


class Reception:
    """A worker's open connections and what they share."""

    def __init__(self, reply_to: ReplyTo, counts: Counts, *, idle: float = 10.0, connections: int = 500) -> None:
        self.reply_to = reply_to
        self.counts = counts
        self.idle = idle  # seconds
        self.chunk = memoryview(bytearray(CHUNK))  # filled and emptied within one call, so one serves all
        self.reply = memoryview(bytearray(PREFIX + LARGEST))
        self._limit = connections
        self._open: OrderedDict[Connection, None] = OrderedDict()  # the longest idle first
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
            connection.close()
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
        self.counts.add(Event.CONNECTED)
        self._open[connection] = None
        if len(self._open) > self._limit:
            self.counts.add(Event.CONNECTION_SHED)
            longest_idle, _ = self._open.popitem(last=False)
            longest_idle.abort()

    def freshen(self, connection: "Connection") -> None:
        """It has got on, so others have been idle for longer."""
        if connection in self._open:
            self._open.move_to_end(connection)

    def dismiss(self, connection: "Connection") -> None:
        self._open.pop(connection, None)
        if not self._open:
            self._empty.set()


class Connection(asyncio.BufferedProtocol):
    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._loop = asyncio.get_running_loop()
        self._unread = bytearray()
        self._blocked = False  # the peer does not take its replies

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=UNSENT_LIMIT)
        peer = transport.get_extra_info("peername")
        self._client = memoryview(ip_address(peer[0]).packed if peer else b"")
        self._got_on_at = self._loop.time()
        self._timer = self._loop.call_later(self._reception.idle, self._check_idle)
        self._reception.admit(self)
        if not peer:  # it has gone already
            self._transport.abort()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._reception.chunk

    def buffer_updated(self, nbytes: int) -> None:
        self._unread += self._reception.chunk[:nbytes]
        self._answer_whole_messages()

    def pause_writing(self) -> None:
        self._blocked = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._blocked = False
        self._answer_whole_messages()
        if not self._blocked:
            self._transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self._timer.cancel()
        self._reception.dismiss(self)

    def close(self) -> None:
        """After the replies on their way have been taken."""
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def _answer_whole_messages(self) -> None:
        at = 0
        while not self._blocked and not self._transport.is_closing() and len(self._unread) - at >= PREFIX:
            size = int.from_bytes(self._unread[at : at + PREFIX], "big")
            if size < HEADER_SIZE:
                self._reception.counts.add(Event.CONNECTION_MALFORMED)
                self._transport.close()
                return
            end = at + PREFIX + size
            if len(self._unread) < end:
                break
            self._answer(bytes(self._unread[at + PREFIX : end]))
            at = end
        if at:
            del self._unread[:at]
            self._got_on_at = self._loop.time()
            self._reception.freshen(self)

    def _answer(self, message: bytes) -> None:
        reception = self._reception
        reception.counts.add(Event.MESSAGE)
        length = reception.reply_to(memoryview(message), len(message), self._client, TCP, reception.reply[PREFIX:])
        if length == 0:
            return
        reception.reply[:PREFIX] = length.to_bytes(PREFIX, "big")
        # One write for both (RFC 7766 §8). The copy is not optional: the transport may keep it, the buffer is reused.
        self._transport.write(bytes(reception.reply[: PREFIX + length]))

    def _check_idle(self) -> None:
        left = self._got_on_at + self._reception.idle - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._check_idle)
            return
        self._reception.counts.add(Event.CONNECTION_IDLE)
        # Aborted, not closed: closing would wait, without limit, for a peer that does not take its replies.
        self._transport.abort()
