"""BIND and Knot → geodns → BIND, Knot and NSD: a zone that geodns copies goes further from here just as it came."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.tsig
import dns.xfr
import dns.zone
import pytest

from tests import primaries
from tests.copies import KEY, Records, keyring, records_of
from tests.primaries import Primary, Told, primary
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL, Server, serving
from tests.secondaries.daemons import KINDS, NAME, SECRET, Kind, Secondary, Setting, running

pytestmark = pytest.mark.sockets

ZONE = "example.org."
HOURS = 86400
OTHER = dns.tsig.Key(primaries.KEY, primaries.SECRET, "hmac-sha256")  # of geodns and its primary
TEXT = (
    f"""\
$ORIGIN example.org.
@ 300 IN SOA Ns1.Example.ORG. Host\\.Master.example.net. {{serial}} {HOURS} {{retry}} {{expire}} 60
@ 301 IN NS ns1
@ 301 IN NS ns2.example.net.
ns1 302 IN A 192.0.2.53
www 303 IN A {{address}}
www 2147483647 IN AAAA 2001:db8::1
*.dev 0 IN TXT "a wildcard" "\\"\\000\\255"
sub 304 IN NS ns.sub
sub 305 IN DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000
ns.sub 306 IN A 192.0.2.54
odd 307 IN TYPE65280 \\# 4 0a000001
nothing 308 IN TYPE65281 \\# 0
svc 309 IN SVCB 1 Www.example.org. alpn=h2 key65000="a"
srv 310 IN SRV 0 5 5060 Sip.example.org.
mail 311 IN MX 10 Mail.Example.Org.
down 312 IN DNAME example.net.
esc\\.aped\\032x 313 IN TXT "a name to escape"
"""
    + "\n".join(f't{number} 314 IN TXT "{"x" * 60}"' for number in range(400))
    + "\n"
)
SETTINGS = """\
{zones}
keys:
  {theirs}: {{secret: {their_secret}}}
  {ours}: {{secret: {our_secret}}}
secondaries:
  example.org:
    primaries: "{host}:{port}"
    key: {theirs}
    transfer: {{allow: key {ours}, notify: [{told}]}}
