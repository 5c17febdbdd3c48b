"""HTTP/1.1 without sockets."""

import base64
import random

import pytest

from geodns.serve.counts import Counts, Event
from geodns.serve.desk import ReplyTo
from geodns.serve.http1 import LONGEST_REST, Http1
from geodns.serve.https import LARGEST_QUERY, Https
from tests.serve.lines import Remembered
from tests.serve.standins import echo, private_counts, query, response

HOST = b"Host: localhost\r\n"


def get(n: int, *headers: bytes) -> bytes:
    target = base64.urlsafe_b64encode(query(n)).rstrip(b"=")
    return b"GET /dns-query?dns=" + target + b" HTTP/1.1\r\n" + HOST + b"".join(headers) + b"\r\n"


def post(body: bytes, *headers: bytes) -> bytes:
    kind = b"Content-Type: application/dns-message\r\n"
    return b"POST /dns-query HTTP/1.1\r\n" + HOST + kind + b"".join(headers) + b"\r\n" + body


def talk(octets: bytes, chunk: int = 4096, reply_to: ReplyTo = echo) -> tuple[Remembered, Counts]:
    line, counts = Remembered(), private_counts()
    session = Http1(line, Https(reply_to, counts, "/dns-query"))
    for at in range(0, len(octets), chunk):
        if line.is_closed:
            break
        session.received(memoryview(octets)[at : at + chunk])
    return line, counts


def status(line: Remembered) -> int:
    return int(line.written.split()[1])


@pytest.mark.parametrize("chunk", [1, 4096])
def test_requests_are_answered_in_order_on_one_connection(chunk: int) -> None:
    sized = b"Content-Length: %d\r\n" % len(query(2))
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(query(3)), query(3))
    line, counts = talk(
        get(1) + post(query(2), sized) + post(chunked, b"Transfer-Encoding: chunked\r\n") + get(4), chunk
    )
    bodies = [line.written.find(response(n)) for n in (1, 2, 3, 4)]
    assert -1 not in bodies
    assert bodies == sorted(bodies)
    assert line.written.count(b"HTTP/1.1 200") == 4
    assert not line.is_closed
    assert counts.read()[Event.MESSAGE] == 4


def test_head_has_the_headers_alone() -> None:
    line, _ = talk(get(1).replace(b"GET", b"HEAD", 1))
    assert b"content-length: %d\r\n" % len(response(1)) in bytes(line.written).lower()
    assert line.written.endswith(b"\r\n\r\n")


def test_who_waits_to_be_told_to_go_on_is_told() -> None:
    head = post(b"", b"Content-Length: %d\r\n" % len(query(1)), b"Expect: 100-continue\r\n")
    line, _ = talk(head)
    assert line.written.startswith(b"HTTP/1.1 100 ")


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"GET /other HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"DELETE /dns-query HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /dns-query?dns=AAAA HTTP/1.1\r\n\r\n", 400),  # without Host
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 20000, 431),
        (post(b"", b"Content-Length: 1\r\n", b"Transfer-Encoding: gzip\r\n"), 501),
        (post(bytes(LARGEST_QUERY + 1), b"Content-Length: %d\r\n" % (LARGEST_QUERY + 1)), 413),
    ],
)
def test_what_is_wrong_gets_its_status(octets: bytes, code: int) -> None:
    line, _ = talk(octets)
    assert status(line) == code


def test_who_sends_too_much_may_finish_so_that_the_status_is_not_lost() -> None:
    line, counts = Remembered(), private_counts()
    session = Http1(line, Https(echo, counts, "/dns-query"))
    session.received(memoryview(post(b"x" * (LARGEST_QUERY + 1), b"Content-Length: 999999\r\n")))
    head = bytes(line.written)
    assert b" 413 " in head
    assert b"connection: close" in head.lower()
    for _ in range(LONGEST_REST // 4096):
        session.received(memoryview(bytes(4096)))
        assert not line.is_closed
    session.received(memoryview(b"x"))
    assert line.is_closed
    assert bytes(line.written) == head
    assert counts.read()[Event.REQUEST_REFUSED] == 1


def test_a_target_may_be_absolute() -> None:
    line, _ = talk(get(1).replace(b"GET /", b"GET https://localhost/", 1))
    assert line.written.endswith(response(1))
    assert line.written.startswith(b"HTTP/1.1 200 OK\r\n"), "with a reason, or h2load takes it for none"


@pytest.mark.parametrize("length", [0, 5])
def test_two_lengths_of_one_body_are_refused(length: int) -> None:
    """What one takes for the body, another takes for the next request."""
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(query(3)), query(3))
    line, counts = talk(post(chunked, b"Content-Length: %d\r\n" % length, b"Transfer-Encoding: chunked\r\n"))
    assert status(line) == 400
    assert line.is_closed
    assert counts.read()[Event.REQUEST_REFUSED] == 1


def test_who_says_that_he_has_too_much_is_not_told_to_go_on() -> None:
    line, counts = talk(post(b"", b"Content-Length: %d\r\n" % (LARGEST_QUERY + 1), b"Expect: 100-continue\r\n"))
    assert status(line) == 413
    assert line.is_closed
    assert counts.read()[Event.REQUEST_REFUSED] == 1


def test_who_asks_to_close_is_closed_after_the_answer() -> None:
    line, _ = talk(get(1, b"Connection: close\r\n"))
    assert response(1) in line.written
    assert line.is_closed


def test_where_the_line_is_not_open_requests_wait() -> None:
    line, counts = Remembered(is_open=False), private_counts()
    session = Http1(line, Https(echo, counts, "/dns-query"))
    session.received(memoryview(get(1) + get(2)))
    assert not line.written
    line.is_open = True
    session.resumed()
    assert counts.read()[Event.MESSAGE] == 2


def test_whatever_the_octets_the_session_answers_or_closes_and_never_raises() -> None:
    dice = random.Random(1)
    said = get(1) + post(query(2), b"Content-Length: %d\r\n" % len(query(2))) + get(3)
    for _ in range(2000):
        changed = bytearray(said)
        for _ in range(dice.choice((1, 2, 8))):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        talk(bytes(changed), dice.choice((7, 4096)))
