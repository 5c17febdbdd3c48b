"""EDNS: versions, sizes and flags (RFC 6891)."""

import dns.flags
import dns.rcode
import pytest

from geodns.answer.cells import TRUNCATED
from geodns.answer.terms import DATAGRAM, HTTPS, LARGEST, TCP, TLS, UDP
from tests.answer.packets import COOKIE, header, opt, option, query, question, read, subnet
from tests.values import rrset, zone
from tests.world import Client, table_of

TABLE = table_of(
    [
        zone(
            rrset("www", "A", "192.0.2.1"),
            *(
                rrset(f"n{count}", "A", *(f"10.0.{n >> 8}.{n & 255}" for n in range(count)))
                for count in (29, 30, 75, 500)
            ),
            rrset("huge", "A", *(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(5000))),
            rrset("cut", "NS", *(f"ns{n}.cut" for n in range(13))),
            *(rrset(f"ns{n}.cut", "AAAA", f"2001:db8::{n}") for n in range(13)),
        )
    ]
)


def send(packet: bytes, transport: int = UDP, **conduct: object) -> bytes:
    octets = Client(TABLE, **conduct).send(packet, transport=transport)
    assert isinstance(octets, bytes)
    return octets


def test_a_query_without_edns_gets_a_reply_without() -> None:
    assert read(send(query())).edns == -1


def test_a_query_with_edns_gets_a_reply_with() -> None:
    reply = read(send(query(opt())))
    assert (reply.edns, reply.payload, reply.ednsflags, reply.options) == (0, DATAGRAM, 0, ())


@pytest.mark.parametrize("version", [1, 2, 255])
def test_another_version_is_told_apart_from_other_faults(version: int) -> None:
    reply = read(send(query(opt(version=version))))
    assert reply.rcode() == dns.rcode.BADVERS
    assert (reply.edns, reply.answer, reply.authority) == (0, [], [])


@pytest.mark.parametrize(
    ("flags", "given"), [(0x8000, 0x8000), (0, 0), (0x4000, 0), (0xFFFF, 0x8000)], ids=["DO", "none", "Z", "all"]
)
def test_do_is_copied_and_unknown_flags_are_not(flags: int, given: int) -> None:
    """RFC 3225 §3, RFC 6891 §6.1.4."""
    assert read(send(query(opt(flags=flags)))).ednsflags == given


@pytest.mark.parametrize("options", [[option(COOKIE, b"12345678")], [option(65001, b"")], [option(3, b"")] * 3])
def test_options_that_we_do_not_know_are_ignored(options: list[bytes]) -> None:
    reply = read(send(query(opt(*options))))
    assert (reply.rcode(), len(reply.answer), reply.options) == (dns.rcode.NOERROR, 1, ())


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([opt(), opt()], id="two OPT records"),
        pytest.param([opt(owner=b"\3www\0")], id="an owner that is not the root"),
        pytest.param([opt(owner=b"\xc0\x0c")], id="an owner that is a pointer"),
        pytest.param([opt(b"\0")], id="less than an option's head"),
        pytest.param([opt(b"\0\x0a\0\x05abcd")], id="an option longer than the record"),
        pytest.param([opt(option(COOKIE, b"12345678") + b"\0\x0a\0")], id="a second option cut short"),
    ],
)
def test_a_malformed_opt_record_is_a_format_error(records: list[bytes]) -> None:
    reply = read(send(query(*records)))
    assert reply.rcode() == dns.rcode.FORMERR
    assert reply.answer == []


@pytest.mark.parametrize("options", [b"\0", b"\0\x0a\0\x05abcd", option(8, b"")])
@pytest.mark.parametrize("transport", [UDP, TCP, TLS, HTTPS])
def test_a_malformed_option_does_not_keep_edns_from_the_reply(options: bytes, transport: int) -> None:
    """RFC 6891 §7: who sends EDNS is told that we understand it."""
    reply = read(send(query(opt(options)), transport))
    assert (reply.rcode(), reply.edns) == (dns.rcode.FORMERR, 0)


@pytest.mark.parametrize("section", [{"an": 1}, {"ns": 1}])
def test_an_opt_record_elsewhere_is_a_format_error(section: dict[str, int]) -> None:
    """RFC 6891 §6.1.1: it stands in the additional section."""
    reply = read(send(header(**section) + question() + opt()))
    assert (reply.rcode(), reply.answer) == (dns.rcode.FORMERR, [])


@pytest.mark.parametrize(
    ("name", "size", "transport", "fits"),
    [
        # 33 octets of header and question, 16 a record, 11 for OPT
        pytest.param("n29", None, UDP, True, id="512 octets without EDNS"),
        pytest.param("n30", None, UDP, False, id="not one record more"),
        pytest.param("n29", 512, UDP, True, id="512 octets, the OPT record included"),
        pytest.param("n30", 512, UDP, False, id="not one record more, with OPT"),
        pytest.param("n29", 0, UDP, True, id="sizes below 512 count as 512"),
        pytest.param("n30", 1232, UDP, True, id="as much as the client takes"),
        pytest.param("n75", 1232, UDP, False, id="not more than that"),
        pytest.param("n75", 1400, UDP, False, id="not more than our ceiling"),
        pytest.param("n500", 65535, UDP, False, id="large sizes do not make large datagrams"),
        pytest.param("n500", None, TCP, True, id="a stream has room"),
        pytest.param("n500", 512, TCP, True, id="whatever the UDP size"),
        pytest.param("huge", 512, TCP, False, id="but not for more than a message can be"),
        pytest.param("x.cut", 512, UDP, False, id="a referral whose glue does not fit (RFC 9471 §3.1)"),
        pytest.param("x.cut", 1232, UDP, True, id="one whose glue fits"),
    ],
)
def test_what_does_not_fit_is_truncated(name: str, size: int | None, transport: int, fits: bool) -> None:
    asked = question(f"{name}.example.com.")
    packet = query(asked=asked) if size is None else query(opt(size=size), asked=asked)
    octets = send(packet, transport)
    reply = read(octets)
    assert len(octets) <= (LARGEST if transport == TCP else min(max(512, size or 0), DATAGRAM))
    assert bool(reply.flags & dns.flags.TC) is not fits
    assert bool(reply.answer or reply.authority) is fits
    assert reply.edns == (-1 if size is None else 0)


def test_a_server_told_so_sends_larger_datagrams() -> None:
    packet = query(opt(size=1400), asked=question("n75.example.com."))
    assert dns.message.from_wire(send(packet)).flags & dns.flags.TC
    reply = dns.message.from_wire(send(packet, payload=1400))
    assert not reply.flags & dns.flags.TC
    assert reply.payload == 1400


def test_truncated_replies_are_counted() -> None:
    client = Client(TABLE)
    client.send(query(asked=question("n500.example.com.")))
    assert client.memory.counts[TRUNCATED] == 1


def test_a_truncated_reply_keeps_the_client_subnet() -> None:
    reply = read(send(query(opt(subnet(1, 24, 0, b"\x08\x08\x08")), asked=question("n500.example.com."))))
    assert reply.flags & dns.flags.TC
    assert [each.to_text() for each in reply.options] == ["ECS 8.8.8.0/24 scope/0"]
