"""What the transports' tests use in place of a desk: answers that are easy to tell apart."""

from collections.abc import Callable

from geodns.serve.counts import COUNTS_SIZE, Counts

QUERY = bytes.fromhex("12340100000100000000000003777777076578616d706c6503636f6d0000010001")


def private_counts() -> Counts:
    return Counts(memoryview(bytearray(COUNTS_SIZE)))


def echo(packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview) -> int:
    """The query as a response."""
    reply[:length] = packet[:length]
    reply[2] |= 0x80
    return length


def tell_client(packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview) -> int:
    """The header, then the client's packed address."""
    size = 12 + len(client)
    reply[:size] = bytes(packet[:12]) + bytes(client)
    return size


def silent(packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview) -> int:
    return 0


def always(size: int) -> Callable[[memoryview, int, memoryview, int, memoryview], int]:
    """Replies of this size, which begin with the query's header."""

    def answer(packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview) -> int:
        reply[:size] = bytes(packet[:12]) + bytes(size - 12)
        return size

    return answer


def query(identity: int) -> bytes:
    return identity.to_bytes(2, "big") + QUERY[2:]


def response(identity: int) -> bytes:
    octets = bytearray(query(identity))
    octets[2] |= 0x80
    return bytes(octets)
