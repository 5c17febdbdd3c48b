"""The whole way from a packet to its reply, without a socket: a desk with a table of the zone beside this file."""

from functools import cache
from pathlib import Path

from fuzz.laws import IDENTITY, PAYLOAD
from geodns.answer.cells import FAULTS
from geodns.answer.conduct import Conduct
from geodns.answer.memory import Memory, private_memory
from geodns.answer.reply import answer
from geodns.answer.terms import COOKIES_ON, TCP, UDP
from geodns.cli.offline import edition_of
from geodns.serve.counts import COUNTS_SIZE, Counts
from geodns.serve.current import Current
from geodns.serve.desk import Desk
from geodns.table.image import Table

ZONE = Path(__file__).with_name("zone.yaml")
NOW = 1_750_000_000.0  # seconds since 1970
CONDUCT = Conduct(payload=PAYLOAD, cookies=COOKIES_ON, identity=IDENTITY.encode())
CLIENTS = (b"\xc0\0\x02\x63", bytes.fromhex("20010db8") + bytes(11) + b"\x63", b"\x02\x7f\xff\x01")


@cache
def table() -> Table:
    return edition_of(None, [ZONE]).table


class Asked:
    """`faults()`: exceptions that were caught on the way; each is a fault of ours."""

    def __init__(self) -> None:
        self._memory: Memory = private_memory(CONDUCT)
        counts = Counts(memoryview(bytearray(COUNTS_SIZE)))
        self._desk = Desk(Current(table()), answer, self._memory, counts, clock=lambda: NOW)
        self._reply = memoryview(bytearray(65535))

    def ask(self, packet: bytes, *, stream: bool, client: bytes = CLIENTS[0]) -> bytes:
        """The reply; empty where none is due."""
        transport = TCP if stream else UDP
        size = self._desk.reply_to(memoryview(packet), len(packet), memoryview(client), transport, self._reply)
        return bytes(self._reply[:size])

    def faults(self) -> int:
        return int(self._memory.counts[FAULTS])
