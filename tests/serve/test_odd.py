import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.update
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.serve import odd
from tests.serve.standins import QUERY


def reply_to(packet: bytes) -> bytes:
    reply = memoryview(bytearray(65535))
    return bytes(reply[: odd.reply_to(memoryview(packet), len(packet), reply)])


def with_opcode(opcode: int) -> dns.message.Message:
    query = dns.message.make_query("example.com", "SOA")
    query.set_opcode(dns.opcode.Opcode(opcode))
    return query


UPDATE = dns.update.UpdateMessage("example.com")
UPDATE.add("www", 60, "A", "192.0.2.1")
UPDATE.delete("old")


@pytest.mark.parametrize(
    ("query", "rcode"),
    [
        (with_opcode(4), "NOTIMP"),  # NOTIFY
        (with_opcode(2), "NOTIMP"),  # STATUS
        (with_opcode(15), "NOTIMP"),
        (UPDATE, "NOTIMP"),
        (dns.message.make_query("version.bind", "TXT", "CH"), "REFUSED"),
        (dns.message.make_query("example.com", "AXFR"), "REFUSED"),
        (dns.message.make_query("example.com", "IXFR"), "REFUSED"),
        (dns.message.make_query("example.com", "A", "ANY"), "REFUSED"),
    ],
)
def test_what_we_do_not_do_gets_the_code_that_says_so(query: dns.message.Message, rcode: str) -> None:
    response = dns.message.from_wire(reply_to(query.to_wire()))
    assert response.id == query.id
    assert response.opcode() == query.opcode()
    assert response.flags & dns.flags.QR
    assert dns.rcode.to_text(response.rcode()) == rcode
    assert response.sections[0] == query.sections[0]
    assert not response.sections[1]
    assert not response.sections[2]


@pytest.mark.parametrize("packet", [QUERY[:-3], QUERY[:4] + b"\0\0" + QUERY[6:12], QUERY[:12] + b"\xc0\x0c\0\1\0\1"])
def test_what_cannot_be_read_is_a_format_error(packet: bytes) -> None:
    assert dns.message.from_wire(reply_to(packet)).rcode() == dns.rcode.FORMERR


def test_a_query_with_edns_gets_edns_in_the_reply() -> None:
    query = dns.message.make_query("example.com", "AXFR", use_edns=0)
    assert dns.message.from_wire(reply_to(query.to_wire())).edns == 0


@pytest.mark.parametrize("packet", [b"", QUERY[:11], QUERY[:2] + b"\xa1" + QUERY[3:]])
def test_no_reply_to_a_response_or_less_than_a_header(packet: bytes) -> None:
    assert reply_to(packet) == b""


@given(st.binary(min_size=12, max_size=100))
def test_any_bytes_get_a_reply_that_is_a_response_or_none(packet: bytes) -> None:
    reply = reply_to(packet)
    assert not reply or (reply[:2] == packet[:2] and reply[2] & 0x80)


@given(st.binary(max_size=60), st.integers(min_value=0, max_value=15))
def test_any_bytes_after_a_header_get_a_small_reply(tail: bytes, opcode: int) -> None:
    header = b"\x12\x34" + bytes((opcode << 3, 0)) + b"\0\1\0\0\0\0\0\0"
    assert 12 <= len(reply_to(header + tail)) <= 512
