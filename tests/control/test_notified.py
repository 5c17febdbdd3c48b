"""A NOTIFY for a zone that is copied: whose word counts, and how often primaries are asked for it.

BIND, Knot and NSD tell geodns of their changes; by the timers of their zones nobody would ask for hours."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import dns.flags
import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.rrset
import pytest

from geodns.control.copies import CopyBook
from geodns.control.folder import StateFolder
from geodns.model.endpoint import Endpoint
from geodns.model.name import Name, parse_name
from geodns.model.secondary import Secondary
from geodns.model.source import Source
from geodns.model.transfer import Key
from geodns.secondary.course import SHORTEST
from tests.control.place import run
from tests.control.waiting import until
from tests.primaries import HOST, KEY, SECRET, Primary, Told, primary, zone_text
from tests.scenarios.ports import free_port
from tests.scenarios.server import Server, serving

ORG = parse_name("example.org.")
TSIG = Key(name=parse_name(KEY), algorithm="hmac-sha256", secret=bytes(16))
FIRST, SECOND = Endpoint(ip_address("192.0.2.53"), 53), Endpoint(ip_address("2001:db8::53"), 5353)
KEYED = Secondary(zone=ORG, primaries=(FIRST, SECOND), key=TSIG, source=Source("geodns.yaml", 3, 3))
KEYLESS = replace(KEYED, key=None)
OTHER = parse_name("other.example.")


@pytest.mark.parametrize(
    ("secondary", "client", "key", "counts"),
    [
        pytest.param(KEYLESS, "192.0.2.53", None, True, id="a primary"),
        pytest.param(KEYLESS, "2001:db8::53", None, True, id="whatever its port"),
        pytest.param(KEYLESS, "192.0.2.54", None, False, id="nobody that is known"),
        pytest.param(KEYLESS, "192.0.2.54", OTHER, False, id="nor with some key of ours"),
        pytest.param(KEYED, "192.0.2.53", None, True, id="unsigned, but only a signed question follows"),
        pytest.param(KEYED, "192.0.2.54", TSIG.name, True, id="from anywhere with the zone's key"),
        pytest.param(KEYED, "192.0.2.54", OTHER, False, id="but not with another"),
        pytest.param(KEYED, "192.0.2.53", OTHER, True, id="a primary with another is as one with none"),
        pytest.param(KEYED, "192.0.2.54", None, False, id="and not without"),
    ],
)
def test_the_word_of_primaries_and_of_who_has_the_key_counts(
    secondary: Secondary, client: str, key: Name | None, counts: bool
) -> None:
    assert secondary.may_be_told_by(ip_address(client), key) is counts


# ── how often ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Listed(asyncio.DatagramProtocol):
    """A primary that has serial 7, and answers who asks for it while it is let."""

    def __init__(self, asked: list[str], host: str) -> None:
        self._asked = asked
        self._host = host
        self._held: list[tuple[bytes, tuple[str, int]]] = []
        self.answers = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._asked.append(self._host)
        self._held.append((data, addr))
        if self.answers:
            self.let()

    def let(self) -> None:
        self.answers = True
        for data, addr in self._held:
            reply = dns.message.make_response(dns.message.from_wire(data))
            reply.flags |= dns.flags.AA
            reply.answer.append(dns.rrset.from_text("example.org.", 300, "IN", "SOA", SOA))
            self._transport.sendto(reply.to_wire(), addr)  # type: ignore[attr-defined]
        self._held.clear()


SOA = "ns1.example.org. hostmaster.example.org. 7 86400 86400 864000 60"
HOSTS = (HOST, "127.0.0.2")


class Copying:
    """A book with a copy that is fresh for a day, and its two primaries. `asked`: which, in the order they were."""

    def __init__(self, folder: Path) -> None:
        state = StateFolder(folder / "state")
        (state.path / "secondary").mkdir(parents=True)
        (state.path / "secondary" / "example.org.zone").write_text(
            f"example.org. 300 SOA {SOA}\n@ NS ns.example.net.\n"
        )
        self.book = CopyBook(state)
        self.asked: list[str] = []
        self.primaries = [Listed(self.asked, host) for host in HOSTS]

    @property
    def confirmed(self) -> int:
        return self.book.transfers["confirmed"]

    def notify(self, host: str = HOST) -> None:
        self.book.notified(ORG, ip_address(host), None)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """It has asked once, as it does at the start."""
        loop = asyncio.get_running_loop()
        port = free_port(*HOSTS)
        for host, each in zip(HOSTS, self.primaries, strict=True):
            await loop.create_datagram_endpoint(lambda each=each: each, local_addr=(host, port))  # type: ignore[misc]
        endpoints = tuple(Endpoint(ip_address(host), port) for host in HOSTS)
        secondary = replace(KEYLESS, primaries=endpoints)
        self.book.published(self.book.zones([secondary]))
        self.book.watch([secondary])
        task = asyncio.create_task(self.book.run(_nothing))
        try:
            await until(lambda: self.confirmed == 1)
            yield
        finally:
            task.cancel()
            for each in self.primaries:
                each._transport.close()
            with pytest.raises(asyncio.CancelledError):
                await task


async def _nothing() -> None:
    pass


def test_a_primary_is_asked_at_once_and_who_has_told_before_the_others(tmp_path: Path) -> None:
    async def scenario() -> None:
        copying = Copying(tmp_path)
        async with copying.running():
            copying.notify("127.0.0.2")
            await until(lambda: copying.confirmed == 2)
            copying.notify()
            await until(lambda: copying.confirmed == 3)
            assert copying.asked == [HOST, "127.0.0.2", HOST]

    run(scenario)


def test_what_comes_while_a_primary_is_asked_is_remembered_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        copying = Copying(tmp_path)
        async with copying.running():
            copying.primaries[0].answers = False
            copying.notify()
            await until(lambda: len(copying.asked) == 2)
            for _ in range(20):
                copying.notify()
            copying.primaries[0].let()
            await until(lambda: copying.confirmed == 3)
            await asyncio.sleep(2 * SHORTEST)
            assert len(copying.asked) == 3

    run(scenario)


def test_a_flood_asks_no_more_than_once_a_second(tmp_path: Path) -> None:
    async def scenario() -> None:
        copying = Copying(tmp_path)
        async with copying.running():
            began = time.monotonic()
            for _ in range(100):
                copying.notify()
                await asyncio.sleep(0.02)
            assert 2 <= len(copying.asked) <= 2 + (time.monotonic() - began) / SHORTEST

    run(scenario)


def test_whose_word_does_not_count_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        copying = Copying(tmp_path)
        async with copying.running():
            copying.notify("192.0.2.66")
            copying.book.notified(parse_name("example.net."), ip_address(HOST), None)
            await asyncio.sleep(2 * SHORTEST)
            assert len(copying.asked) == 1

    with caplog.at_level(logging.DEBUG, "geodns.control.copies"):
        run(scenario)
    assert "example.org.: a NOTIFY from 192.0.2.66 does not count" in caplog.text
    assert "example.net.: a NOTIFY from 127.0.0.1 does not count" in caplog.text


# ── primaries that tell ───────────────────────────────────────────────────────────────────────────────────────────


HOURS = 86400  # seconds: what the timers of the zone say
SETTINGS = f"""\
zones: zones/
log_level: debug
keys: {{{KEY}: {{secret: {SECRET}}}}}
secondaries:
  example.org: {{primaries: ["{HOST}:%d"], key: {KEY}}}
