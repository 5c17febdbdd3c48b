"""Zones that are copied from BIND, Knot and NSD, by AXFR and IXFR with TSIG; over real sockets."""

import asyncio
import json
import logging
import socket
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from io import StringIO
from ipaddress import ip_address
from pathlib import Path

import dns.flags
import dns.message
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest

from geodns.admin.status import status_view
from geodns.cli.glance import status_text
from geodns.cli.paint import Paint
from geodns.cli.shapes import Status, shaped
from geodns.control.control import Control
from geodns.control.transferring import Copy, NotTransferred, transfer
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
async def running(control: Control) -> AsyncIterator[Control]:
    await control.start()
    task = asyncio.create_task(control.run())
    try:
        yield control
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


def soa(serial: int) -> str:
    return f"example.org. 300 IN SOA ns1.example.org. h.example.org. {serial} 1 1 3600 60"


SOA = soa(7)
NS = "example.org. 300 IN NS ns1.example.net."
WWW = "www.example.org. 300 IN A 192.0.2.1"
CNAME = "www.example.org. 300 IN CNAME example.org."
Says = Callable[[str], Iterable[list[str]]]  # to what is asked for by TCP, messages of records


class Hostile(asyncio.DatagramProtocol):
    """Says over UDP that it has some serial, or none, and over TCP what the test wants."""

    def __init__(self, says: Says, serial: int | None = 7) -> None:
        self._says = says
        self._soa = [] if serial is None else [soa(serial)]
        self.asked: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(_reply(data, [soa(666)]), addr)  # before it, so that it comes first
        self._transport.sendto(_reply(data, self._soa), addr)  # type: ignore[attr-defined]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        query = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        self.asked.append(dns.rdatatype.to_text(dns.message.from_wire(query).question[0].rdtype))
        try:
            for records in self._says(self.asked[-1]):
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
        odd = dns.rdata.GenericRdata(dns.rdataclass.IN, dns.rdatatype.from_text(rtype), bytes(4))
        rdata = odd if data == "\\#" else dns.rdata.from_text(kind, rtype, data)
        reply.answer.append(dns.rrset.from_rdata(name, int(ttl), rdata))
    return reply.to_wire(max_size=65535)


@asynccontextmanager
async def hostile(says: Says, serial: int | None = 7) -> AsyncIterator[tuple[Hostile, int]]:
    """With its port."""
    peer = Hostile(says, serial)
    server = await asyncio.start_server(peer.talk, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    datagrams, _ = await loop.create_datagram_endpoint(lambda: peer, local_addr=(HOST, port))
    try:
        yield peer, port
    finally:
        datagrams.close()
        server.close()


async def copied_from(says: Says, most: int = 1 << 30) -> Copy:
    async with hostile(says) as (_, port):
        copy = await transfer(ORG, endpoint(port), None, None, most=most)
        assert copy is not None
        return copy


async def changed_from(says: Says, serial: int) -> tuple[list[str], Copy | None]:
    """What it was asked for by who has serial 7, and what came of it."""
    copy = await copied_from(lambda _: [[SOA, NS, WWW, SOA]])
    async with hostile(says, serial) as (peer, port):
        after = await transfer(ORG, endpoint(port), None, copy)
        return peer.asked, after


def test_what_lies_outside_of_the_zone_is_not_taken() -> None:
    messages = [[SOA, NS, WWW, "www.example.com. 300 IN A 192.0.2.66"], [SOA]]
    copy = asyncio.run(copied_from(lambda _: messages))
    assert sorted(map(str, copy)) == ["example.org.", "www.example.org."]


@pytest.mark.parametrize(
    ("messages", "most", "said"),
    [
        pytest.param([[SOA, NS, WWW]], 1 << 30, "broke off in the middle", id="no SOA at the end"),
        pytest.param([[SOA, NS, WWW]] + [[WWW]] * 9000, 100_000, "sends more than 100000 octets", id="endless"),
        pytest.param([[NS, SOA]], 1 << 30, "first RRset is not an SOA", id="no SOA at the beginning"),
        pytest.param([[SOA, NS, WWW], [SOA, WWW]], 1 << 30, "answers after final SOA", id="more after the end"),
        pytest.param([[]], 1 << 30, "No answer", id="nothing"),
        pytest.param([], 1 << 30, "broke off", id="a closed connection"),
        pytest.param([[SOA, NS, WWW, soa(8), SOA]], 1 << 30, "unexpected origin SOA", id="another SOA"),
        pytest.param([[SOA, NS, WWW, CNAME, SOA]], 1 << 30, "has a CNAME and other data", id="a CNAME that comes last"),
        pytest.param(
            [[SOA, NS, CNAME, WWW, SOA]], 1 << 30, "has a CNAME and other data", id="a CNAME that comes first"
        ),
        pytest.param([[SOA, NS, CNAME], [f"{CNAME}net.", SOA]], 1 << 30, "two records of type CNAME", id="two CNAMEs"),
        pytest.param(
            [[SOA, NS, "www.example.org. 300 CH TXT a", SOA]], 1 << 30, "wrong RdataClass", id="another class"
        ),
        pytest.param(
            [[SOA, NS, "www.example.org. 300 IN TYPE255 \\#", SOA]], 1 << 30, "type 255", id="no type of data"
        ),
    ],
)
def test_a_transfer_that_is_none_is_refused_as_a_whole(messages: list[list[str]], most: int, said: str) -> None:
    with pytest.raises(NotTransferred, match=said):
        asyncio.run(copied_from(lambda _: messages, most))


# ── differences of no use ─────────────────────────────────────────────────────────────────────────────────────────

WHOLE = [[soa(8), NS, CNAME, soa(8)]]
GONE = "gone.example.org. 300 IN A 192.0.2.1"


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([[soa(8), SOA, GONE, soa(8), CNAME, soa(8)]], id="takes away what is not there"),
        pytest.param([[soa(8), soa(6), WWW, soa(8), CNAME, soa(8)]], id="begins at another serial"),
        pytest.param([[soa(8), SOA, soa(8), CNAME, soa(8)]], id="leads to what cannot be"),
        pytest.param([[soa(8), SOA, WWW]], id="breaks off"),
        pytest.param([[soa(8), soa(8)]], id="is empty"),
        pytest.param([[soa(6)]], id="goes backwards"),
        pytest.param([[]], id="says nothing"),
        pytest.param([], id="does not come, for the primary hangs up"),
    ],
)
def test_after_a_difference_that_is_of_no_use_all_of_the_zone_is_asked_for(messages: list[list[str]]) -> None:
    says = {"IXFR": messages, "AXFR": WHOLE}
    asked, after = asyncio.run(changed_from(lambda rtype: says[rtype], 8))
    assert asked == ["IXFR", "AXFR"]
    assert after is not None
    assert {str(each) for each in after.find_rdataset("www.example.org.", "CNAME")} == {"example.org."}


