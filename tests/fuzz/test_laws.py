"""The judge judged: good replies hold, and each law is broken by a reply made for it."""

import dns.flags
import dns.message
import dns.rrset
import pytest

from fuzz.laws import IDENTITY, PAYLOAD, Broken, hold, name_end
from fuzz.question import read_question
from tests.answer.packets import header, opt, option, query, question, subnet

ASKED = query(asked=question("www.example.com."))
WITH_EDNS = query(opt(size=1232), asked=question("www.example.com."))
RECORD = b"\xc0\x0c\0\1\0\1\0\0\0\x05\0\4\xc0\0\2\1"


def good(records: int = 1) -> bytes:
    reply = dns.message.make_response(dns.message.from_wire(ASKED))
    reply.flags |= dns.flags.AA
    addresses = [f"192.0.2.{number}" for number in range(records)]
    reply.answer.append(dns.rrset.from_text("www.example.com.", 5, "IN", "A", *addresses))
    return reply.to_wire(max_size=65535)


def changed(at: int, octet: int) -> bytes:
    octets = bytearray(good())
    octets[at] = octet
    return bytes(octets)


def test_a_good_reply_holds() -> None:
    hold(ASKED, good(), stream=False)


def test_what_is_no_query_gets_no_reply() -> None:
    for packet in (b"", ASKED[:11], ASKED[:2] + b"\x80" + ASKED[3:]):
        hold(packet, b"", stream=False)
        with pytest.raises(Broken, match="gets no reply"):
            hold(packet, good(), stream=False)


@pytest.mark.parametrize(
    ("reply", "law"),
    [
        (b"", "a query gets a reply"),
        (good()[:11], "has a header"),
        (changed(0, 0xFF), "the query's id"),
        (changed(2, 0x05), "says that it is one"),
        (changed(2, 0xA4), "opcode and RD"),
        (changed(3, 0x80), "RA, Z and AD"),
        (changed(3, 0x0F), "response code"),
        (changed(5, 2), "one question"),
        (changed(13, ord("W")), "to the letter"),
        (good() + b"\0", "nothing follows"),
        (good()[:-1], "ends within its message"),
        (changed(7, 2), "within its message"),
        (changed(len(good()) - 5, 5), "ends within its message"),
        (changed(11, 1)[:-16] + b"\0\0\x29\4\xd0\0\0\0\0\0\0" + RECORD, "stands in the additional section"),
        (changed(11, 1) + b"\0\0\x29\4\xd0\0\0\0\0\0\0", "not unasked"),
        (good(30), "no longer than"),
    ],
)
def test_a_reply_that_must_not_be_breaks_its_law(reply: bytes, law: str) -> None:
    with pytest.raises(Broken, match=law):
        hold(ASKED, reply, stream=False)


def edns(*options: bytes, code: int = 0, size: int = PAYLOAD, records: int = 1, flags: int = 0) -> bytes:
    """A good reply with an OPT record."""
    octets = bytearray(good(records))
    octets[2] |= flags >> 8
    octets[3] |= code & 15
    octets[11] += 1
    record = bytearray(opt(*options, size=size))
    record[5] = code >> 4
    return bytes(octets + record)


def test_how_long_a_reply_may_be_is_for_transport_and_client_to_say() -> None:
    hold(ASKED, good(30), stream=True)
    hold(WITH_EDNS, edns(records=30), stream=False)
    with pytest.raises(Broken, match="no longer than"):
        hold(WITH_EDNS, edns(records=100), stream=False)


CLIENT_COOKIE, SUBNET = option(10, b"12345678"), subnet(1, 24, 0, b"\x08\x08\x08")
BOTH_COOKIES = option(10, b"12345678" + bytes(16))
SIGNATURE = b"\0\0\xfa\0\xff\0\0\0\0\0\0"
TWO = query(opt(), opt(), asked=question("www.example.com."))
IN_ANY = query(asked=question("www.example.com.", rclass=255))
TO_ANY = good()[:2] + b"\x80" + good()[3:32] + b"\xff" + good()[33:]


def told(*options: bytes, version: int = 0, after: bytes = b"") -> bytes:
    """A query with these."""
    records = [opt(*options, version=version), *([after] if after else [])]
    return query(*records, asked=question("www.example.com."))


@pytest.mark.parametrize(
    ("packet", "reply"),
    [
        (TWO, edns(code=1)),
        (told(version=1), edns(code=16)),
        (told(CLIENT_COOKIE), edns(BOTH_COOKIES)),
        (told(CLIENT_COOKIE), edns(code=1)),
        (told(option(3, b"")), edns(option(3, IDENTITY.encode()))),
        (told(SUBNET), edns(subnet(1, 24, 17, b"\x08\x08\x08"))),
        (told(after=SIGNATURE), good()[:2] + bytes((good()[2] | 2,)) + good()[3:]),
        (told(version=1, after=SIGNATURE), edns(code=9)),
        (IN_ANY, TO_ANY),
    ],
)
def test_a_good_reply_to_edns_holds(packet: bytes, reply: bytes) -> None:
    hold(packet, reply, stream=True)


@pytest.mark.parametrize(
    ("packet", "reply", "law"),
    [
        (told(), edns(size=1232), "the size that the server takes"),
        (told(), good(), "answered with it"),
        (TWO, edns(), "one OPT record"),
        (query(opt(owner=b"\1x\0"), asked=question("www.example.com.")), good(), "one OPT record"),
        (told(version=1), edns(), "another version"),
        (told(CLIENT_COOKIE), edns(), "answered with one"),
        (told(CLIENT_COOKIE), edns(option(10, b"12345678")), "answered with one"),
        (told(CLIENT_COOKIE), edns(option(10, bytes(24))), "client's cookie"),
        (told(option(3, b"")), edns(), "which server"),
        (told(SUBNET), edns(), "client subnet"),
        (told(SUBNET), edns(subnet(1, 23, 0, b"\x08\x08\x08")), "client subnet"),
        (told(b"\0\x0a\0\x09"), edns(), "malformed options"),
        (told(), edns(b"\0\x0a\0\x09"), "options are whole"),
        (IN_ANY, TO_ANY[:2] + b"\x84" + TO_ANY[3:], "no authority"),
    ],
)
def test_a_reply_to_edns_that_must_not_be_breaks_its_law(packet: bytes, reply: bytes, law: str) -> None:
    with pytest.raises(Broken, match=law):
        hold(packet, reply, stream=True)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        query()[:-1],
        query() + b"\0",
        header(qd=2) + question() * 2,
        query(b"\x40"),
        header(ar=1) + question(),
        header() + b"\1x\xff\0\0\1\0\1",
    ],
)
def test_of_what_is_no_whole_query_nothing_is_read(packet: bytes) -> None:
    assert read_question(packet) is None


def test_names_of_a_reply_are_followed_through_their_pointers() -> None:
    assert name_end(b"\3www\0", 0) == 5
    assert name_end(b"\3com\0\3www\xc0\0", 5) == 11
    for octets, at in ((b"\xc0\0", 0), (b"\3ww", 0), (b"\x40", 0), (b"\xc0", 0), (b"\x3f" + bytes([63]) * 400, 0)):
        with pytest.raises(Broken):
            name_end(octets, at)
