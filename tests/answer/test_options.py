"""NSID (RFC 5001), keepalive (RFC 7828) and padding (RFC 7830, 8467): who gets them, and that they fit."""

import dns.flags
import dns.message
import dns.rcode
import pytest

from geodns.answer.terms import COOKIES_ON, HTTPS, MOST_TEXT, TCP, TLS, UDP
from geodns.serve.shared import install
from tests.answer.packets import COOKIE, opt, option, query, question, read, subnet
from tests.values import rrset, zone
from tests.world import Client, table_of

NSID, KEEPALIVE, PADDING = 3, 11, 12

TABLE = table_of(
    [
        zone(
            rrset("www", "A", "192.0.2.1"),
            rrset("n25", "A", *(f"10.0.0.{n}" for n in range(25))),
            *(rrset(f"n{count}", "A", *(f"10.0.{n >> 8}.{n & 255}" for n in range(count))) for count in (60, 4092)),
        )
    ]
)
ALL = [subnet(1, 24, 0, b"\x08\x08\x08"), *(option(code, b"") for code in (NSID, KEEPALIVE, PADDING))]


def send(packet: bytes, transport: int = UDP, **conduct: object) -> bytes:
    octets = Client(TABLE, **conduct).send(packet, transport=transport)
    assert isinstance(octets, bytes)
    return octets


def options(octets: bytes) -> dict[int, bytes]:
    told = read(octets).options
    assert len({int(each.otype) for each in told}) == len(told)
    return {int(each.otype): each.to_wire() or b"" for each in told}


@pytest.mark.parametrize(
    ("asked", "identity", "told"),
    [
        pytest.param([option(NSID, b"")], b"fra1", {NSID: b"fra1"}, id="the server's name"),
        pytest.param([option(NSID, b"x")], b"fra1", {NSID: b"fra1"}, id="whatever the query's says"),
        pytest.param([option(NSID, b"")] * 3, b"fra1", {NSID: b"fra1"}, id="once"),
        pytest.param([option(NSID, b"")], b"", {}, id="one that is to have none"),
        pytest.param([], b"fra1", {}, id="nobody has asked"),
    ],
)
@pytest.mark.parametrize("transport", [UDP, TCP, TLS, HTTPS])
def test_nsid_tells_the_server_s_name(
    asked: list[bytes], identity: bytes, told: dict[int, bytes], transport: int
) -> None:
    assert options(send(query(opt(*asked)), transport, identity=identity)) == told


@pytest.mark.parametrize("asked", ["no.example.com.", "www.example.net."])
def test_nsid_is_told_whatever_comes_of_the_query(asked: str) -> None:
    packet = query(opt(option(NSID, b"")), asked=question(asked))
    assert options(send(packet, identity=b"fra1", extended=0)) == {NSID: b"fra1"}
    assert options(send(query(opt(option(NSID, b""), version=3)), identity=b"fra1")) == {NSID: b"fra1"}


@pytest.mark.parametrize(
    ("transport", "told"),
    [(UDP, {}), (TCP, {KEEPALIVE: b"\0\x64"}), (TLS, {KEEPALIVE: b"\0\x64"}), (HTTPS, {})],
)
def test_keepalive_is_for_streams_of_messages(transport: int, told: dict[int, bytes]) -> None:
    """RFC 7828 §3.2: by UDP it is passed over; HTTPS has its own means."""
    assert options(send(query(opt(option(KEEPALIVE, b""))), transport)) == told


def test_keepalive_tells_the_idle_time_in_tenths_of_a_second() -> None:
    assert options(send(query(opt(option(KEEPALIVE, b""))), TCP, keepalive=65535)) == {KEEPALIVE: b"\xff\xff"}


