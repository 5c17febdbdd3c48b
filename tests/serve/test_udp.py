"""Both readers of a UDP socket, and a real socket."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_address
from typing import Protocol

import pytest

from geodns.answer.memory import private_memory
from geodns.answer.reply import answer
from geodns.model.endpoint import Endpoint
from geodns.serve import readers
from geodns.serve.counts import Counts, Event
from geodns.serve.current import Current
from geodns.serve.desk import Desk, ReplyTo
from geodns.serve.proxies import NO_PROXIES, Proxies
from geodns.serve.sockets import endpoint_of, open_sockets
from geodns.serve.udp import BATCH, DatagramReader
from tests.serve.proxy_headers import header
from tests.serve.standins import always, echo, private_counts, query, response, silent, tell_client

pytestmark = pytest.mark.sockets


class Reader(Protocol):
    def drain(self) -> None: ...


MakeReader = Callable[[socket.socket, ReplyTo, Counts, Proxies], Reader]


class Served:
    """A listening socket, its reader and a client."""

    def __init__(self, opened: ExitStack, host: str, reply_to: ReplyTo, reader: MakeReader, proxies: Proxies) -> None:
        (sockets,) = open_sockets([Endpoint(ip_address(host), 0)], workers=1)
        opened.callback(sockets.close)
        self.sock = sockets.udp[0]
        self.port = endpoint_of(self.sock).port
        self.counts: Counts = private_counts()
        self.reader = reader(self.sock, reply_to, self.counts, proxies)
        self.client = opened.enter_context(socket.socket(self.sock.family, socket.SOCK_DGRAM))
        self.client.bind(("::1" if self.sock.family == socket.AF_INET6 else "127.0.0.1", 0))
        self.client.settimeout(5)

    def count(self, event: Event) -> int:
        return self.counts.read()[event]


class Serve(Protocol):
    def __call__(self, host: str, reply_to: ReplyTo, proxies: Proxies = NO_PROXIES, /) -> Served: ...


def interpreted(sock: socket.socket, reply_to: ReplyTo, counts: Counts, proxies: Proxies) -> Reader:
    return DatagramReader(sock, reply_to, counts, proxies)


def compiled(sock: socket.socket, reply_to: ReplyTo, counts: Counts, proxies: Proxies) -> Reader:
    """Without a table: then all replies come from `reply_to`, by the same way as an odd query's."""
    desk = Desk(Current(), answer, private_memory(), counts, clock=lambda: 0.0)
    return readers.batch_reader(sock, desk, counts, proxies=proxies, reply_to=reply_to)


@pytest.fixture(params=[interpreted, compiled] if readers.COMPILED else [interpreted])
def serve(request: pytest.FixtureRequest) -> Iterator[Serve]:
    with ExitStack() as opened:
        yield lambda host, reply_to, proxies=NO_PROXIES: Served(opened, host, reply_to, request.param, proxies)


