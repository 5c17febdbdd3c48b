"""Cookies (RFC 7873): which are good, which are made, and what queries get for theirs; the vectors of RFC 9018."""

import dns.rcode
import pytest

from geodns.answer.cells import COOKIES
from geodns.answer.terms import (
    COOKIE_BAD,
    COOKIE_NEW,
    COOKIE_NONE,
    COOKIE_VALID,
    COOKIES_ON,
    COOKIES_REQUIRED,
    HTTPS,
    TCP,
    TLS,
    UDP,
)
from geodns.serve.shared import install
from tests.answer.packets import COOKIE, header, opt, option, query, question, read
from tests.values import rrset, zone
from tests.world import Client, table_of

TABLE = table_of([zone(rrset("www", "A", "192.0.2.1"))])
SECRET = bytes.fromhex("e5e973e5a6b2a43f48e7dc849e37bfcf")
PREVIOUS, NEXT = bytes.fromhex("dd3bdf9344b678b185a6f5cb60fca715"), bytes.fromhex("445536bcd2513298075a5d379663c962")

ADDRESS, ISSUED = "198.51.100.100", 1559731985
CLIENT_COOKIE = bytes.fromhex("2464c4abcf10c957")
GOOD = bytes.fromhex("2464c4abcf10c957010000005cf79f111f8130c3eee29480")


def client(*secrets: bytes, now: float = ISSUED, cookies: int = COOKIES_ON) -> Client:
    made = Client(TABLE, cookies=cookies)
    install(made.memory.rotation, secrets or [SECRET])
    made.set_clock(now)
    return made


def ask(server: Client, cookie: bytes, address: str = ADDRESS, transport: int = UDP) -> bytes:
    """The cookie that comes back."""
    reply = read(server.send(query(opt(option(COOKIE, cookie))), address, transport))
    (told,) = reply.options
    assert told.otype == COOKIE
    return told.to_wire() or b""


@pytest.mark.parametrize(
    ("secrets", "address", "now", "sent", "found", "given"),
    [
        pytest.param(
            [SECRET], ADDRESS, ISSUED, CLIENT_COOKIE.hex(), COOKIE_NEW, GOOD.hex(), id="A.1, learning a new one"
        ),
        pytest.param(
            [SECRET],
            ADDRESS,
            1559734385,
            GOOD.hex(),
            COOKIE_VALID,
            "2464c4abcf10c957010000005cf7a871d4a564a1442aca77",
            id="A.2, the same client's, renewed after 40 minutes",
        ),
        pytest.param(
            [SECRET],
            "203.0.113.203",
            1559727985 + 1800,
            "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
            COOKIE_VALID,
            None,
            id="A.3, reserved octets that somebody has set are hashed as they are",
        ),
        pytest.param(
            [SECRET],
            "203.0.113.203",
            1559734700,
            "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
            COOKIE_BAD,
            "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e",
            id="A.3, another client's, renewed, by then too old",
        ),
        pytest.param(
            [NEXT, PREVIOUS],
            "2001:db8:220:1:59de:d0f4:8769:82b8",
            1559741961,
            "22681ab97d52c298010000005cf7c57926556bd0934c72f8",
            COOKIE_VALID,
            "22681ab97d52c298010000005cf7c609a6bb79d16625507a",
            id="A.4, IPv6, of the secret before",
        ),
    ],
)
def test_the_vectors_of_rfc_9018(
    secrets: list[bytes], address: str, now: int, sent: str, found: int, given: str | None
) -> None:
    server = client(*secrets, now=now)
    told = ask(server, bytes.fromhex(sent), address).hex()
    assert server.query.cookie == found
    assert told == given or given is None
    assert ask(server, bytes.fromhex(told), address).hex() == told
    assert server.query.cookie == COOKIE_VALID


def flipped(at: int) -> bytes:
    octets = bytearray(GOOD)
    octets[at] ^= 1
    return bytes(octets)


