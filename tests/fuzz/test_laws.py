"""The judge judged: good replies hold, and each law is broken by a reply made for it."""

import dns.flags
import dns.message
import dns.rrset
import pytest

from fuzz.laws import Broken, hold, name_end
from tests.answer.packets import opt, query, question

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


def test_how_long_a_reply_may_be_is_for_transport_and_client_to_say() -> None:
    hold(ASKED, good(30), stream=True)
    hold(WITH_EDNS, good(30), stream=False)
    with pytest.raises(Broken, match="no longer than"):
        hold(WITH_EDNS, good(100), stream=False)


def test_names_of_a_reply_are_followed_through_their_pointers() -> None:
    assert name_end(b"\3www\0", 0) == 5
    assert name_end(b"\3com\0\3www\xc0\0", 5) == 11
    for octets, at in ((b"\xc0\0", 0), (b"\3ww", 0), (b"\x40", 0), (b"\xc0", 0), (b"\x3f" + bytes([63]) * 400, 0)):
        with pytest.raises(Broken):
            name_end(octets, at)
