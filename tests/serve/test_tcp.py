import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address

import pytest

from geodns.model.endpoint import Endpoint
from geodns.serve.at_length import AtLength
from geodns.serve.connection import Reception
from geodns.serve.counts import Counts, Event
from geodns.serve.desk import ReplyTo
from geodns.serve.peer import BadPreface, Introduced, PrefaceFor, expect_none
from geodns.serve.sockets import endpoint_of, open_sockets
from geodns.serve.tcp import Streams
from tests.serve.standins import always, echo, private_counts, query, response, silent, tell_client

pytestmark = pytest.mark.sockets


class Served:
    def __init__(self, reception: Reception, endpoint: Endpoint, counts: Counts) -> None:
        self.reception = reception
        self.counts = counts
        self._endpoint = endpoint
        self._writers: list[StreamWriter] = []

    async def connect(self) -> tuple[StreamReader, StreamWriter]:
        reader, writer = await asyncio.open_connection(*self.address())
        self._writers.append(writer)
        return reader, writer

    async def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def address(self) -> tuple[str, int]:
        return str(self._endpoint.address), self._endpoint.port

    def count(self, event: Event) -> int:
        return self.counts.read()[event]


@asynccontextmanager
async def serving(
    reply_to: ReplyTo = echo,
    *,
    host: str = "127.0.0.1",
    idle: float = 5.0,
    connections: int = 10,
    each: int = 10,
    at_length: AtLength | None = None,
    preface_for: PrefaceFor = expect_none,
) -> AsyncIterator[Served]:
    counts = private_counts()
    (sockets,) = open_sockets([Endpoint(ip_address(host), 0)], workers=1)
    speak = Streams(reply_to, counts, at_length=at_length).speak
    reception = Reception(speak, counts, idle=idle, connections=connections, each=each, preface_for=preface_for)
    await reception.listen(sockets.tcp[0])
    served = Served(reception, endpoint_of(sockets.tcp[0]), counts)
    try:
        async with asyncio.timeout(20):
            yield served
    finally:
        await served.hang_up()
        await reception.close()
        sockets.close()


def framed(*messages: bytes) -> bytes:
    return b"".join(len(message).to_bytes(2, "big") + message for message in messages)


async def receive(reader: StreamReader) -> bytes:
    size = int.from_bytes(await reader.readexactly(2), "big")
    return await reader.readexactly(size)


async def is_closed(reader: StreamReader) -> bool:
    """Waits for the end; what comes before it is passed over."""
    with suppress(ConnectionResetError):
        while await reader.read(65536):
            pass
    return True


def test_several_queries_in_one_write_are_answered_in_order() -> None:
    async def scenario() -> None:
        async with serving() as served:
            reader, writer = await served.connect()
            writer.write(framed(*(query(n) for n in range(500))))
            assert [await receive(reader) for _ in range(500)] == [response(n) for n in range(500)]
            assert served.count(Event.MESSAGE) == 500

    asyncio.run(scenario())


def test_a_query_that_comes_octet_by_octet_is_answered() -> None:
    async def scenario() -> None:
        async with serving() as served:
            reader, writer = await served.connect()
            for octet in framed(query(1), query(2)):
                writer.write(bytes((octet,)))
                await writer.drain()
                await asyncio.sleep(0)
            assert [await receive(reader), await receive(reader)] == [response(1), response(2)]

    asyncio.run(scenario())


def test_the_largest_message_is_taken_and_given() -> None:
    async def scenario() -> None:
        async with serving() as served:
            reader, writer = await served.connect()
            largest = query(1) + bytes(65535 - len(query(1)))
            writer.write(framed(largest, query(2)))
            assert len(await receive(reader)) == 65535
            assert await receive(reader) == response(2)

    asyncio.run(scenario())


@pytest.mark.parametrize(("host", "packed"), [("127.0.0.1", b"\x7f\0\0\1"), ("::1", bytes(15) + b"\1")])
def test_the_answer_depends_on_the_packed_address_of_the_client(host: str, packed: bytes) -> None:
    async def scenario() -> None:
        async with serving(tell_client, host=host) as served:
            reader, writer = await served.connect()
            writer.write(framed(query(1)))
            assert (await receive(reader))[12:] == packed

    asyncio.run(scenario())


def test_a_client_that_says_no_more_still_gets_its_replies() -> None:
    async def scenario() -> None:
        async with serving(always(40000)) as served:
            reader, writer = await served.connect()
            writer.write(framed(*(query(n) for n in range(100))))
            writer.write_eof()
            assert [(await receive(reader))[:2] for _ in range(100)] == [query(n)[:2] for n in range(100)]
            assert await is_closed(reader)

    asyncio.run(scenario())