"""


def text(serial: int, address: str = "192.0.2.1", expire: int = 10 * HOURS) -> str:
    return TEXT.format(serial=serial, address=address, retry=min(HOURS, expire // 4), expire=expire)


@contextmanager
def between(folder: Path, upstream: int, port: int, told: Sequence[int] = ()) -> Iterator[Server]:
    """geodns on the port, which copies from one and tells the others."""
    settings = folder / "geodns.yaml"
    settings.write_text(
        SETTINGS.format(
            zones="workers: 1",
            theirs=primaries.KEY,
            their_secret=primaries.SECRET,
            ours=NAME,
            our_secret=SECRET,
            host=LOCAL,
            port=upstream,
            told=", ".join(f'"{LOCAL}:{each} key {NAME}"' for each in told),
        )
    )
    with serving(state=folder / "state", options=["-c", str(settings)], workers=1, port=port) as server:
        yield server


@contextmanager
def chain(kind: str, folder: Path, kinds: Sequence[Kind]) -> Iterator[tuple[Primary, Server, list[Secondary]]]:
    port, ports = free_port(LOCAL), [free_port(LOCAL) for _ in kinds]
    with (
        primary(kind, folder / kind, text(7), told=Told(port)) as there,
        between(folder, there.port, port, ports) as server,
        ExitStack() as stack,
    ):
        secondaries = [
            stack.enter_context(
                running(each, Setting(folder=folder / each.name, port=own, primary=port, zones=(ZONE,)))
            )
            for each, own in zip(kinds, ports, strict=True)
        ]
        yield there, server, secondaries


def copied(port: int, key: dns.tsig.Key) -> Records:
    """Names that may be compressed in data compare without their case (RFC 4034 §6.2 signs them in lower case)."""
    zone = dns.zone.Zone(ZONE, relativize=False)
    query, _ = dns.xfr.make_query(zone, keyring=key)
    dns.query.inbound_xfr(LOCAL, zone, query, port, timeout=20)
    records = records_of(
        dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset)) for name, rdataset in zone.iterate_rdatasets()
    )
    return {(name, rtype, data.lower() if rtype in ("SOA", "MX") else data, ttl) for name, rtype, data, ttl in records}


def ours() -> dns.tsig.Key:
    (key,) = keyring(KEY).values()
    return key


@pytest.mark.parametrize("kind", ["named", "knotd"])
def test_a_copied_zone_goes_further_as_it_came_and_each_change_as_a_difference(kind: str, tmp_path: Path) -> None:
    with chain(kind, tmp_path, KINDS) as (there, server, secondaries):
        for each in secondaries:
            each.wait_for(ZONE, 7)
        assert copied(server.port, ours()) == copied(there.port, OTHER)
        for serial in (8, 2**31 - 1):
            there.change(text(serial, f"192.0.2.{serial % 256}"))
            for each in secondaries:
                each.wait_for(ZONE, serial)
                assert {str(rdata) for rdata in each.ask("www.example.org.", "A").answer[0]} == {
                    f"192.0.2.{serial % 256}"
                }
        assert copied(server.port, ours()) == copied(there.port, OTHER)
        came = [line for line in server.stderr().splitlines() if "IXFR from serial 8, 6 records" in line]
        assert len(came) == len(KINDS), "each had the change as four SOAs and two records"
        server.wait_until(
            lambda: [row["acknowledged"] for row in server.status()["secondaries"]] == [True] * len(KINDS),
            "all have acknowledged the last serial",
        )


def test_a_copy_that_has_expired_goes_no_further_until_it_is_good_again(tmp_path: Path) -> None:
    port = free_port(LOCAL)
    with (
        primary("knotd", tmp_path / "knotd", text(7, expire=6)) as there,
        between(tmp_path, there.port, port) as server,
    ):
        server.wait_until(lambda: server.ask(ZONE, "SOA").rcode() == dns.rcode.NOERROR, "the zone is copied")
    with between(tmp_path, there.port, port) as server:
        server.wait_until(lambda: server.ask(ZONE, "SOA").rcode() == dns.rcode.SERVFAIL, "the copy has expired")
        for rtype in ("AXFR", "IXFR"):
            assert asked(server, rtype).rcode() == dns.rcode.SERVFAIL
        (row,) = server.status()["copies"]
        assert (row["serial"], row["served"]) == (7, False)
        with primary("knotd", tmp_path / "again", text(8, "192.0.2.8"), there.port):
            server.wait_until(lambda: server.ask(ZONE, "SOA").rcode() == dns.rcode.NOERROR, "it is good again")
            assert len(asked(server, "IXFR").answer) == 6
            assert ("www.example.org.", "A", "192.0.2.8", 303) in copied(server.port, ours())


def test_without_a_copy_there_is_none_to_be_had_and_who_may_not_gets_none_of_one(tmp_path: Path) -> None:
    port, upstream = free_port(LOCAL), free_port(LOCAL)
    with between(tmp_path, upstream, port) as server:
        assert asked(server, "AXFR").rcode() == dns.rcode.SERVFAIL
        with primary("named", tmp_path / "named", text(7), upstream):
            server.wait_until(lambda: server.ask(ZONE, "SOA").rcode() == dns.rcode.NOERROR, "the zone is copied")
            assert asked(server, "AXFR").rcode() == dns.rcode.NOERROR
            assert asked(server, "AXFR", OTHER).rcode() == dns.rcode.REFUSED
            assert asked(server, "AXFR", None).rcode() == dns.rcode.REFUSED


def asked(server: Server, rtype: str, key: dns.tsig.Key | str | None = "ours", serial: int = 7) -> dns.message.Message:
    """The first message that comes."""
    query = dns.message.make_query(ZONE, rtype)
    if rtype == "IXFR":
        soa = f"ns1.example.org. host.example.org. {serial} 1 1 1 1"
        query.authority.append(dns.rrset.from_text(ZONE, 0, "IN", "SOA", soa))
    if key is not None:
        query.use_tsig(ours() if isinstance(key, str) else key)
    return dns.query.tcp(query, LOCAL, 20, server.port, one_rr_per_rrset=True)
