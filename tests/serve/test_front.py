"""The front as a process: real handshakes, generations and deaths, with dnspython as client."""

import asyncio
import os
import signal
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import dns.asyncquery
import dns.message
import dns.query
import dns.rcode
import pytest
from cryptography import x509

from geodns.control.totals import Tallies
from geodns.model.endpoint import Endpoint
from geodns.serve.certificate import Pair
from geodns.serve.counts import Event
from geodns.serve.keeper import keep
from geodns.serve.messages import Publish
from geodns.serve.premises import Encrypted, FrontFiles, Premises
from geodns.serve.solo import solo_front
from geodns.table.slots import Ledgers
from tests.control.waiting import until
from tests.serve.certificates import issue, root
from tests.serve.tables import NAME, publish
from tests.serve.test_processes import ROOT, Line

pytestmark = pytest.mark.sockets

HTTP_2 = dns.query.HTTPVersion.HTTP_2
ANY_PORT = Endpoint(ip_address("127.0.0.1"), 0)


@pytest.fixture(autouse=True)
def _children_find_geodns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A worker and a front."""

    premises: Premises
    front: Line
    root: Path

    @property
    def ports(self) -> tuple[int, int, int]:
        """Of UDP and TCP, TLS, HTTPS."""
        (tls,), (https,) = self.premises.encrypted_endpoints()
        return self.premises.endpoints()[0].port, tls.port, https.port

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.root))

    async def by_tls(self) -> str:
        query, port = dns.message.make_query(NAME, "A"), self.ports[1]
        reply = await dns.asyncquery.tls(
            query, "127.0.0.1", port=port, timeout=20, ssl_context=self.trust(), server_hostname="localhost"
        )
        return _address(reply)

    async def by_https(self, *, post: bool = True) -> str:
        query, url = dns.message.make_query(NAME, "A"), f"https://127.0.0.1:{self.ports[2]}/dns-query"

        def ask() -> dns.message.Message:
            return dns.query.https(query, url, timeout=20, post=post, verify=self.trust(), http_version=HTTP_2)

        return _address(await asyncio.to_thread(ask))

    async def by_udp(self) -> str:
        query = dns.message.make_query(NAME, "A")
        return _address(await dns.asyncquery.udp(query, "127.0.0.1", port=self.ports[0], timeout=20))

    async def serial(self) -> int:
        """Of the certificate that a new connection is shown."""
        _, writer = await asyncio.open_connection(
            "127.0.0.1", self.ports[1], ssl=self.trust(), server_hostname="localhost"
        )
        der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        with suppress(OSError, ssl.SSLError):
            await writer.wait_closed()
        return x509.load_der_x509_certificate(der).serial_number

    def tallies(self) -> Tallies:
        files = self.premises.control_files()
        return Tallies(files.memories, files.front_memories)

    def count(self, transport: str, event: Event) -> int:
        return self.tallies().read(Ledgers.empty()).transports[transport][event]


def _address(reply: dns.message.Message) -> str:
    return str(reply.answer[0][0])


def premises_for(pair: Pair) -> Premises:
    encrypted = Encrypted(tls=(ANY_PORT,), https=(ANY_PORT,), pair=pair)
    return Premises([ANY_PORT], 1, encrypted=encrypted)


@asynccontextmanager
async def running(state: Path, pair: Pair) -> AsyncIterator[Running]:
    with premises_for(pair) as premises:
        served = Running(premises=premises, front=Line(premises.control_files().front_channels[0]), root=root(state))
        keeping = asyncio.create_task(keep((*premises.workers(state), *premises.fronts(state))))
        try:
            yield served
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            assert await keeping == 0
            served.front.channel.close()


async def until_other(before: int, served: Running) -> int:
    for _ in range(300):
        serial = await served.serial()
        if serial != before:
            return serial
        await asyncio.sleep(0.1)
    raise TimeoutError("the certificate is still the same")


def test_what_a_front_is_told_survives_the_way_to_it(tmp_path: Path) -> None:
    with premises_for(Pair(certificate="a", key="b", certificate_at="c", key_at="d")) as premises:
        (files,) = premises.all_front_files(tmp_path)
        assert FrontFiles.decode(files.encode()) == files


def test_without_anything_encrypted_there_is_no_front(tmp_path: Path) -> None:
    with Premises([ANY_PORT], 1) as premises:
        assert premises.fronts(tmp_path) == ()
        assert premises.encrypted_endpoints() == ((), ())
        assert solo_front(premises, tmp_path) is None


def test_tls_and_https_answer_and_are_counted_apart(tmp_path: Path) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        async with running(tmp_path, issue(tmp_path)) as served:
            found = {await served.by_tls(), await served.by_https(), await served.by_https(post=False)}
            assert found == {"192.0.2.7"}
            assert await served.by_udp() == "192.0.2.7"
            assert served.count("tls", Event.MESSAGE) == 1
            assert served.count("https", Event.MESSAGE) == 2
            await until(lambda: served.count("udp", Event.DATAGRAM) == 1)  # it is counted once the reply has left
            (certificate,) = served.tallies().certificates()
            assert not certificate.is_broken

    asyncio.run(scenario())


def test_a_published_generation_is_taken_up(tmp_path: Path) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        async with running(tmp_path, issue(tmp_path)) as served:
            assert (await served.front.serving()).generation == 1
            served.front.channel.send(Publish(publish(tmp_path, 8)))
            assert (await served.front.serving()).generation == 2
            assert {await served.by_tls(), await served.by_https()} == {"192.0.2.8"}

    asyncio.run(scenario())


def test_a_killed_front_comes_back_and_udp_has_gone_on(tmp_path: Path) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        async with running(tmp_path, issue(tmp_path)) as served:
            first = await served.front.serving()
            os.kill(first.pid, signal.SIGKILL)
            assert {await served.by_udp() for _ in range(20)} == {"192.0.2.7"}
            # What connects meanwhile waits in the listening socket, which the keeper holds, for its successor.
            assert {await served.by_tls(), await served.by_https()} == {"192.0.2.7"}
            again = await served.front.serving()
            assert again.pid != first.pid

    asyncio.run(scenario())


def test_a_certificate_is_renewed_under_load_and_no_query_fails(tmp_path: Path) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        async with running(tmp_path, issue(tmp_path)) as served:
            before, stop, asked = await served.serial(), asyncio.Event(), 0
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", served.ports[1], ssl=served.trust(), server_hostname="localhost"
            )
            query = dns.message.make_query(NAME, "A").to_wire()

            async def keep_asking() -> None:
                """Over new connections, and over one that was there before."""
                nonlocal asked
                while not stop.is_set():
                    assert await served.by_tls() == "192.0.2.7"
                    assert await served.by_https() == "192.0.2.7"
                    writer.write(len(query).to_bytes(2, "big") + query)
                    size = int.from_bytes(await reader.readexactly(2), "big")
                    assert await reader.readexactly(size)
                    asked += 3

            asking = asyncio.create_task(keep_asking())
            for _ in range(2):
                await asyncio.to_thread(issue, tmp_path, expires_in=timedelta(days=30))
                before = await until_other(before, served)
            stop.set()
            await asking
            writer.close()
            assert asked > 3

    asyncio.run(scenario())


def test_a_hangup_has_the_certificate_read_at_once_and_a_broken_one_is_told(tmp_path: Path) -> None:
    publish(tmp_path, 7)
    pair = issue(tmp_path)

    def spoil() -> None:
        Path(pair.certificate).write_text("no certificate")

    async def scenario() -> None:
        async with running(tmp_path, pair) as served:
            await served.front.serving()
            await asyncio.to_thread(spoil)
            os.kill(os.getpid(), signal.SIGHUP)
            await until(lambda: any(each.is_broken for each in served.tallies().certificates()))
            assert await served.by_tls() == "192.0.2.7"
            await asyncio.to_thread(issue, tmp_path)
            await until(lambda: not any(each.is_broken for each in served.tallies().certificates()))

    asyncio.run(scenario())


def test_with_a_broken_certificate_from_the_start_nothing_starts(tmp_path: Path) -> None:
    async def scenario() -> None:
        with premises_for(Pair(certificate=str(tmp_path / "none"), key=str(tmp_path / "none"))) as premises:
            async with asyncio.timeout(30):
                assert await keep((*premises.workers(tmp_path), *premises.fronts(tmp_path))) == 1

    asyncio.run(scenario())


def test_a_front_runs_beside_others_in_one_process(tmp_path: Path) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        with premises_for(issue(tmp_path)) as premises:
            front, stopping = solo_front(premises, tmp_path), asyncio.Event()
            assert front
            await front.start()
            served = Running(
                premises=premises, front=Line(premises.control_files().front_channels[0]), root=root(tmp_path)
            )
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(front.run(stopping))
                assert (await served.front.serving()).pid == os.getpid()
                assert {await served.by_tls(), await served.by_https()} == {"192.0.2.7"}
                stopping.set()
            served.front.channel.close()

    asyncio.run(scenario())
