import dns.message
import dns.rcode
import pytest

from geodns.serve.failure import SERVFAIL, bare_reply
from tests.serve.standins import QUERY


def reply_to(packet: bytes) -> bytes:
    reply = memoryview(bytearray(65535))
    return bytes(reply[: bare_reply(memoryview(packet), len(packet), SERVFAIL, reply)])


def test_the_question_is_repeated() -> None:
    query = dns.message.make_query("www.example.com", "A", use_edns=True)
    response = dns.message.from_wire(reply_to(query.to_wire()))
    assert query.is_response(response)
    assert response.rcode() == dns.rcode.SERVFAIL


@pytest.mark.parametrize(
    "packet",
    [
        QUERY[:12],  # no question though one is announced
        QUERY[:20],  # broken off in the name
        QUERY[:-1],  # broken off in the class
        QUERY[:12] + b"\xc0\x0c" + QUERY[-4:],  # a pointer to itself
        QUERY[:12] + b"\x40" * 200,
        QUERY[:12] + b"\x01a" * 200,  # a name that does not end
        QUERY[:4] + b"\xff\xff" + QUERY[6:],
    ],
)
def test_a_question_that_cannot_be_read_is_left_out(packet: bytes) -> None:
    response = dns.message.from_wire(reply_to(packet))
    assert response.rcode() == dns.rcode.SERVFAIL
    assert not response.question


@pytest.mark.parametrize("packet", [b"", QUERY[:11], QUERY[:2] + b"\x81" + QUERY[3:]])
def test_no_reply_to_a_response_or_less_than_a_header(packet: bytes) -> None:
    assert reply_to(packet) == b""
