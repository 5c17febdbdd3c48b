"""Packets → the octets of their replies, by UDP or TCP, a bounded number under way at a time.

The number in a packet's header tells whose a reply is, so it has to differ among packets that are asked together.
"""

import socket
import struct
from collections.abc import Iterator, Sequence

from tests.scenarios.server import LOCAL, PATIENCE

AT_ONCE = 32  # few enough for the buffers of every socket on the way
_TRIES = 4


def ask(port: int, packets: Sequence[bytes], *, tcp: bool) -> list[bytes]:
    """In the order of the packets."""
    kind = socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
    exchange = _by_stream if tcp else _by_datagrams
    replies: list[bytes] = []
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.settimeout(PATIENCE)
        sock.connect((LOCAL, port))
        for first in range(0, len(packets), AT_ONCE):
            replies += exchange(sock, packets[first : first + AT_ONCE])
    return replies


def _by_datagrams(sock: socket.socket, packets: Sequence[bytes]) -> Iterator[bytes]:
    """A busy machine may lose some: those are asked again."""
    got: dict[bytes, bytes] = {}
    wanted = {packet[:2]: packet for packet in packets}
    sock.settimeout(PATIENCE / _TRIES)
    for _ in range(_TRIES):
        for number in wanted.keys() - got.keys():
            sock.send(wanted[number])
        try:
            while wanted.keys() - got.keys():
                reply = sock.recv(65535)
                if reply[:2] in wanted:
                    got[reply[:2]] = reply
        except TimeoutError:
            continue
        return (got[packet[:2]] for packet in packets)
    lost = [wanted[number].hex() for number in wanted.keys() - got.keys()]
    raise AssertionError(f"no answer to {lost}")


def _by_stream(sock: socket.socket, packets: Sequence[bytes]) -> Iterator[bytes]:
    """Answers may come in another order (RFC 7766 §7)."""
    sock.sendall(b"".join(struct.pack("!H", len(packet)) + packet for packet in packets))
    replies = [_exactly(sock, struct.unpack("!H", _exactly(sock, 2))[0]) for _ in packets]
    got = {reply[:2]: reply for reply in replies}
    return (got[packet[:2]] for packet in packets)


def _exactly(sock: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        piece = sock.recv(size - len(found))
        assert piece, "the connection was closed before all was answered"
        found += piece
    return bytes(found)
