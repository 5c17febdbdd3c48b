"""Packet → reply, always: where both transports bring what they have read. A query never raises past here.

Each thread that reads packets has a desk of its own, with the scratch that a query needs.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from geodns.answer import reply as core
from geodns.answer.cells import FAULTS
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.answer.terms import DROP, MINE, NOT_MINE
from geodns.serve import odd
from geodns.serve.counts import Counts, Event
from geodns.serve.current import Current
from geodns.serve.failure import SERVFAIL, bare_reply
from geodns.table.image import Table

log = logging.getLogger(__name__)

TRACEBACK_EVERY = 1.0  # seconds; a flood of one bad packet must not fill the log

Answer = Callable[[Table, Query, Memory], int]


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
        self, current: Current, answer: Answer, memory: Memory, counts: Counts, clock: Callable[[], float]
    ) -> None:
        self.current = current
        self.memory = memory
        self.query = Query()
        self._answer = answer
        self._counts = counts
        self._clock = clock
        self._told_at = float("-inf")

    def reply_to(self, packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview) -> int:
        table = self.current.table
        try:
            self.memory.now = int(self._clock() * 1000)
            self.query.take(packet, length, client, transport, reply)
            if table is None:
                return self._say_not_ready(packet, length, reply)
            size = self._answer(table, self.query, self.memory)
        except Exception:
            self._tell(packet, length)
            return bare_reply(packet, length, SERVFAIL, reply)
        if size != NOT_MINE:
            return size
        self._counts.add(Event.ODD)
        return odd.reply_to(packet, length, reply)

    def _say_not_ready(self, packet: memoryview, length: int, reply: memoryview) -> int:
        self._counts.add(Event.NO_TABLE)
        outcome = core.read(self.query, self.memory)
        if outcome == MINE:
            return core.write_not_ready(self.query, self.memory)
        return 0 if outcome == DROP else bare_reply(packet, length, SERVFAIL, reply)

    def _tell(self, packet: memoryview, length: int) -> None:
        self.memory.counts[FAULTS] += 1
        now = self._clock()
        if now - self._told_at >= TRACEBACK_EVERY:
            self._told_at = now
            log.exception("answering raised, the client got SERVFAIL; the query was %s", packet[:length].hex())