def test_where_no_reply_is_due_the_connection_stays() -> None:
    async def scenario() -> None:
        async with serving(silent) as served:
            reader, writer = await served.connect()
            writer.write(framed(query(1)))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await reader.read(1)

    asyncio.run(scenario())


@pytest.mark.parametrize("bad", [b"\0\0", b"\0\x0b" + bytes(11)])
def test_a_message_shorter_than_a_header_closes_the_connection_after_the_replies_before_it(bad: bytes) -> None:
    async def scenario() -> None:
        async with serving() as served:
            reader, writer = await served.connect()
            writer.write(framed(query(1)) + bad + framed(query(2)))
            assert await receive(reader) == response(1)
            assert await is_closed(reader)
            assert served.count(Event.CONNECTION_MALFORMED) == 1
            assert served.count(Event.MESSAGE) == 1

    asyncio.run(scenario())


def test_who_says_nothing_is_cut_off() -> None:
    async def scenario() -> None:
        async with serving(idle=0.2) as served:
            reader, writer = await served.connect()
            writer.write(framed(query(1)))
            assert await receive(reader) == response(1)
            assert await is_closed(reader)
            assert served.count(Event.CONNECTION_IDLE) == 1

    asyncio.run(scenario())


def test_who_sends_a_query_too_slowly_is_cut_off_though_octets_keep_coming() -> None:
    async def scenario() -> None:
        async with serving(idle=0.3) as served:
            reader, writer = await served.connect()
            closed = asyncio.ensure_future(is_closed(reader))
            for octet in framed(query(1)) * 10:
                if closed.done():
                    break
                writer.write(bytes((octet,)))
                await asyncio.sleep(0.05)
            assert closed.done()
            assert served.count(Event.MESSAGE) == 0

    asyncio.run(scenario())


def test_who_gets_on_is_not_cut_off() -> None:
    async def scenario() -> None:
        async with serving(idle=1.0) as served:
            reader, writer = await served.connect()
            for identity in range(7):
                writer.write(framed(query(identity)))
                assert await receive(reader) == response(identity)
                await asyncio.sleep(0.2)

    asyncio.run(scenario())


def test_who_does_not_take_the_replies_is_read_no_further_and_cut_off() -> None:
    async def scenario() -> None:
        async with serving(always(60000), idle=0.5) as served:
            with socket.socket() as client:  # not a stream, which would take the replies into its own buffer
                client.setblocking(False)
                loop = asyncio.get_running_loop()
                await loop.sock_connect(client, served.address())
                with suppress(TimeoutError, ConnectionError):
                    async with asyncio.timeout(5):
                        while True:
                            await loop.sock_sendall(client, framed(*(query(n) for n in range(1000))))
            assert served.count(Event.CONNECTION_IDLE) == 1
            assert served.count(Event.MESSAGE) < 1000

    asyncio.run(scenario())


def test_one_connection_too_many_closes_the_one_that_was_idle_longest() -> None:
    async def scenario() -> None:
        async with serving(connections=2) as served:
            first, second = await served.connect(), await served.connect()
            for reader, writer in (first, second, first):  # so the second one has been idle for longer
                writer.write(framed(query(1)))
                await receive(reader)
            third_reader, third_writer = await served.connect()
            third_writer.write(framed(query(3)))
            assert await receive(third_reader) == response(3)
            assert await is_closed(second[0])
            first[1].write(framed(query(4)))
            assert await receive(first[0]) == response(4)
            assert served.count(Event.CONNECTION_SHED) == 1

    asyncio.run(scenario())


def test_the_end_lets_replies_on_their_way_be_taken() -> None:
    async def scenario() -> None:
        async with serving(always(60000)) as served:
            reader, writer = await served.connect()
            writer.write(framed(*(query(n) for n in range(5))))
            first = await receive(reader)
            ending = asyncio.ensure_future(served.reception.close())
            assert len(first) == 60000
            assert await is_closed(reader)
            await ending

    asyncio.run(scenario())


def test_one_connection_too_many_of_a_client_closes_the_one_of_its_own_that_was_idle_longest() -> None:
    async def scenario() -> None:
        async with serving(each=2) as served:
            connections = [await served.connect() for _ in range(3)]
            assert await is_closed(connections[0][0])
            for reader, writer in connections[1:]:
                writer.write(framed(query(1)))
                assert await receive(reader) == response(1)
            assert served.count(Event.CLIENT_SHED) == 1
            assert served.count(Event.CONNECTION_SHED) == 0

    asyncio.run(scenario())


# ── replies that take long ────────────────────────────────────────────────────────────────────────────────────────