@pytest.mark.parametrize(
    ("transport", "code"),
    [
        (UDP, dns.rcode.NOERROR),
        (TCP, dns.rcode.FORMERR),
        (TLS, dns.rcode.FORMERR),
        (HTTPS, dns.rcode.NOERROR),
    ],
)
def test_a_keepalive_with_a_time_is_malformed_where_it_counts(transport: int, code: dns.rcode.Rcode) -> None:
    reply = read(send(query(opt(option(KEEPALIVE, b"\0\x64"))), transport))
    assert (reply.rcode(), reply.edns, reply.options) == (code, 0, ())


@pytest.mark.parametrize("transport", [TLS, HTTPS])
@pytest.mark.parametrize("name", ["www", "n25", "n60", "no"])
@pytest.mark.parametrize("padding", [b"", bytes(100)])
def test_replies_are_padded_where_nobody_else_can_read_them(transport: int, name: str, padding: bytes) -> None:
    octets = send(query(opt(option(PADDING, padding)), asked=question(f"{name}.example.com.")), transport)
    assert len(octets) % 468 == 0
    assert set(options(octets)[PADDING]) <= {0}
    assert len(octets) < len(send(query(asked=question(f"{name}.example.com.")), transport)) + 468 + 15


@pytest.mark.parametrize("transport", [UDP, TCP])
def test_what_everybody_can_read_is_not_padded(transport: int) -> None:
    assert options(send(query(opt(option(PADDING, b""))), transport)) == {}


def test_without_padding_in_the_query_there_is_none_in_the_reply() -> None:
    assert options(send(query(opt()), TLS)) == {}


def test_padding_ends_where_the_message_does() -> None:
    """65,535 is no multiple of 468."""
    octets = send(query(opt(option(PADDING, b"")), asked=question("n4092.example.com.")), TLS)
    reply = read(octets)
    assert len(reply.answer[0]) == 4092
    assert len(octets) == 65535


def test_padding_covers_what_was_written_there_before() -> None:
    client = Client(TABLE)
    client.send(query(opt(), asked=question("n60.example.com.")), transport=TLS)
    octets = client.send(query(opt(option(PADDING, b""))), transport=TLS)
    assert isinstance(octets, bytes)
    assert set(options(octets)[PADDING]) == {0}


@pytest.mark.parametrize("transport", [UDP, TCP, TLS, HTTPS])
def test_all_options_go_together(transport: int) -> None:
    client = Client(TABLE, cookies=COOKIES_ON, identity=b"fra1")
    install(client.memory.rotation, [bytes(range(16))])
    asked = query(opt(*ALL, option(COOKIE, bytes(8))), asked=question("www.example.net."))
    octets = client.send(asked, transport=transport)
    assert isinstance(octets, bytes)
    streams = {KEEPALIVE} if transport in (TCP, TLS) else set()
    private = {PADDING} if transport in (TLS, HTTPS) else set()
    assert options(octets).keys() == {8, COOKIE, NSID, 15} | streams | private


def test_with_all_options_a_reply_to_the_longest_name_fits_what_everybody_takes() -> None:
    client = Client(TABLE, cookies=COOKIES_ON, identity=b"x" * MOST_TEXT)
    name = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 49, "example.com."])
    codes = [subnet(2, 128, 0, bytes(16)), option(COOKIE, bytes(8)), option(NSID, b""), option(15, b"")]
    octets = client.send(query(opt(*codes, size=512), asked=question(name)))
    assert isinstance(octets, bytes)
    assert len(octets) <= 512
    assert set(options(octets)) == {8, COOKIE, NSID}


@pytest.mark.parametrize(("identity", "fits"), [(b"", True), (b"x" * 60, True), (b"x" * 128, False)])
def test_options_take_their_part_of_the_room(identity: bytes, fits: bool) -> None:
    """25 records leave 68 octets of 512 beside the OPT record."""
    octets = send(query(opt(option(NSID, b""), size=512), asked=question("n25.example.com.")), identity=identity)
    reply = read(octets)
    assert len(octets) <= 512
    assert bool(reply.flags & dns.flags.TC) is not fits
    assert bool(reply.answer) is fits
    assert len(reply.options) == bool(identity)