def test_a_difference_may_have_a_cname_in_place_of_addresses() -> None:
    asked, after = asyncio.run(changed_from(lambda _: [[soa(8), SOA, WWW, soa(8), CNAME, soa(8)]], 8))
    assert asked == ["IXFR"]
    assert after is not None
    assert {str(each) for each in after.find_rdataset("www.example.org.", "CNAME")} == {"example.org."}


def test_who_does_not_tell_a_serial_is_not_asked_for_the_zone() -> None:
    """A question by UDP is soon given up where nobody is there, and a connection is not."""

    async def scenario() -> list[str]:
        async with hostile(lambda _: WHOLE, serial=None) as (peer, port):
            with pytest.raises(NotTransferred, match="is no authority for"):
                await transfer(ORG, endpoint(port), None, None)
            return peer.asked

    assert asyncio.run(scenario()) == []


def test_a_primary_that_says_by_tcp_that_nothing_has_changed_is_believed() -> None:
    assert asyncio.run(changed_from(lambda _: [[SOA]], 8)) == (["IXFR"], None)


@pytest.mark.parametrize("serial", [6, 8], ids=["in its SOA", "in what it sends"])
def test_an_older_zone_is_not_taken(serial: int) -> None:
    older = [[soa(6), NS, soa(6)]]
    with pytest.raises(NotTransferred, match="has serial 6, which is older than the copy's 7"):
        asyncio.run(changed_from(lambda _: older, serial))


def test_where_one_primary_lags_behind_the_next_is_asked_and_once_the_copy_has_expired_any_is_good(
    tmp_path: Path,
) -> None:
    async def scenario() -> None:
        def sending(serial: int, expire: int = 3600) -> Says:
            record = soa(serial).replace("3600", str(expire))
            return lambda _: [[record, NS, WWW.replace("192.0.2.1", f"192.0.2.{serial}"), record]]

        place = Place(tmp_path)
        async with hostile(sending(6), 6) as (_, lagging):
            async with hostile(sending(8, expire=4), 8) as (_, leading):
                async with running(copying(place, leading, key=None)) as control:
                    await until(lambda: served(control) == ["192.0.2.8"])
                async with running(copying(place, lagging, leading, key=None)) as control:
                    await until(lambda: control.copies.transfers["confirmed"] > 0)
            async with running(copying(place, lagging, key=None)) as control:
                await until(lambda: control.copies.transfers["failed"] > 0)
                assert served(control) == ["192.0.2.8"]
                assert f"{HOST}:{lagging} has serial 6, which is older than the copy's 8" in glance(control)
                await until(lambda: served(control) == ["192.0.2.6"])

    run(scenario)
