"""What happened at the sockets, counted in shared memory: a worker adds, control reads, and a restart loses nothing.

Questions, picks and faults are counted where they arise, in `answer.memory`.
"""

from collections.abc import Mapping
from enum import IntEnum


class Event(IntEnum):
    """The value is the place in the buffer, so add new ones at the end."""

    DATAGRAM = 0  # received by UDP
    MESSAGE = 1  # received in a stream
    ODD = 2  # queries that were answered off the table: NOTIFY, transfers, what is signed, other opcodes
    NO_TABLE = 3  # queries that got SERVFAIL since there is no generation yet
    BAD_SOURCE = 4  # datagrams from port 0 or from our own endpoint
    RECEIVE_FAILED = 5
    SEND_FAILED = 6  # replies that the kernel did not take
    CONNECTED = 7
    CONNECTION_SHED = 8  # the longest idle connection, closed to make room for a new one
    CONNECTION_IDLE = 9  # closed by the idle limit: nothing said, half a message, or replies not taken
    CONNECTION_MALFORMED = 10  # closed since a message was shorter than a header
    GROUPED = 11  # replies that left by UDP together with others to the same client
    GROUP_REFUSED = 12  # groups that the kernel did not take as such; their replies were sent one by one
    DISCONNECTED = 13
    CLIENT_SHED = 14  # the longest idle connection of a client that opened more than one may have
    PROXY_REFUSED = 15  # datagrams and streams of a listed proxy without a sound header
    SECURED = 16  # connections that got through their TLS handshake
    RESUMED = 17  # of these: by a session from before
    HANDSHAKE_FAILED = 18  # wrong, or too slow
    REQUEST_REFUSED = 19  # by HTTP: no DNS query in it
    STREAM_RESET = 20  # by an HTTP/2 client
    PATIENCE_LOST = 21  # HTTP/2 connections closed since they brought much and no queries
    TRANSFER = 22  # copies of zones, or of what has changed in them, that were begun in a stream
    TRANSFER_REFUSED = 23
    SIGNATURE_REFUSED = 24  # messages with a TSIG record that does not hold
    NOTIFIED = 25  # NOTIFY for zones that are copied, passed on to control
    NOTIFY_HELD = 26  # the same, and not passed on, as too many came or control did not listen


COUNTS_SIZE = 8 * len(Event)


class Counts:
    """Over a buffer of COUNTS_SIZE octets, aligned to eight. One writer."""

    def __init__(self, buffer: memoryview) -> None:
        self.cells = buffer[:COUNTS_SIZE].cast("Q")

    def add(self, event: Event, amount: int = 1) -> None:
        self.cells[event] = (self.cells[event] + amount) & 0xFFFFFFFFFFFFFFFF

    def read(self) -> Mapping[Event, int]:
        return {event: self.cells[event] for event in Event}
