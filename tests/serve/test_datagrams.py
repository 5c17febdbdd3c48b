"""The compiled reader: bursts leave as groups, whatever their sizes and whoever asks in between; threads and news."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from threading import Thread

import dns.message
import dns.rcode
import pytest

from geodns.answer.memory import private_memory
from geodns.answer.reply import answer
from geodns.model.endpoint import Endpoint
from geodns.serve import readers
from geodns.serve.counts import Counts, Event
from geodns.serve.current import Current
from geodns.serve.desk import Desk
from geodns.serve.sockets import endpoint_of, open_sockets
from geodns.table.image import Table
from tests.serve.standins import private_counts, query
from tests.values import rrset, zone
from tests.world import table_of

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.skipif(not readers.COMPILED, reason="the extensions are not built: there was no C compiler"),
]


class Served:
    """A bound socket, and the reader of it."""

    def __init__(self, opened: ExitStack, listen: str, table: Table | None, segmentation: bool, spin: float) -> None:
        (sockets,) = open_sockets([Endpoint(ip_address(listen), 0)], workers=1)
        opened.callback(sockets.close)
        self.sock = sockets.udp[0]
        self.current = Current(table)
        self.counts: Counts = private_counts()
        self.desk = Desk(self.current, answer, private_memory(), self.counts, clock=lambda: 0.0)
        self._opened = opened
        self.reader = readers.batch_reader(
            self.sock,
            self.desk,
            self.counts,
            segmentation,
            spin,
            reply_to=as_long_as_the_identity if not table else None,
        )

    def client(self, asked: str) -> socket.socket:
        client = self._opened.enter_context(socket.socket(self.sock.family, socket.SOCK_DGRAM))
        client.connect((asked, endpoint_of(self.sock).port))
        client.settimeout(5)
        return client

    def count(self, event: Event) -> int:
        return self.counts.read()[event]


@contextmanager
def serve(
    listen: str = "127.0.0.1", table: Table | None = None, segmentation: bool = True, spin: float = 0.0
) -> Iterator[Served]:
    with ExitStack() as opened:
        yield Served(opened, listen, table, segmentation, spin)


def as_long_as_the_identity(
    packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview
) -> int:
    """The header, then zeros: the two octets of the identity say how long the reply is."""
    size = packet[0] << 8 | packet[1]
    reply[:size] = (bytes(packet[:12]) + bytes(size))[:size]
    return size


EVERYWHERE = [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.3"), ("::1", "::1"), ("::", "::1")]


@pytest.mark.parametrize(("listen", "asked"), EVERYWHERE)
@pytest.mark.parametrize(
    ("sizes", "grouped"),
    [
        pytest.param([80] * 7, 7, id="one length"),
        pytest.param([80, 80, 40], 2, id="the last one shorter"),
        pytest.param([80, 40, 80, 40], 4, id="two lengths in turns"),
        pytest.param([40, 80, 120], 0, id="three lengths"),
        pytest.param([80], 0, id="one alone"),
        pytest.param([80, 0, 80], 2, id="a query without a reply in between"),
        pytest.param([1232] * 60, 60, id="more than one datagram could hold"),
        pytest.param([4096] * 3, 3, id="the largest that an operator may allow"),
    ],
)
def test_replies_to_a_burst_arrive_each_by_itself(listen: str, asked: str, sizes: list[int], grouped: int) -> None:
    with serve(listen) as served:
        client = served.client(asked)
        for size in sizes:
            client.send(query(size))
        served.reader.drain()
        received = sorted(len(client.recv(8192)) for size in sizes if size)
        assert received == sorted(size for size in sizes if size)
        assert served.count(Event.GROUPED) == grouped


def test_clients_that_ask_in_turns_each_get_their_own() -> None:
    with serve() as served:
        clients = [served.client("127.0.0.1") for _ in range(8)]
        for turn in range(8):
            for number, client in enumerate(clients):
                client.send(query(64 + number if turn < 7 else 40))
        served.reader.drain()
        for number, client in enumerate(clients):
            assert sorted(len(client.recv(8192)) for _ in range(8)) == [40] + [64 + number] * 7
        assert served.count(Event.GROUPED) == 56


def test_two_addresses_of_ours_are_two_flows() -> None:
    with serve("0.0.0.0") as served, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind(("0.0.0.0", 0))
        client.settimeout(5)
        port = endpoint_of(served.sock).port
        for asked in ("127.0.0.4", "127.0.0.5", "127.0.0.4", "127.0.0.5"):
            client.sendto(query(60), (asked, port))
        served.reader.drain()
        sources = sorted(client.recvfrom(512)[1][0] for _ in range(4))
        assert sources == ["127.0.0.4", "127.0.0.4", "127.0.0.5", "127.0.0.5"]


def test_segmentation_can_be_turned_off() -> None:
    with serve(segmentation=False) as served:
        client = served.client("127.0.0.1")
        for _ in range(5):
            client.send(query(80))
        served.reader.drain()
        assert [len(client.recv(512)) for _ in range(5)] == [80] * 5
        assert served.count(Event.GROUPED) == 0


def test_a_group_that_the_kernel_refuses_is_sent_one_by_one() -> None:
    with serve() as served:
        # A socket without checksums cannot have its datagrams cut up: EINVAL (udp(7)).
        served.sock.setsockopt(socket.SOL_SOCKET, socket.SO_NO_CHECK if hasattr(socket, "SO_NO_CHECK") else 11, 1)
        client = served.client("127.0.0.1")
        for _ in range(5):
            client.send(query(80))
        served.reader.drain()
        assert [len(client.recv(512)) for _ in range(5)] == [80] * 5
        assert (served.count(Event.GROUPED), served.count(Event.GROUP_REFUSED)) == (0, 1)
        assert served.count(Event.SEND_FAILED) == 0


def _table(address: str) -> Table:
    return table_of([zone(rrset("www", "A", address))])


@contextmanager
def running(served: Served) -> Iterator[None]:
    served.current.listen(served.reader.take_up)
    thread = Thread(target=served.reader.run)
    thread.start()
    try:
        yield
    finally:
        deadline = time.monotonic() + 10
        while thread.is_alive() and time.monotonic() < deadline:
            served.reader.stop()
            thread.join(readers.AGAIN)
        assert not thread.is_alive()


def _ask(client: socket.socket, kind: str = "A") -> dns.message.Message:
    question = dns.message.make_query("www.example.com.", kind)
    client.send(question.to_wire())
    reply = dns.message.from_wire(client.recv(2048))
    assert question.is_response(reply)
    return reply


@pytest.mark.parametrize("spin", [0.0, 0.001])
def test_a_thread_answers_from_the_table_in_force(spin: float) -> None:
    with serve(table=_table("192.0.2.1"), spin=spin) as served, running(served):
        client = served.client("127.0.0.1")
        assert [str(rrset[0]) for rrset in _ask(client).answer] == ["192.0.2.1"]
        served.current.replace(_table("192.0.2.2"))
        assert [str(rrset[0]) for rrset in _ask(client).answer] == ["192.0.2.2"]


def test_a_thread_hands_odd_queries_to_the_desk_and_goes_on() -> None:
    with serve(table=_table("192.0.2.1")) as served, running(served):
        client = served.client("127.0.0.1")
        assert _ask(client, "AXFR").rcode() == dns.rcode.REFUSED
        assert _ask(client).rcode() == dns.rcode.NOERROR
        assert served.count(Event.ODD) == 1


def test_a_fault_costs_one_reply_and_not_the_thread(caplog: pytest.LogCaptureFixture) -> None:
    with serve() as served, running(served):
        client = served.client("127.0.0.1")
        client.send(query(5000))  # longer than there is room for, so the stand-in raises
        client.send(query(60))
        assert len(client.recv(8192)) == 60
    assert "no reply to a datagram" in caplog.text


def test_a_thread_without_news_and_queries_ends_when_told() -> None:
    with serve() as served, running(served):
        pass
