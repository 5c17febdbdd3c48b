"""Random and broken packets over every transport: afterwards all is as before, and no response was ever answered.

`python -m fuzz.transports` sends a million over each.
"""

import socket
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from random import Random

import pytest

from fuzz.encrypted import serving_all
from fuzz.laws import Broken
from fuzz.packets import as_response, packets
from fuzz.transports import BATCH, LAST, TRANSPORTS, assault, judge, survives
from tests.answer.packets import query
from tests.scenarios.server import PATIENCE, Server

pytestmark = pytest.mark.sockets

PACKETS, RESPONSES, STREAMS = 12_000, 4_000, 400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving_all(tmp_path_factory.mktemp("fuzz")) as running:
        yield running


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_mutated_packets_change_nothing(server: Server, transport: str) -> None:
    before = server.pids()
    came = assault(server, transport, PACKETS, Random(f"{transport} 20000"), say=lambda _: None)
    assert came > PACKETS // 2
    survives(server, before)


def test_responses_are_never_answered(server: Server) -> None:
    dice = Random(20_001)
    sent = map(as_response, packets(RESPONSES, dice))
    while batch := list(islice(sent, BATCH)):
        assert TRANSPORTS["udp"](server, batch) == []


def test_octets_that_are_no_stream_of_messages_end_it(server: Server) -> None:
    """As they are, without the lengths that TCP needs; the server hangs up, at the first length that is none."""
    before = server.pids()
    for octets in packets(STREAMS, Random(20_002)):
        send_stream(server, octets)
    survives(server, before)


def send_stream(server: Server, octets: bytes) -> None:
    with (
        socket.create_connection((server.host, server.port), PATIENCE) as sock,
        suppress(ConnectionResetError, BrokenPipeError),
    ):
        sock.sendall(octets)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65535):
            pass


def test_the_judge_misses_no_reply_that_nobody_asked_for() -> None:
    with pytest.raises(Broken, match="only queries are answered"):
        judge([as_response(LAST)], [as_response(LAST)], stream=False)
    with pytest.raises(Broken, match="every query of a stream"):
        judge([query()], [], stream=True)
