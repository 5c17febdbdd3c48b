"""TLS on real sockets: who gets through, who is cut off, and what passes inside."""

import asyncio
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import pytest
from h2.connection import H2Connection
from h2.events import ConnectionTerminated

from geodns.answer.terms import TLS
from geodns.model.endpoint import Endpoint
from geodns.serve.certificate import context_of
from geodns.serve.connection import Reception
from geodns.serve.counts import Event
from geodns.serve.desk import ReplyTo
from geodns.serve.http2 import Http2
from geodns.serve.https import Https
from geodns.serve.line import Line, Speaker
from geodns.serve.peer import PrefaceFor, expect_none
from geodns.serve.sockets import endpoint_of, open_listeners
from geodns.serve.tcp import Streams
from geodns.serve.tls import Encryption
from tests.serve.certificates import issue, root
from tests.serve.standins import always, echo, private_counts, query, response, tell_client
from tests.serve.test_tcp import FourOctets, framed, is_closed, receive

pytestmark = pytest.mark.sockets


class Served:
    def __init__(self, endpoint: Endpoint, folder: Path, reception: Reception) -> None:
        self.endpoint = endpoint
        self.reception = reception
        self.trust = ssl.create_default_context(cafile=str(root(folder)))
        self._writers: list[StreamWriter] = []

    def address(self) -> tuple[str, int]:
        return str(self.endpoint.address), self.endpoint.port

    async def connect(self, context: ssl.SSLContext | None = None) -> tuple[StreamReader, StreamWriter]:
        reader, writer = await asyncio.open_connection(
            *self.address(), ssl=context or self.trust, server_hostname="localhost"
        )
        self._writers.append(writer)
        return reader, writer

    async def connect_plain(self) -> tuple[StreamReader, StreamWriter]:
        reader, writer = await asyncio.open_connection(*self.address())
        self._writers.append(writer)
        return reader, writer

    def count(self, event: Event) -> int:
        return self.reception.counts.read()[event]

    async def hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
            with suppress(OSError, ssl.SSLError):
                await writer.wait_closed()


@asynccontextmanager
async def serving(
    folder: Path,
    reply_to: ReplyTo = echo,
    *,
    idle: float = 5.0,
    handshake_within: float = 5.0,
    each: int = 10,
    preface_for: PrefaceFor = expect_none,
    over_http: bool = False,
) -> AsyncIterator[Served]:
    counts = private_counts()
    ((sock,),) = open_listeners([Endpoint(ip_address("127.0.0.1"), 0)], 1)
    endpoint = endpoint_of(sock)
    context = context_of(issue(folder), ["h2" if over_http else "dot"])
    streams, https = Streams(reply_to, counts, TLS), Https(reply_to, counts, "/dns-query")

    def speak_by(line: Line, protocol: str | None) -> Speaker:
        return Http2(line, https) if over_http else streams.speak(line)

    speak = Encryption(lambda: context, speak_by, counts, handshake_within=handshake_within).speak
    reception = Reception(speak, counts, idle=idle, connections=10, each=each, preface_for=preface_for)
    await reception.listen(sock)
    served = Served(endpoint, folder, reception)
    try:
        async with asyncio.timeout(30):
            yield served
    finally:
        await served.hang_up()
        await reception.close()


def test_queries_inside_are_answered_in_order(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path) as served:
            reader, writer = await served.connect()
            writer.write(framed(*(query(n) for n in range(500))))
            assert [await receive(reader) for _ in range(500)] == [response(n) for n in range(500)]
            assert (served.count(Event.SECURED), served.count(Event.MESSAGE)) == (1, 500)

    asyncio.run(scenario())


