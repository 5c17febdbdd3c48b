"""type: dns, against real sockets; what is answered is written by dnspython."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from geodns.probe import Dns
from geodns.probe.dns import Expected
from tests.probe.asking import outcome
from tests.probe.servers import blurting, closed_port

NAME = "health.example.com."
Reply = Callable[[dns.message.Message], bytes]


def says(rcode: str = "NOERROR", *answer: str, flags: int = 0) -> Reply:
    """The reply to any query; `answer` as type and data."""

    def reply(query: dns.message.Message) -> bytes:
        message = dns.message.make_response(query)
        message.set_rcode(dns.rcode.from_text(rcode))
        message.flags |= flags
        for each in answer:
            rtype, _, data = each.partition(" ")
            message.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", rtype, data))
        return message.to_wire()

    return reply


class Member(asyncio.DatagramProtocol):
    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.asked: list[dns.message.Message] = []

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, octets: bytes, client: tuple[str, int]) -> None:
        self._transport.sendto(self.answer(octets), client)

    def answer(self, octets: bytes) -> bytes:
        query = dns.message.from_wire(octets)
        self.asked.append(query)
        return self._reply(query)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(2), "big")
        reply = self.answer(await reader.readexactly(size))
        framed = len(reply).to_bytes(2, "big") + reply
        writer.write(framed[:1])  # a stream keeps no boundaries
        await writer.drain()
        writer.write(framed[1:])
        writer.close()


@asynccontextmanager
async def by_udp(reply: Reply, at: str = "127.0.0.1") -> AsyncIterator[tuple[int, Member]]:
    loop = asyncio.get_running_loop()
    transport, member = await loop.create_datagram_endpoint(lambda: Member(reply), (at, 0))
    try:
        yield transport.get_extra_info("sockname")[1], member
    finally:
        transport.close()


@asynccontextmanager
async def by_tcp(reply: Reply, at: str = "127.0.0.1") -> AsyncIterator[tuple[int, Member]]:
    member = Member(reply)
    async with await asyncio.start_server(member.serve, at, 0) as server:
        yield server.sockets[0].getsockname()[1], member


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("serving", [by_udp, by_tcp])
def test_the_question_is_asked_as_written(serving: Callable[..., object], address: str) -> None:
    async def flow() -> None:
        server = by_udp if serving is by_udp else by_tcp
        async with server(says("NOERROR", 'TXT "fine"'), address) as (port, member):
            probe = Dns(
                name="a\\.b.Example.com", qtype="TXT", port=port, transport="udp" if server is by_udp else "tcp"
            )
            assert await outcome(probe, address) == (True, "NOERROR, 1 record")
            assert await outcome(probe, address) == (True, "NOERROR, 1 record")
            first, second = member.asked
            assert first.question[0].to_text() == "a\\.b.example.com. IN TXT"
            assert first.flags & dns.flags.RD
            assert (first.edns, first.payload) == (0, 1232)
            assert first.question == second.question

    asyncio.run(flow())


@pytest.mark.parametrize(
    ("reply", "expect", "told"),
    [
        (says(), Expected(), (True, "NOERROR, 0 records")),
        (says("NOERROR", "A 192.0.2.1", "A 192.0.2.2"), Expected(), (True, "NOERROR, 2 records")),
        (says("SERVFAIL"), Expected(), (False, "says SERVFAIL, wanted NOERROR")),
        (says("REFUSED"), Expected(rcode=("NOERROR", "NXDOMAIN")), (False, "says REFUSED, wanted NOERROR, NXDOMAIN")),
        (says("NXDOMAIN"), Expected(rcode=("NOERROR", "NXDOMAIN")), (True, "NXDOMAIN, 0 records")),
        (says("NOERROR", "A 192.0.2.1", "A 192.0.2.2"), Expected(answer="192.0.2.2"), (True, "NOERROR, 2 records")),
        (says("NOERROR", "A 192.0.2.1"), Expected(answer="192.0.2.2"), (False, "no '192.0.2.2' in its answer")),
        (says("NOERROR", "AAAA 2001:db8::1"), Expected(answer="2001:DB8::1"), (True, "NOERROR, 1 record")),
        (says("NOERROR", "MX 10 Mail.x."), Expected(answer="10  mail.X."), (True, "NOERROR, 1 record")),
        (says("NOERROR", 'TXT "all is well"'), Expected(answer='"all is well"'), (True, "NOERROR, 1 record")),
        (
            says("NOERROR", flags=dns.flags.TC),
            Expected(answer="192.0.2.2"),
            (False, "no '192.0.2.2' in its answer, which is cut off: write transport: tcp"),
        ),
    ],
)
def test_what_an_answer_is_worth(reply: Reply, expect: Expected, told: tuple[bool, str]) -> None:
    async def flow() -> None:
        async with by_udp(reply) as (port, _):
            assert await outcome(Dns(name=NAME, port=port, expect=expect)) == told

    asyncio.run(flow())


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda reply: b"\0", "no valid DNS answer"),
        (lambda reply: reply[:11], "no valid DNS answer"),
        (lambda reply: reply[:-3], "no valid DNS answer"),
        (lambda reply: b"220 mail.example.com\r\n", "no valid DNS answer"),
        (lambda reply: bytes((reply[0] ^ 1,)) + reply[1:], "the answer is to another question"),
        (lambda reply: reply[:2] + bytes((reply[2] & 0x7F,)) + reply[3:], "the answer is to another question"),
        (lambda reply: reply.replace(b"\6health", b"\6wealth"), "the answer is to another question"),
    ],
)
def test_what_is_no_answer_does_not_pass(spoil: Callable[[bytes], bytes], told: str) -> None:
    async def flow() -> None:
        whole = says("NOERROR", "A 192.0.2.1")
        async with by_udp(lambda query: spoil(whole(query))) as (port, _):
            assert await outcome(Dns(name=NAME, port=port)) == (False, told)

    asyncio.run(flow())


def test_a_server_that_could_not_read_the_query_says_so_without_a_question() -> None:
    async def flow() -> None:
        def reply(query: dns.message.Message) -> bytes:
            return query.id.to_bytes(2, "big") + b"\x80\x01" + bytes(8)

        async with by_udp(reply) as (port, _):
            assert await outcome(Dns(name=NAME, port=port)) == (False, "says FORMERR, wanted NOERROR")

    asyncio.run(flow())


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_closed_port_refuses_by_tcp_and_by_udp(address: str) -> None:
    async def flow() -> None:
        port = await closed_port(address)
        assert await outcome(Dns(name=NAME, port=port, transport="tcp"), address) == (False, "connection refused")
        assert await outcome(Dns(name=NAME, port=port), address) == (False, "connection refused")

    asyncio.run(flow())


def test_silence_times_out() -> None:
    async def flow() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
            deaf.bind(("127.0.0.1", 0))
            probe = Dns(name=NAME, port=deaf.getsockname()[1])
            assert await outcome(probe, within=0.1) == (False, "timed out after 0.1 s")

    asyncio.run(flow())


@pytest.mark.parametrize("octets", [b"", b"\0", b"\0\x20half a message"])
def test_a_stream_that_breaks_off_is_no_answer(octets: bytes) -> None:
    async def flow() -> None:
        async with blurting(octets) as port:
            probe = Dns(name=NAME, port=port, transport="tcp")
            assert await outcome(probe) in (
                (False, "closed the connection without an answer"),
                (False, "connection reset by peer"),
            )

    asyncio.run(flow())
