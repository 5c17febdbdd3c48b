"""Zones that are copied from BIND, Knot and NSD, by AXFR and IXFR with TSIG; over real sockets."""

import asyncio
import json
import logging
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from io import StringIO
from ipaddress import ip_address
from pathlib import Path

import dns.message
import dns.rrset
import pytest

from geodns.admin.status import status_view
from geodns.cli.glance import status_text
from geodns.cli.paint import Paint
from geodns.cli.shapes import Status, shaped
from geodns.control.control import Control
from geodns.control.transferring import NotTransferred, transfer
from geodns.model.endpoint import Endpoint
from geodns.model.name import parse_name
from geodns.model.secondary import Secondary
from geodns.model.source import Source
from geodns.model.transfer import Key
from tests.control.place import Place, run
from tests.control.waiting import until
from tests.primaries import HOST, KEY, SECRET, Primary, primary, zone_text
from tests.world import Client, addresses, lines, outcome

ORG = parse_name("example.org.")
TSIG = Key(name=parse_name(KEY), algorithm="hmac-sha256", secret=b64decode(SECRET))
KINDS = ["named", "knotd", "nsd"]


def endpoint(port: int) -> Endpoint:
    return Endpoint(ip_address(HOST), port)


def copying(place: Place, *ports: int, key: Key | None = TSIG) -> Control:
    """Beside the zone of the place."""
    secondary = Secondary(zone=ORG, primaries=tuple(map(endpoint, ports)), key=key, source=Source("geodns.yaml", 3, 3))
    place.settings = replace(place.settings, secondaries=(secondary,))
    return place.control()


def served(control: Control, name: str = "www.example.org.", rtype: str = "A") -> list[str]:
    assert control.edition is not None
    reply = Client(control.edition.table).ask(name, rtype)
    return addresses(reply) or [outcome(reply)]


def serial(control: Control) -> int | None:
    (view,) = control.copies.views()
    return view.course.timers.serial if view.course.timers else None


def glance(control: Control) -> str:
    status = shaped(Status, json.loads(json.dumps(status_view(control, time.time()))))
    return status_text(status, lambda _: (), Paint(StringIO(), {}))


@asynccontextmanager
async def running(control: Control) -> AsyncIterator[None]:
    await control.start()
    task = asyncio.create_task(control.run())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.sockets