@pytest.mark.parametrize("protocols", [["dot"], [], ["h2", "dot"]])
def test_a_client_may_name_dot_or_nothing(protocols: list[str], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path) as served:
            if protocols:
                served.trust.set_alpn_protocols(protocols)
            reader, writer = await served.connect()
            agreed = writer.get_extra_info("ssl_object").selected_alpn_protocol()
            assert agreed == ("dot" if protocols else None)
            writer.write(framed(query(1)))
            assert await receive(reader) == response(1)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("version", "gets_through"), [("TLSv1_3", True), ("TLSv1_2", True), ("TLSv1_1", False), ("TLSv1", False)]
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_are_refused(version: str, gets_through: bool, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path) as served:
            served.trust.minimum_version = served.trust.maximum_version = ssl.TLSVersion[version]
            served.trust.set_ciphers("DEFAULT:@SECLEVEL=0")
            if gets_through:
                await served.connect()
                return
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await served.connect()
            assert served.count(Event.HANDSHAKE_FAILED) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("version", ["TLSv1_3", "TLSv1_2"])
def test_a_session_is_resumed(version: str, tmp_path: Path) -> None:
    def ask(served: Served, session: ssl.SSLSession | None) -> tuple[ssl.SSLSession | None, bool | None]:
        with (
            socket.create_connection(served.address(), timeout=20) as plain,
            served.trust.wrap_socket(plain, server_hostname="localhost", session=session) as sock,
        ):
            sock.sendall(framed(query(1)))
            assert sock.recv(2) == len(query(1)).to_bytes(2, "big")
            return sock.session, sock.session_reused

    async def scenario() -> None:
        async with serving(tmp_path) as served:
            served.trust.minimum_version = served.trust.maximum_version = ssl.TLSVersion[version]
            session, reused = await asyncio.to_thread(ask, served, None)
            assert not reused
            _, reused = await asyncio.to_thread(ask, served, session)
            assert reused
            assert served.count(Event.RESUMED) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["nothing", "the beginning of a greeting"])
def test_a_handshake_that_gets_nowhere_is_cut_off(said: bytes, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path, handshake_within=0.3) as served:
            reader, writer = await served.connect_plain()
            writer.write(said)
            assert await is_closed(reader)
            assert served.count(Event.HANDSHAKE_FAILED) == 1

    asyncio.run(scenario())


def test_who_shakes_hands_octet_by_octet_is_cut_off(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path, handshake_within=0.5) as served:
            greeting = ssl.MemoryBIO()
            client = served.trust.wrap_bio(ssl.MemoryBIO(), greeting, server_hostname="localhost")
            with pytest.raises(ssl.SSLWantReadError):
                client.do_handshake()
            reader, writer = await served.connect_plain()
            closed = asyncio.ensure_future(is_closed(reader))
            for octet in greeting.read():
                if closed.done():
                    break
                writer.write(bytes((octet,)))
                await asyncio.sleep(0.05)
            assert closed.done()
            assert served.count(Event.HANDSHAKE_FAILED) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("said", [framed(query(1)), b"GET / HTTP/1.1\r\n\r\n", bytes(5000)])
def test_who_speaks_no_tls_is_closed(said: bytes, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path) as served:
            reader, writer = await served.connect_plain()
            writer.write(said)
            assert await is_closed(reader)
            assert served.count(Event.HANDSHAKE_FAILED) == 1
            assert served.count(Event.MESSAGE) == 0

    asyncio.run(scenario())


def test_who_says_nothing_inside_is_cut_off(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path, idle=0.5) as served:
            reader, _ = await served.connect()
            assert await is_closed(reader)
            assert served.count(Event.CONNECTION_IDLE) == 1

    asyncio.run(scenario())


def _heard(served: Served, said: bytes = b"") -> bytes:
    """Until TLS says that no more comes; that the line is cut is an error."""
    with (
        socket.create_connection(served.address(), timeout=20) as plain,
        served.trust.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False) as sock,
    ):
        sock.sendall(said)
        octets = b""
        while part := sock.recv(65536):
            octets += part
        return octets


@pytest.mark.parametrize("over_http", [False, True], ids=["TLS", "HTTPS"])
def test_who_is_cut_off_as_he_idles_is_told(over_http: bool, tmp_path: Path) -> None:
    """Or a client whose query was on its way could not know that nobody has read it."""

    async def scenario() -> None:
        async with serving(tmp_path, idle=0.5, over_http=over_http) as served:
            client = H2Connection()
            client.initiate_connection()
            heard = await asyncio.to_thread(_heard, served, client.data_to_send() if over_http else b"")
            assert served.count(Event.CONNECTION_IDLE) == 1
            ends = [each for each in client.receive_data(heard) if isinstance(each, ConnectionTerminated)]
            assert [(each.error_code, each.last_stream_id) for each in ends] == [(0, 0)] * over_http

    asyncio.run(scenario())