class Producer:
    """Answers queries whose number is a thousand or more, by messages of `size` octets that wait for a word each."""

    def __init__(self, size: int = 12, count: int = 3) -> None:
        self.go_on = asyncio.Semaphore(0)
        self.made = 0
        self.closed = asyncio.Event()
        self._size = size
        self._count = count

    def __call__(self, message: bytes, client: memoryview, transport: int) -> AsyncGenerator[bytes, None] | None:
        return self._messages(message) if int.from_bytes(message[:2], "big") >= 1000 else None

    async def _messages(self, message: bytes) -> AsyncGenerator[bytes, None]:
        try:
            for _ in range(self._count):
                await self.go_on.acquire()
                self.made += 1
                yield message[:2] + bytes(self._size - 2)
        finally:
            self.closed.set()


def test_a_reply_that_takes_long_holds_up_none_behind_it() -> None:
    async def scenario() -> None:
        producer = Producer()
        async with serving(at_length=producer) as served:
            reader, writer = await served.connect()
            writer.write(framed(query(1000), query(1), query(2)))
            assert [await receive(reader), await receive(reader)] == [response(1), response(2)]
            for _ in range(3):
                producer.go_on.release()
                assert (await receive(reader))[:2] == query(1000)[:2]
            await producer.closed.wait()

    asyncio.run(scenario())


def test_who_waits_for_a_long_reply_does_not_idle_and_may_have_said_all() -> None:
    async def scenario() -> None:
        producer = Producer()
        async with serving(idle=0.2, at_length=producer) as served:
            reader, writer = await served.connect()
            writer.write(framed(query(1000)))
            writer.write_eof()
            for _ in range(3):
                await asyncio.sleep(0.5)
                producer.go_on.release()
                assert (await receive(reader))[:2] == query(1000)[:2]
            assert await is_closed(reader)

    asyncio.run(scenario())


def test_no_more_of_a_long_reply_is_made_than_the_client_takes() -> None:
    async def scenario() -> None:
        producer = Producer(size=60000, count=10000)
        for _ in range(10000):
            producer.go_on.release()
        async with serving(idle=0.5, at_length=producer) as served:
            with socket.socket() as client:  # not a stream, which would take the replies into its own buffer
                client.setblocking(False)
                loop = asyncio.get_running_loop()
                await loop.sock_connect(client, served.address())
                await loop.sock_sendall(client, framed(query(1000)))
                await producer.closed.wait()
            assert served.count(Event.CONNECTION_IDLE) == 1
            assert producer.made < 1000

    asyncio.run(scenario())


def test_a_producer_is_closed_when_its_client_goes() -> None:
    async def scenario() -> None:
        producer = Producer(count=10000)
        async with serving(at_length=producer) as served:
            reader, writer = await served.connect()
            writer.write(framed(query(1000)))
            producer.go_on.release()
            await receive(reader)
            writer.transport.abort()
            for _ in range(9999):  # that it has gone shows when it is written to
                producer.go_on.release()
            await producer.closed.wait()
            assert producer.made < 10000

    asyncio.run(scenario())


def test_a_long_reply_that_fails_is_not_taken_for_a_whole_one() -> None:
    async def fail(message: bytes) -> AsyncGenerator[bytes, None]:
        yield message[:12]
        raise RuntimeError("on purpose")

    async def scenario() -> None:
        async with serving(at_length=lambda message, client, transport: fail(message)) as served:
            reader, writer = await served.connect()
            writer.write(framed(query(1)))
            assert await is_closed(reader)

    asyncio.run(scenario())


# ── who asks ──────────────────────────────────────────────────────────────────────────────────────────────────────


class FourOctets:
    """A preface of four octets: the client's address."""

    def __init__(self) -> None:
        self._read = b""

    def feed(self, octets: bytes) -> Introduced | None:
        self._read += octets
        if self._read[:1] == b"\xff":
            raise BadPreface("not an address")
        return Introduced(self._read[:4], self._read[4:]) if len(self._read) >= 4 else None


@pytest.mark.parametrize("split", [0, 1, 3, 4, 5])
def test_a_preface_says_who_asks(split: int) -> None:
    async def scenario() -> None:
        async with serving(tell_client, preface_for=lambda peer: FourOctets()) as served:
            reader, writer = await served.connect()
            octets = bytes((192, 0, 2, 7)) + framed(query(1), query(2))
            writer.write(octets[:split])
            await writer.drain()
            await asyncio.sleep(0.05)
            writer.write(octets[split:])
            assert (await receive(reader))[12:] == bytes((192, 0, 2, 7))
            assert (await receive(reader))[12:] == bytes((192, 0, 2, 7))

    asyncio.run(scenario())


def test_a_broken_preface_closes_the_connection() -> None:
    async def scenario() -> None:
        async with serving(preface_for=lambda peer: FourOctets()) as served:
            reader, writer = await served.connect()
            writer.write(b"\xff" + framed(query(1)))
            assert await is_closed(reader)
            assert served.count(Event.PROXY_REFUSED) == 1

    asyncio.run(scenario())
