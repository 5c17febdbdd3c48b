"""Headers and questions: what is answered, dropped, handed on, or refused as malformed."""

import dns.flags
import dns.rcode
import pytest

from geodns.answer.cells import DROPPED, QUESTIONS
from geodns.answer.memory import OUTCOMES, TYPES
from geodns.answer.terms import DROP, NOT_MINE
from tests.answer.packets import header, opt, query, question, read
from tests.values import rrset, zone
from tests.world import Client, table_of

TABLE = table_of([zone(rrset("www", "A", "192.0.2.1"))])
QR, AA, TC, RD, RA, AD, CD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020, 0x0010


def send(packet: bytes) -> bytes | int:
    return Client(TABLE).send(packet)


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(header()[:11], id="less than a header"),
        pytest.param(header(QR) + question(), id="a response"),
        pytest.param(header(QR | 0x2000) + question(), id="a response to another opcode"),
        pytest.param(header(QR | 3, qd=0), id="an error response"),
    ],
)
def test_what_no_reply_is_due_to_is_dropped_and_counted(packet: bytes) -> None:
    client = Client(TABLE)
    assert client.send(packet) == DROP
    assert client.memory.counts[DROPPED] == 1


@pytest.mark.parametrize("opcode", range(1, 16))
def test_other_opcodes_than_query_are_not_ours(opcode: int) -> None:
    assert send(header(opcode << 11) + question()) == NOT_MINE


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(header() + question("example.com.", rtype=252), id="AXFR"),
        pytest.param(header(ns=1) + question("example.com.", rtype=251) + b"\0" * 11, id="IXFR, with its SOA"),
    ],
)
def test_transfers_are_not_ours(packet: bytes) -> None:
    assert send(packet) == NOT_MINE


@pytest.mark.parametrize("rclass", [0, 2, 4, 254, 256, 65535])
def test_there_is_nothing_in_other_classes(rclass: int) -> None:
    reply = read(send(query(opt(), asked=question(rclass=rclass))))
    assert (reply.rcode(), reply.edns) == (dns.rcode.REFUSED, 0)
    assert not reply.flags & AA
    assert not any(reply.sections[1:])


def test_another_class_and_another_version_of_edns_is_a_bad_version() -> None:
    """RFC 6891 §6.1.3."""
    assert read(send(query(opt(version=1), asked=question(rclass=4)))).rcode() == dns.rcode.BADVERS


@pytest.mark.parametrize(
    ("name", "code", "records"),
    [("www.example.com.", "NOERROR", 1), ("example.com.", "NOERROR", 0), ("no.example.com.", "NXDOMAIN", 0)],
)
def test_class_any_is_answered_without_authority(name: str, code: str, records: int) -> None:
    """RFC 1035 §6.2: "unless the server can guarantee that the response covers all classes"."""
    reply = read(send(header() + question(name, rclass=255)))
    assert (dns.rcode.to_text(reply.rcode()), len(reply.answer)) == (code, records)
    assert not reply.flags & AA


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(header(qd=0), id="no question (RFC 9619)"),
        pytest.param(header(qd=2) + question() + question(), id="two questions"),
        pytest.param(header(qd=0x0101) + question(), id="257 questions"),
        pytest.param(header(), id="a question that is missing"),
        pytest.param(header() + question()[:-1], id="a question cut short"),
        pytest.param(header() + b"\x03www", id="a name without end"),
        pytest.param(header() + b"\x3fwww\0\0\x01\0\x01", id="a label beyond the packet"),
        pytest.param(header() + b"\x40" + b"a" * 64 + b"\0\0\x01\0\x01", id="a label of 64 octets"),
        pytest.param(header() + b"\x80a\0\0\x01\0\x01", id="a reserved label type"),
        pytest.param(header() + b"\xc0\x0c\0\x01\0\x01", id="a name that points to itself"),
        pytest.param(header() + b"\x03www\xc0\x0c\0\x01\0\x01", id="a compressed name"),
        pytest.param(header() + (b"\x3f" + b"a" * 63) * 4 + b"\0\0\x01\0\x01", id="a name of 257 octets"),
        pytest.param(
            header() + (b"\x3f" + b"a" * 63) * 3 + b"\x3e" + b"b" * 62 + b"\0\0\x01\0\x01", id="of 256 octets"
        ),
        pytest.param(header() + b"\1x" * 128 + b"\0\0\x01\0\x01", id="a name of 128 labels"),
        pytest.param(header(an=1) + question() + b"\0" * 11, id="an answer in a query"),
        pytest.param(header(ns=1) + question() + b"\0" * 11, id="authority in a query"),
        pytest.param(query() + b"\0", id="an octet behind the question"),
        pytest.param(query(opt()) + b"\0", id="an octet behind the OPT record"),
        pytest.param(header(ar=1) + question(), id="an additional record that is missing"),
        pytest.param(header(ar=1) + question() + opt()[:-1], id="an additional record cut short"),
        pytest.param(query(*[b"\0" * 11] * 9), id="more additional records than anybody sends"),
        pytest.param(query(b"\x40" + b"\0" * 74), id="a bad owner in the additional section"),
    ],
)
def test_a_malformed_query_is_a_format_error(packet: bytes) -> None:
    reply = read(send(packet))
    assert reply.rcode() == dns.rcode.FORMERR
    assert reply.id == 0x1234
    assert reply.flags & dns.flags.QR
    assert not reply.flags & dns.flags.AA
    assert (reply.answer, reply.authority) == ([], [])