def test_who_makes_room_for_others_is_told(tmp_path: Path) -> None:
    asked = asyncio.Event()

    def reply_to(packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview) -> int:
        asked.set()
        return echo(packet, length, client, transport, reply)

    async def scenario() -> None:
        async with serving(tmp_path, reply_to, each=1) as served:
            heard = asyncio.create_task(asyncio.to_thread(_heard, served, framed(query(1))))
            await asked.wait()
            reader, writer = await served.connect()
            assert await heard == framed(response(1))
            assert served.count(Event.CLIENT_SHED) == 1
            writer.write(framed(query(2)))
            assert await receive(reader) == response(2)

    asyncio.run(scenario())


def test_who_does_not_take_the_replies_is_answered_no_further_and_cut_off(tmp_path: Path) -> None:
    def flood(served: Served) -> None:
        with (
            socket.create_connection(served.address(), timeout=20) as plain,
            served.trust.wrap_socket(plain, server_hostname="localhost") as sock,
            suppress(OSError),
        ):
            while True:
                sock.sendall(framed(*(query(n) for n in range(1000))))

    async def scenario() -> None:
        async with serving(tmp_path, always(60000), idle=1.0) as served:
            await asyncio.to_thread(flood, served)
            assert served.count(Event.CONNECTION_IDLE) == 1
            assert served.count(Event.MESSAGE) < 1000

    asyncio.run(scenario())


@pytest.mark.parametrize("size", [50, 60000])
def test_a_client_that_says_no_more_still_gets_its_replies(size: int, tmp_path: Path) -> None:
    """It closes its side of TLS and of TCP at once behind the queries, before it takes a reply."""

    def ask(served: Served) -> bytes:
        sealed, opened = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = served.trust.wrap_bio(opened, sealed, server_hostname="localhost")
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # so that replies have to wait
            sock.settimeout(20)
            sock.connect(served.address())
            while True:
                try:
                    client.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    sock.sendall(sealed.read())
                    opened.write(sock.recv(65536))
            client.write(framed(*(query(n) for n in range(100))))
            with suppress(ssl.SSLWantReadError):
                client.unwrap()
            sock.sendall(sealed.read())
            sock.shutdown(socket.SHUT_WR)
            while octets := sock.recv(65536):
                opened.write(octets)
        got = b""
        with suppress(ssl.SSLError):
            while part := client.read(65536):
                got += part
        return got

    async def scenario() -> None:
        async with serving(tmp_path, always(size)) as served:
            assert len(await asyncio.to_thread(ask, served)) == 100 * (2 + size)
            assert served.count(Event.MESSAGE) == 100

    asyncio.run(scenario())


def test_a_preface_stands_before_the_handshake(tmp_path: Path) -> None:
    def ask(served: Served) -> bytes:
        with socket.create_connection(served.address(), timeout=20) as plain:
            plain.sendall(bytes((192, 0, 2, 7)))
            with served.trust.wrap_socket(plain, server_hostname="localhost") as sock:
                sock.sendall(framed(query(1)))
                size = int.from_bytes(sock.recv(2), "big")
                return sock.recv(size)

    async def scenario() -> None:
        async with serving(tmp_path, tell_client, preface_for=lambda _: FourOctets()) as served:
            assert (await asyncio.to_thread(ask, served))[12:] == bytes((192, 0, 2, 7))

    asyncio.run(scenario())


def test_the_end_is_said_inside_too(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path) as served:
            reader, writer = await served.connect()
            writer.write(framed(query(1)))
            await receive(reader)
            await served.reception.close()
            assert await reader.read() == b"", "and not an error: TLS was closed, not cut"

    asyncio.run(scenario())