"""


@contextmanager
def copying_from(there: Primary, folder: Path, port: int) -> Iterator[Server]:
    (folder / "zones").mkdir()
    (folder / "zones" / "example.com.yaml").write_text("zone: example.com\nrecords: {'@': {NS: ns1.example.net.}}\n")
    (folder / "geodns.yaml").write_text(SETTINGS % there.port)
    options = ["-c", str(folder / "geodns.yaml")]
    with serving(state=folder / "state", options=options, workers=1, port=port) as server:
        server.wait_until(lambda: server.addresses("www.example.org") == ["192.0.2.1"], "the zone is copied")
        yield server


def events(server: Server, event: str) -> float:
    return sum(each.value for each in server.samples("geodns_events_total") if each.labels["event"] == event)


@pytest.mark.sockets
@pytest.mark.parametrize("signs", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize("kind", ["named", "knotd", "nsd"])
def test_a_change_at_the_primary_is_served_when_it_tells(kind: str, signs: bool, tmp_path: Path) -> None:
    port = free_port(HOST)
    text = zone_text(7, refresh=HOURS, retry=HOURS, expire=10 * HOURS)
    with (
        primary(kind, tmp_path / kind, text, told=Told(port, signs)) as there,
        copying_from(there, tmp_path, port) as server,
    ):
        for serial in (8, 9):
            there.change(zone_text(serial, f"192.0.2.{serial}", refresh=HOURS, retry=HOURS, expire=10 * HOURS))
            server.wait_until(
                lambda serial=serial: server.addresses("www.example.org") == [f"192.0.2.{serial}"],  # type: ignore[misc]
                "the change is served",
            )
        assert events(server, "notified") >= 2


@pytest.mark.sockets
@pytest.mark.parametrize("send", [dns.query.udp, dns.query.tcp])
def test_who_may_not_tell_is_answered_and_nobody_is_asked(
    send: Callable[..., dns.message.Message], tmp_path: Path
) -> None:
    port = free_port(HOST)
    text = zone_text(7, refresh=HOURS, retry=HOURS, expire=10 * HOURS)
    with primary("knotd", tmp_path / "knotd", text) as there, copying_from(there, tmp_path, port) as server:
        asked = dns.message.make_query("example.org.", "SOA")
        asked.set_opcode(dns.opcode.NOTIFY)
        before = server.metric("geodns_copy_refreshes_total")
        reply = send(asked, HOST, port=port, source="127.0.0.9", timeout=20)
        assert reply.rcode() == dns.rcode.NOERROR
        server.wait_until(lambda: "a NOTIFY from 127.0.0.9 does not count" in server.stderr(), "control has heard")
        assert server.metric("geodns_copy_refreshes_total") == before
        send(asked, HOST, port=port, source=HOST, timeout=20)
        server.wait_until(lambda: server.metric("geodns_copy_refreshes_total") == before + 1, "a primary counts")