@pytest.mark.parametrize(
    ("listen", "asked"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.5", "127.0.0.5"),
        ("::1", "::1"),
        ("0.0.0.0", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.5"),
        ("::", "::1"),
    ],
)
def test_a_reply_leaves_from_the_address_that_was_asked(serve: Serve, listen: str, asked: str) -> None:
    served = serve(listen, echo)
    served.client.sendto(query(7), (asked, served.port))
    served.reader.drain()
    reply, source = served.client.recvfrom(512)
    assert reply == response(7)
    assert source[:2] == (asked, served.port)


@pytest.mark.parametrize(("host", "packed"), [("127.0.0.1", b"\x7f\0\0\1"), ("::1", bytes(15) + b"\1")])
def test_the_answer_depends_on_the_packed_address_of_the_client(serve: Serve, host: str, packed: bytes) -> None:
    served = serve(host, tell_client)
    served.client.sendto(query(7), (host, served.port))
    served.reader.drain()
    assert served.client.recv(512)[12:] == packed


def test_one_turn_answers_a_batch_and_leaves_the_rest_for_the_next(serve: Serve) -> None:
    served = serve("127.0.0.1", echo)
    for identity in range(BATCH + 5):
        served.client.sendto(query(identity), ("127.0.0.1", served.port))
    served.reader.drain()
    assert served.count(Event.DATAGRAM) == BATCH
    served.reader.drain()
    assert served.count(Event.DATAGRAM) == BATCH + 5
    assert [served.client.recv(512) for _ in range(BATCH + 5)] == [response(n) for n in range(BATCH + 5)]


def test_where_no_reply_is_due_none_is_sent(serve: Serve) -> None:
    served = serve("127.0.0.1", silent)
    served.client.sendto(query(1), ("127.0.0.1", served.port))
    served.reader.drain()
    served.client.setblocking(False)
    with pytest.raises(BlockingIOError):
        served.client.recv(512)


def test_an_empty_datagram_is_no_end(serve: Serve) -> None:
    served = serve("127.0.0.1", echo)
    served.client.sendto(b"", ("127.0.0.1", served.port))
    served.client.sendto(query(2), ("127.0.0.1", served.port))
    served.reader.drain()
    assert served.count(Event.DATAGRAM) == 2


@pytest.mark.parametrize("listen", ["127.0.0.1", "0.0.0.0"])
def test_a_datagram_from_our_own_endpoint_is_not_answered(serve: Serve, listen: str) -> None:
    served = serve(listen, echo)
    served.sock.sendto(query(3), ("127.0.0.1", served.port))
    served.reader.drain()
    served.reader.drain()
    assert served.count(Event.DATAGRAM) == 1
    assert served.count(Event.BAD_SOURCE) == 1


def test_a_reply_that_the_kernel_does_not_take_is_counted_and_the_next_one_is_sent() -> None:
    sizes = iter([65535, 100])  # 65,535 octets are more than a datagram holds
    with ExitStack() as opened:
        served = Served(opened, "127.0.0.1", lambda *given: always(next(sizes))(*given), interpreted, NO_PROXIES)
        served.client.sendto(query(1), ("127.0.0.1", served.port))
        served.client.sendto(query(2), ("127.0.0.1", served.port))
        served.reader.drain()
        assert served.client.recv(512)[:2] == b"\0\2"
        assert served.count(Event.SEND_FAILED) == 1


def test_a_socket_that_takes_no_replies_at_all_is_counted_for_each(serve: Serve) -> None:
    served = serve("127.0.0.1", echo)
    with pytest.raises(OSError, match="not connected"):  # says so, and shuts it for sending all the same
        served.sock.shutdown(socket.SHUT_WR)
    for identity in range(3):
        served.client.sendto(query(identity), ("127.0.0.1", served.port))
    served.reader.drain()
    assert served.count(Event.SEND_FAILED) == 3


def test_a_client_that_has_gone_does_not_stop_the_reader(serve: Serve) -> None:
    served = serve("127.0.0.1", echo)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        for identity in range(3):
            gone.sendto(query(identity), ("127.0.0.1", served.port))
    served.client.sendto(query(9), ("127.0.0.1", served.port))
    served.reader.drain()
    assert served.client.recv(512) == response(9)


def test_an_error_of_the_socket_is_counted(serve: Serve) -> None:
    served = serve("127.0.0.1", echo)
    served.sock.close()
    served.reader.drain()
    assert served.count(Event.RECEIVE_FAILED) == 1


LISTED = Proxies(["127.0.0.0/8", "::1"])


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "0.0.0.0"])
@pytest.mark.parametrize("source", ["192.0.2.7", "2001:db8::7"])
def test_a_listed_proxy_says_for_whom_it_asks_whatever_the_family(serve: Serve, host: str, source: str) -> None:
    served = serve(host, tell_client, LISTED)
    asked = "127.0.0.1" if host == "0.0.0.0" else host
    served.client.sendto(header(source) + query(7), (asked, served.port))
    served.client.sendto(header(None, command=0) + query(8), (asked, served.port))
    served.reader.drain()
    replies = [served.client.recv(512) for _ in range(2)]
    assert [(reply[:12], reply[12:]) for reply in replies] == [
        (query(7)[:12], ip_address(source).packed),
        (query(8)[:12], ip_address(asked).packed),
    ]


@pytest.mark.parametrize("octets", [query(7), header("192.0.2.7")[:20], b"", header("192.0.2.7", version=1) + query(7)])
def test_a_listed_proxy_that_does_not_say_is_not_answered(serve: Serve, octets: bytes) -> None:
    served = serve("127.0.0.1", echo, LISTED)
    served.client.sendto(octets, ("127.0.0.1", served.port))
    served.client.sendto(header("192.0.2.7") + query(8), ("127.0.0.1", served.port))
    served.reader.drain()
    assert served.client.recv(512) == response(8)
    assert served.count(Event.PROXY_REFUSED) == 1


def test_of_nobody_else_a_header_is_believed(serve: Serve) -> None:
    served = serve("127.0.0.1", echo, Proxies(["192.0.2.0/24"]))
    served.client.sendto(header("192.0.2.7") + query(7), ("127.0.0.1", served.port))
    served.client.sendto(query(8), ("127.0.0.1", served.port))
    served.reader.drain()
    assert [served.client.recv(512)[:2] for _ in range(2)] == [b"\r\n", query(8)[:2]]