@pytest.mark.parametrize(
    ("cookie", "after", "found", "is_kept"),
    [
        pytest.param(GOOD, 0, COOKIE_VALID, True, id="just made"),
        pytest.param(GOOD, 1799, COOKIE_VALID, True, id="not yet half an hour old"),
        pytest.param(GOOD, 1800, COOKIE_VALID, False, id="half an hour old"),
        pytest.param(GOOD, 3600, COOKIE_VALID, False, id="an hour old"),
        pytest.param(GOOD, 3601, COOKIE_BAD, False, id="older"),
        pytest.param(GOOD, -300, COOKIE_VALID, True, id="five minutes ahead, as clocks differ"),
        pytest.param(GOOD, -301, COOKIE_BAD, False, id="further ahead"),
        pytest.param(GOOD, 2**32, COOKIE_VALID, True, id="32 bits of time go round"),
        pytest.param(flipped(0), 0, COOKIE_BAD, False, id="another client cookie"),
        pytest.param(flipped(8), 0, COOKIE_BAD, False, id="another version"),
        pytest.param(flipped(11), 0, COOKIE_BAD, False, id="another reserved octet"),
        pytest.param(flipped(15), 0, COOKIE_BAD, False, id="another time"),
        pytest.param(flipped(23), 0, COOKIE_BAD, False, id="another hash"),
        pytest.param(GOOD[:16], 0, COOKIE_BAD, False, id="a server cookie of eight octets"),
        pytest.param(GOOD + b"\0", 0, COOKIE_BAD, False, id="a longer one"),
        pytest.param(GOOD + bytes(16), 0, COOKIE_BAD, False, id="the longest"),
    ],
)
def test_a_cookie_is_good_for_its_client_and_its_time(cookie: bytes, after: int, found: int, is_kept: bool) -> None:
    server = client(now=ISSUED + after)
    told = ask(server, cookie)
    assert server.query.cookie == found
    assert (told == cookie) is is_kept
    assert told[:8] == cookie[:8]
    assert len(told) == 24


def test_it_is_good_from_its_address_only() -> None:
    server = client()
    assert ask(server, GOOD, "198.51.100.101") != GOOD
    assert server.query.cookie == COOKIE_BAD


@pytest.mark.parametrize(
    ("secrets", "found", "is_kept"),
    [
        ([SECRET, NEXT], COOKIE_VALID, True),
        ([NEXT, SECRET], COOKIE_VALID, False),
        ([NEXT, PREVIOUS, SECRET], COOKIE_VALID, False),
        ([NEXT, PREVIOUS], COOKIE_BAD, False),
    ],
)
def test_all_secrets_verify_and_the_first_makes_new_ones(secrets: list[bytes], found: int, is_kept: bool) -> None:
    server = client(*secrets)
    told = ask(server, GOOD)
    assert server.query.cookie == found
    assert (told == GOOD) is is_kept
    assert told == ask(client(secrets[0]), CLIENT_COOKIE)


@pytest.mark.parametrize("size", [0, 1, 7, 9, 15, 41, 100])
def test_a_cookie_of_another_length_is_a_format_error(size: int) -> None:
    """RFC 7873 §5.2.2."""
    reply = read(client().send(query(opt(option(COOKIE, bytes(size))))))
    assert (reply.rcode(), reply.edns, reply.options) == (dns.rcode.FORMERR, 0, ())


def test_the_first_of_several_counts() -> None:
    server = client()
    options = [option(COOKIE, GOOD), option(COOKIE, bytes(8)), option(COOKIE, b"")]
    reply = read(server.send(query(opt(*options)), ADDRESS))
    assert [each.to_wire() for each in reply.options] == [GOOD]


def test_without_a_cookie_there_is_none_in_the_reply() -> None:
    server = client()
    assert read(server.send(query(opt()))).options == ()
    assert server.query.cookie == COOKIE_NONE


def test_told_to_leave_them_alone_it_does_not_even_look() -> None:
    server = Client(TABLE)
    reply = read(server.send(query(opt(option(COOKIE, b"odd")))))
    assert (reply.rcode(), reply.options, server.query.cookie) == (dns.rcode.NOERROR, (), COOKIE_NONE)


@pytest.mark.parametrize("asked", ["www.example.com.", "no.example.com.", "www.example.net."])
def test_every_reply_has_one(asked: str) -> None:
    reply = read(client().send(query(opt(option(COOKIE, CLIENT_COOKIE)), asked=question(asked)), ADDRESS))
    assert GOOD in [each.to_wire() for each in reply.options]


