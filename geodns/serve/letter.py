"""A reply that the office writes. The core reads what it is a reply to and has the last word, so that EDNS, sizes and
rate limits are those of any other reply.

    Letter(message, …) ─ answer                 what the table says, as if it had come to the desk
                       └ read ─ say | give      an error or an acknowledgement | records ─▶ (signed)
"""

from collections.abc import Callable

from geodns.answer import reply as core
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.answer.rcode import NOERROR
from geodns.answer.terms import LARGEST, PLAIN_REPLY
from geodns.answer.wire import HEADER
from geodns.table.image import Table

Answer = Callable[[Table, Query, Memory], int]
Sign = Callable[[bytes], bytes]

_QR, _OPCODE, _TC, _RD, _CD = 0x80, 0x78, 0x02, 0x01, 0x10


class Letter:
    """In reply to `message`, by one of answer.terms' transports. `client`: packed address."""

    def __init__(self, message: bytes, client: bytes, transport: int, memory: Memory) -> None:
        self.client = client
        self.transport = transport
        self._message = message
        self._memory = memory
        self._reply = memoryview(bytearray(LARGEST))
        self._query = Query()
        self._query.take(memoryview(message), len(message), memoryview(client), transport, self._reply)

    def answer(self, answer: Answer, table: Table) -> bytes:
        """Empty, here and below: no reply is due."""
        return self._written(answer(table, self._query, self._memory))

    def read(self) -> int:
        """The code of what is wrong with the message and its EDNS. To be asked for before anything below."""
        return core.read_odd(self._query, self._memory)

    @property
    def room(self) -> int:
        """Octets that records may have."""
        return self._query.limit - self._query.opt_size - self._query.end

    def say(self, rcode: int, *, extended: int = PLAIN_REPLY, authoritative: bool = False) -> bytes:
        """Without records. `extended`: an extended error, one of terms."""
        self._query.rcode, self._query.extended = rcode, extended
        self._query.authoritative = int(authoritative)
        return self._written(core.conclude(self._query, self._memory))

    def give(self, octets: bytes | memoryview, records: int) -> bytes:
        """With these in the answer section. What is given after it, in messages of its own, has no OPT record."""
        query, end = self._query, self._query.end + len(octets)
        self._reply[query.end : end] = octets
        query.at, query.answers, query.additional = end, records, 0
        reply = self.say(NOERROR, authoritative=True)
        query.opt_size = 0
        return reply

    def signed(self, reply: bytes, sign: Sign) -> bytes:
        """The reply with its signature. Where both have no room, the question and the signature alone (RFC 8945 §5.3);
        where names are so long that these have none either, as much as has: the client comes back by TCP."""
        if not reply:
            return b""
        for plain in (reply, self._cut(self._query.end), self._cut(HEADER)):
            signed = sign(plain)
            if len(signed) <= self._query.limit:
                return signed
        return self._cut(self._query.end)

    def _written(self, size: int) -> bytes:
        assert size >= 0, "whose message is none of the core's says so before"
        return bytes(self._reply[:size])

    def _cut(self, end: int) -> bytes:
        """Header and question, or the header alone, truncated."""
        flags = bytes((_QR | _TC | self._message[2] & (_OPCODE | _RD), self._message[3] & _CD, 0, end > HEADER))
        return self._message[:2] + flags + bytes(6) + self._message[HEADER:end]
