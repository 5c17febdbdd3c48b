"""20,000 random and broken packets: afterwards all is as before, and no response was ever answered.

Each port, and each connection, ends its packets with a good query. What comes from one port is read by one worker in
order, so when that is answered, everything before it has been.
"""

import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from random import Random

import dns.message
import pytest

from tests.scenarios.hostile import HEADER, as_response, is_response, packets
from tests.scenarios.samples import APP, WWW, gets, write_zone
from tests.scenarios.server import PATIENCE, Server, serving

pytestmark = pytest.mark.sockets

BY_UDP, BY_UDP_AS_RESPONSES, BY_TCP, AS_STREAMS = 12_000, 4_000, 3_600, 400
BATCH = 50  # few enough for any receive buffer
LAST_NAME = "the-last-one.example.com"
LAST = dns.message.make_query(LAST_NAME, "A").to_wire()
LAST_QUESTION = LAST[HEADER:]


def test_hostile_packets_change_nothing_and_responses_are_never_answered(tmp_path: Path) -> None:
    dice = Random(20_000)
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state") as server:
        before = server.pids()
        for batch in in_batches(packets(BY_UDP, dice)):
            check_replies(by_udp(server, batch), batch)
        for batch in in_batches(map(as_response, packets(BY_UDP_AS_RESPONSES, dice))):
            assert by_udp(server, batch) == []
        for batch in in_batches(packets(BY_TCP, dice)):
            check_replies(by_tcp(server, batch), batch)
        for stream in packets(AS_STREAMS, dice):
            send_stream(server, stream)
        assert server.pids() == before
        assert gets(server, WWW, "192.0.2.1")
        assert gets(server, APP, "127.0.0.11", "127.0.0.12")
        assert server.ask(WWW, tcp=True).answer
        assert server.metric("geodns_faults_total") == 0
        assert server.is_ready()
        assert "Traceback" not in server.stderr()


def in_batches(sent: Iterator[bytes]) -> Iterator[Sequence[bytes]]:
    while batch := list(islice(sent, BATCH)):
        yield batch


def check_replies(replies: Sequence[bytes], sent: Sequence[bytes]) -> None:
    """At most one for each query, with its id, and none for a response."""
    asked = [packet[:2] for packet in sent if len(packet) >= HEADER and not is_response(packet)]
    for reply in replies:
        assert is_response(reply), f"a query came back: {reply.hex()}"
        assert reply[:2] in asked, f"answered what was no query, or answered it twice: {reply.hex()}"
        asked.remove(reply[:2])


def by_udp(server: Server, sent: Sequence[bytes]) -> list[bytes]:
    """The replies to these packets, from a port of their own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(PATIENCE)
        sock.connect((server.host, server.port))
        for packet in (*sent, LAST):
            sock.send(packet)
        return list(iter(lambda: _unless_last(sock.recv(65535)), b""))


def by_tcp(server: Server, sent: Sequence[bytes]) -> list[bytes]:
    """As messages of one connection. What is no message at all would end it, so that goes into `send_stream`."""
    messages = [packet for packet in sent if len(packet) >= HEADER]
    with socket.create_connection((server.host, server.port), PATIENCE) as sock:
        sock.sendall(b"".join(len(packet).to_bytes(2, "big") + packet for packet in (*messages, LAST)))
        with sock.makefile("rb") as stream:
            return list(iter(lambda: _unless_last(stream.read(int.from_bytes(stream.read(2), "big"))), b""))


def send_stream(server: Server, octets: bytes) -> None:
    """As they are, without the lengths that TCP needs; the server hangs up, at the first length that is none."""
    with (
        socket.create_connection((server.host, server.port), PATIENCE) as sock,
        suppress(ConnectionResetError, BrokenPipeError),
    ):
        sock.sendall(octets)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65535):
            pass


def _unless_last(reply: bytes) -> bytes:
    assert reply, "the connection was closed before the last query was answered"
    return b"" if reply[HEADER:].startswith(LAST_QUESTION) else reply
