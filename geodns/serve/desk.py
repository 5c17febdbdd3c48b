"""Packet → reply, always: where both transports bring what they have read. A query never raises past here.

Each thread that reads packets has a desk of its own, with the scratch that a query needs.
"""

import logging
from collections.abc import AsyncGenerator, Callable
from typing import Protocol

from geodns.answer import reply as core
from geodns.answer.cells import FAULTS
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.answer.terms import DROP, NOT_MINE
from geodns.serve.counts import Counts, Event
from geodns.serve.current import Current
from geodns.serve.failure import SERVFAIL, bare_reply
from geodns.serve.letter import Answer
from geodns.serve.notices import Notices
from geodns.serve.office import Office
from geodns.table.image import Table

log = logging.getLogger(__name__)

TRACEBACK_EVERY = 1.0  # seconds; a flood of one bad packet must not fill the log


class ReplyTo(Protocol):
    """What a transport asks. Returns the length of the reply that was written to `reply`, 0 for none.

    `client` is the packed address of the peer, `transport` one of answer.terms.
    """

    def __call__(
        self, packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview, /
    ) -> int: ...


class Desk:
    """`clock`: seconds since 1970."""

    def __init__(
        self,
        current: Current,
        answer: Answer,
        memory: Memory,
        counts: Counts,
        clock: Callable[[], float],
        notices: Notices | None = None,
    ) -> None:
        self.current = current
        self.memory = memory
        self.query = Query()
        self._answer = answer
        self._counts = counts
        self._clock = clock
        self._office = Office(
            answer,
            counts,
            clock,
            notices or Notices(),
            memory,
        )
        self._told_at = float("-inf")

    def reply_to(self, packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview) -> int:
        table = self.current.table
        try:
            self.memory.now = int(self._clock() * 1000)
            self.query.take(packet, length, client, transport, reply)
            if table is None:
                return self._say_not_ready()
            size = self._answer(table, self.query, self.memory)
        except Exception:
            self._tell(packet, length)
            return bare_reply(packet, length, SERVFAIL, reply)
        if size != NOT_MINE:
            return size
        self._counts.add(Event.ODD)
        return self._oddly(table, packet, length, client, transport, reply)

    def at_length(self, message: bytes, client: memoryview, transport: int) -> AsyncGenerator[bytes, None] | None:
        """The messages of a copy of a zone; None where that is not asked for, or not to be had."""
        table = self.current.table
        try:
            return None if table is None else self._office.at_length(table, message, bytes(client), transport)
        except Exception:
            self._tell(memoryview(message), len(message))
            return None

    def _oddly(
        self, table: Table, packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview
    ) -> int:
        try:
            said = self._office.reply_to(table, bytes(packet[:length]), bytes(client), transport)
            reply[: len(said)] = said
        except Exception:
            self._tell(packet, length)
            return bare_reply(packet, length, SERVFAIL, reply)
        return len(said)

    def _say_not_ready(self) -> int:
        self._counts.add(Event.NO_TABLE)
        outcome = core.read(self.query, self.memory)
        if outcome == DROP:
            return 0
        if outcome == NOT_MINE:
            core.read_odd(self.query, self.memory)
        return core.write_not_ready(self.query, self.memory)

    def _tell(self, packet: memoryview, length: int) -> None:
        self.memory.counts[FAULTS] += 1
        now = self._clock()
        if now - self._told_at >= TRACEBACK_EVERY:
            self._told_at = now
            log.exception("answering raised, the client got SERVFAIL; the query was %s", packet[:length].hex())