def test_a_bad_version_has_one_too() -> None:
    reply = read(client().send(query(opt(option(COOKIE, CLIENT_COOKIE), version=1)), ADDRESS))
    assert (reply.rcode(), reply.options[0].to_wire()) == (dns.rcode.BADVERS, GOOD)


@pytest.mark.parametrize(
    ("cookie", "transport", "code"),
    [
        (None, UDP, dns.rcode.NOERROR),
        (CLIENT_COOKIE, UDP, dns.rcode.BADCOOKIE),
        (flipped(23), UDP, dns.rcode.BADCOOKIE),
        (GOOD, UDP, dns.rcode.NOERROR),
        (CLIENT_COOKIE, TCP, dns.rcode.NOERROR),
        (flipped(23), TCP, dns.rcode.NOERROR),
        (CLIENT_COOKIE, TLS, dns.rcode.NOERROR),
        (CLIENT_COOKIE, HTTPS, dns.rcode.NOERROR),
    ],
)
def test_where_they_are_required_who_knows_of_them_is_told_to_come_back(
    cookie: bytes | None, transport: int, code: dns.rcode.Rcode
) -> None:
    options = [] if cookie is None else [option(COOKIE, cookie)]
    reply = read(client(cookies=COOKIES_REQUIRED).send(query(opt(*options)), ADDRESS, transport))
    assert reply.rcode() == code
    assert bool(reply.answer) is (code == dns.rcode.NOERROR)
    assert [each.to_wire() for each in reply.options] == ([] if cookie is None else [GOOD])


@pytest.mark.parametrize("transport", [UDP, TCP, TLS, HTTPS])
@pytest.mark.parametrize("cookies", [COOKIES_ON, COOKIES_REQUIRED])
@pytest.mark.parametrize(
    ("cookie", "code"),
    [(CLIENT_COOKIE, dns.rcode.NOERROR), (GOOD, dns.rcode.NOERROR), (flipped(20), dns.rcode.BADCOOKIE)],
)
def test_a_cookie_may_be_asked_for_without_a_question(
    cookie: bytes, code: dns.rcode.Rcode, cookies: int, transport: int
) -> None:
    """RFC 7873 §5.4."""
    server = client(cookies=cookies)
    octets = server.send(header(qd=0, ar=1) + opt(option(COOKIE, cookie)), ADDRESS, transport)
    reply = read(octets)
    assert isinstance(octets, bytes)
    assert len(octets) == 12 + 11 + 28
    assert (reply.rcode(), [each.to_wire() for each in reply.options]) == (code, [GOOD])
    assert (reply.question, reply.answer, reply.authority) == ([], [], [])


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(header(qd=0, ar=1) + opt(), id="no cookie"),
        pytest.param(header(qd=0, ar=1) + opt(option(COOKIE, b"")), id="a malformed one"),
        pytest.param(header(qd=0, ar=1) + question() + opt(option(COOKIE, CLIENT_COOKIE)), id="a question after all"),
        pytest.param(header(qd=2, ar=1) + question() * 2 + opt(option(COOKIE, CLIENT_COOKIE)), id="two questions"),
    ],
)
def test_without_a_question_all_else_is_a_format_error(packet: bytes) -> None:
    assert read(client().send(packet)).rcode() == dns.rcode.FORMERR


def test_without_cookies_a_query_without_a_question_is_a_format_error() -> None:
    packet = header(qd=0, ar=1) + opt(option(COOKIE, CLIENT_COOKIE))
    assert read(Client(TABLE).send(packet)).rcode() == dns.rcode.FORMERR


def test_queries_are_counted_by_what_their_cookie_is() -> None:
    server = client()
    for cookie in (GOOD, GOOD, GOOD, CLIENT_COOKIE, flipped(9), flipped(9)):
        ask(server, cookie)
    counts = server.memory.counts
    assert [counts[COOKIES + found] for found in (COOKIE_NEW, COOKIE_BAD, COOKIE_VALID)] == [1, 2, 3]