@pytest.mark.parametrize("kind", KINDS)
def test_a_zone_is_copied_kept_fresh_and_served_as_it_is_there(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(there: Primary) -> None:
        place = Place(tmp_path)
        control = copying(place, there.port)
        async with running(control):
            await until(lambda: served(control) == ["192.0.2.1"])
            assert control.edition is not None
            client = Client(control.edition.table)
            assert lines(client.ask("x.dev.example.org.", "TXT").answer) == ['x.dev.example.org. TXT "a wildcard"']
            assert outcome(client.ask("a.sub.example.org.")) == "REFERRAL"
            soa = lines(client.ask("example.org.", "SOA").answer)
            assert soa == ["example.org. SOA ns1.example.org. hostmaster.example.org. 7 1 1 3600 60"]
            assert outcome(client.ask("gone.example.org.")) == "NXDOMAIN"
            there.change(zone_text(9, "192.0.2.9"))
            await until(lambda: served(control) == ["192.0.2.9"])
            assert serial(control) == 9
            assert f"copy of example.org.  from {HOST}:{there.port}  serial 9, confirmed" in glance(control)

    with primary(kind, tmp_path / kind, zone_text(7)) as there, caplog.at_level(logging.INFO):
        run(lambda: scenario(there))


@pytest.mark.sockets
@pytest.mark.parametrize("kind", ["named", "knotd"])
def test_differences_are_laid_over_the_copy_that_there_is(kind: str, tmp_path: Path) -> None:
    async def scenario(there: Primary) -> None:
        first = await transfer(ORG, endpoint(there.port), TSIG, None)
        assert first is not None
        assert await transfer(ORG, endpoint(there.port), TSIG, first) is None
        there.change(zone_text(8, "192.0.2.8"))
        second = None
        while second is None:
            second = await transfer(ORG, endpoint(there.port), TSIG, first)
            await asyncio.sleep(0.05)
        assert {str(each) for each in second.find_rdataset("www.example.org.", "A")} == {"192.0.2.8"}
        assert {str(each) for each in first.find_rdataset("www.example.org.", "A")} == {"192.0.2.1"}

    with primary(kind, tmp_path / kind, zone_text(7)) as there:
        run(lambda: scenario(there))


@pytest.mark.sockets
def test_without_the_key_nothing_is_copied_and_the_zone_is_servfail(tmp_path: Path) -> None:
    wrong = replace(TSIG, secret=b"another secret of that name")

    async def scenario(there: Primary) -> None:
        for key in (None, wrong):
            with pytest.raises(NotTransferred):
                await transfer(ORG, endpoint(there.port), key, None)
        place = Place(tmp_path)
        control = copying(place, there.port, key=wrong)
        async with running(control):
            await until(lambda: control.copies.transfers["failed"] > 0)
            assert served(control) == served(control, "example.org.", "SOA") == ["SERVFAIL"]
            assert outcome(Client(control.edition.table).ask("www.example.com.")) == "ANSWER"  # type: ignore[union-attr]

    with primary("knotd", tmp_path / "knotd", zone_text(7)) as there:
        run(lambda: scenario(there))


@pytest.mark.sockets
def test_a_copy_outlives_a_restart_and_expires_when_no_primary_answers(tmp_path: Path) -> None:
    async def scenario() -> None:
        place = Place(tmp_path)
        with primary("knotd", tmp_path / "knotd", zone_text(7, expire=12)) as there:
            control = copying(place, there.port)
            async with running(control):
                await until(lambda: served(control) == ["192.0.2.1"])
        control = copying(place, there.port)
        async with running(control):
            assert served(control) == ["192.0.2.1"]
            await until(lambda: served(control) == ["SERVFAIL"])
            assert control.copies.transfers["failed"] > 0
            assert "serial 7 expired at" in glance(control)
            with primary("knotd", tmp_path / "again", zone_text(8, "192.0.2.8"), there.port):
                await until(lambda: served(control) == ["192.0.2.8"])

    run(scenario)


@pytest.mark.sockets
def test_the_next_primary_is_asked_where_the_first_is_gone_and_a_reload_that_leaves_the_zone_out_ends_it(
    tmp_path: Path,
) -> None:
    async def scenario(there: Primary) -> None:
        place = Place(tmp_path)
        control = copying(place, 1, there.port)
        async with running(control):
            await until(lambda: served(control) == ["192.0.2.1"])
            place.settings = replace(place.settings, secondaries=())
            assert (await control.reload()).ok
            assert served(control) == ["REFUSED"]
            assert list((place.state.path / "secondary").iterdir()) == []

    with primary("named", tmp_path / "named", zone_text(7)) as there:
        run(lambda: scenario(there))


def test_a_zone_that_stands_in_a_file_too_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        place = Place(tmp_path)
        control = copying(place, 1)
        (secondary,) = place.settings.secondaries
        place.settings = replace(place.settings, secondaries=(replace(secondary, zone=parse_name("example.com.")),))
        told = await control.reload()
        assert not told.ok
        assert "geodns.yaml:3:3: the zone example.com. is in" in str(told.problems[0])

    run(scenario)


# ── primaries that mean no good ───────────────────────────────────────────────────────────────────────────────────

SOA = "example.org. 300 IN SOA ns1.example.org. h.example.org. 7 1 1 3600 60"
NS = "example.org. 300 IN NS ns1.example.net."
WWW = "www.example.org. 300 IN A 192.0.2.1"


class Hostile(asyncio.DatagramProtocol):
    """Says over UDP that it has serial 7, and over TCP what the test wants, a list of messages, each of records."""

    def __init__(self, messages: Callable[[], list[list[str]]]) -> None:
        self._messages = messages

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(_reply(data, [SOA]), addr)  # type: ignore[attr-defined]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        query = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        try:
            for records in self._messages():
                octets = _reply(query, records)
                writer.write(len(octets).to_bytes(2, "big") + octets)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


def _reply(query: bytes, records: list[str]) -> bytes:
    reply = dns.message.make_response(dns.message.from_wire(query))
    reply.flags |= dns.flags.AA
    for line in records:
        name, ttl, kind, rtype, data = line.split(maxsplit=4)
        reply.answer.append(dns.rrset.from_text(name, int(ttl), kind, rtype, data))
    return reply.to_wire(max_size=65535)


async def copied_from(messages: Callable[[], list[list[str]]], most: int = 1 << 30) -> list[str]:
    """The names of what is copied."""
    hostile = Hostile(messages)
    server = await asyncio.start_server(hostile.talk, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    datagrams, _ = await loop.create_datagram_endpoint(lambda: hostile, local_addr=(HOST, port))
    try:
        copy = await transfer(ORG, endpoint(port), None, None, most=most)
        assert copy is not None
        return sorted(map(str, copy))
    finally:
        datagrams.close()
        server.close()


def test_what_lies_outside_of_the_zone_is_not_taken() -> None:
    messages = [[SOA, NS, WWW, "www.example.com. 300 IN A 192.0.2.66"], [SOA]]
    assert asyncio.run(copied_from(lambda: messages)) == ["example.org.", "www.example.org."]


@pytest.mark.parametrize(
    ("messages", "most", "said"),
    [
        pytest.param([[SOA, NS, WWW]], 1 << 30, "broke off in the middle", id="no SOA at the end"),
        pytest.param([[SOA, NS, WWW]] + [[WWW]] * 9000, 100_000, "sends more than 100000 octets", id="endless"),
        pytest.param([[NS, SOA]], 1 << 30, "first RRset is not an SOA", id="no SOA at the beginning"),
        pytest.param([[SOA, NS, WWW], [SOA, WWW]], 1 << 30, "answers after final SOA", id="more after the end"),
        pytest.param([[]], 1 << 30, "No answer", id="nothing"),
        pytest.param([], 1 << 30, "broke off", id="a closed connection"),
    ],
)
def test_a_transfer_that_is_none_is_refused_as_a_whole(messages: list[list[str]], most: int, said: str) -> None:
    with pytest.raises(NotTransferred, match=said):
        asyncio.run(copied_from(lambda: messages, most))