TSIG = b"\x03key\0" + b"\0\xfa\0\xff\0\0\0\0\0\2ab"


def test_records_that_we_do_not_know_may_stand_beside_opt() -> None:
    sig0 = b"\0" + b"\0\x18\0\xff\0\0\0\0\0\2ab"
    pointing = b"\xc0\x0c" + b"\0\x01\0\x01\0\0\0\0\0\4\xc0\0\2\1"
    reply = read(send(query(pointing, opt(), sig0)))
    assert (reply.rcode(), len(reply.answer), reply.edns) == (dns.rcode.NOERROR, 1, 0)


@pytest.mark.parametrize("before", [[], [opt()], [opt(version=1)]], ids=["alone", "behind OPT", "a bad version"])
def test_a_signed_message_is_not_ours(before: list[bytes]) -> None:
    assert send(query(*before, TSIG)) == NOT_MINE


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(query(TSIG, opt()), id="before another record"),
        pytest.param(query(TSIG, TSIG), id="two"),
        pytest.param(query(TSIG) + b"\0", id="not at the message's end"),
        pytest.param(query(TSIG.replace(b"\xff", b"\x01")), id="of class IN"),
        pytest.param(query(TSIG[:-1]), id="cut short"),
        pytest.param(query(opt(), opt(), TSIG), id="behind two OPT records"),
    ],
)
def test_a_signature_elsewhere_is_a_format_error(packet: bytes) -> None:
    """RFC 8945 §5.1."""
    assert read(send(packet)).rcode() == dns.rcode.FORMERR


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        pytest.param(0, QR | AA, id="nothing set"),
        pytest.param(RD, QR | AA | RD, id="RD is copied (RFC 1035 §4.1.1)"),
        pytest.param(CD, QR | AA | CD, id="CD is copied (RFC 4035 §3.1.6)"),
        pytest.param(AD, QR | AA, id="AD is cleared: nothing is verified here"),
        pytest.param(RA, QR | AA, id="RA is cleared: no recursion here"),
        pytest.param(AA | TC, QR | AA, id="AA and TC are ours to say"),
        pytest.param(0x0040, QR | AA, id="the reserved bit is zero"),
        pytest.param(0x000F, QR | AA, id="a response code in a query means nothing"),
    ],
)
def test_the_flags_of_a_reply(asked: int, given: int) -> None:
    octets = send(header(asked) + question())
    assert isinstance(octets, bytes)
    assert int.from_bytes(octets[2:4], "big") == given


@pytest.mark.parametrize("id_", [0, 1, 0x8000, 0xFFFF])
def test_the_id_is_the_query_s(id_: int) -> None:
    assert read(send(header(id_=id_) + question())).id == id_


@pytest.mark.parametrize(
    ("packet", "zone_slot", "rtype", "code"),
    [
        (query(), 1, "A", "NOERROR"),
        (query(asked=question(rtype=28)), 1, "AAAA", "NODATA"),
        (query(asked=question("no.example.com.", 16)), 1, "TXT", "NXDOMAIN"),
        (query(asked=question("www.example.net.", 15)), 0, "MX", "REFUSED"),
        (query(asked=question("www.example.com.", 1, 4)), 0, "A", "REFUSED"),
        (query(opt(version=1)), 0, "A", "BADVERS"),
        (query(asked=question(rtype=65280)), 1, "other", "NODATA"),
        (query(asked=question(rtype=3)), 1, "other", "NODATA"),
        (header(qd=0), 0, "other", "FORMERR"),
    ],
)
def test_a_question_is_counted_by_zone_type_and_outcome(packet: bytes, zone_slot: int, rtype: str, code: str) -> None:
    client = Client(TABLE)
    client.send(packet)
    cell = QUESTIONS + (zone_slot * len(TYPES) + TYPES.index(rtype)) * len(OUTCOMES) + OUTCOMES.index(code)
    assert client.memory.counts[cell] == 1
    assert sum(client.memory.counts) == 1
