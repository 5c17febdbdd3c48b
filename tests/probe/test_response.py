"""Octets → an HTTP answer, however they are cut into pieces."""

import asyncio

import pytest

from geodns.model.check import ProbeFailed
from geodns.probe.response import MAX_BODY, MAX_FIELDS, MAX_LINE, Reader, read_body, read_head


class Wire:
    """A connection on which these octets come, so many at a time, and then its end."""

    def __init__(self, octets: bytes, at_a_time: int) -> None:
        self._octets = octets
        self._at_a_time = at_a_time

    async def send(self, octets: bytes) -> None:
        raise AssertionError("nothing is sent here")

    async def receive(self) -> bytes:
        octets, self._octets = self._octets[: self._at_a_time], self._octets[self._at_a_time :]
        return octets


def read(octets: bytes, at_a_time: int = 1 << 20) -> tuple[int, bytes]:
    async def flow() -> tuple[int, bytes]:
        reader = Reader(Wire(octets, at_a_time))
        head = await read_head(reader)
        return head.status, await read_body(reader, head)

    return asyncio.run(flow())


ANSWERS = [
    ("until the end", b"HTTP/1.1 200 OK\r\n\r\nall is ok", (200, b"all is ok")),
    ("a length", b"HTTP/1.1 200 OK\r\ncontent-LENGTH:  2 \r\n\r\nok, and what is not its own", (200, b"ok")),
    ("no body", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", (200, b"")),
    ("204 never has one", b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
    ("HTTP/1.0 without a phrase", b"HTTP/1.0 404\r\n\r\ngone", (404, b"gone")),
    ("bare line feeds", b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", (200, b"ok")),
    ("interim answers first", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok", (200, b"ok")),
    (
        "chunks",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nall \r\n5;note=x\r\nis ok\r\n0\r\n\r\n",
        (200, b"all is ok"),
    ),
]


@pytest.mark.parametrize(("sentence", "octets", "answer"), ANSWERS)
@pytest.mark.parametrize("at_a_time", [1, 7, 1 << 20])
def test_an_answer_is_read_however_it_is_cut(
    sentence: str, octets: bytes, answer: tuple[int, bytes], at_a_time: int
) -> None:
    assert read(octets, at_a_time) == answer, sentence


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        (b"", "closed the connection without an answer"),
        (b"HTTP/1.1 200", "closed the connection without an answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no valid HTTP answer: Bad status line 'SSH-2.0-OpenSSH_9.2'"),
        (b"HTTP/1.1 999 Odd\r\n\r\n", "no valid HTTP answer: Bad status line 'HTTP/1.1 999 Odd'"),
        (b"HTTP/2 200\r\n\r\n", "no valid HTTP answer: Bad status line 'HTTP/2 200'"),
        (b"\xff\x00\r\n", r"no valid HTTP answer: Bad status line '\xff\x00'"),
        (b"HTTP/1.1 200 OK\r\nServer: x\r\n", "no valid HTTP answer: it broke off in its head"),
        (b"x" * (MAX_LINE + 2), f"no valid HTTP answer: a line of more than {MAX_LINE} octets"),
        (
            b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * MAX_FIELDS,
            f"no valid HTTP answer: more than {MAX_FIELDS} header fields",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "no valid HTTP answer: Content-Length '-1'"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "the answer broke off in its body"),
        (CHUNKED + b"4\r\nab", "the answer broke off in its body"),
        (CHUNKED + b"2\r\nok\r\n", "the answer broke off in its body"),
        (CHUNKED + b"two\r\nok\r\n", "no valid HTTP answer: chunk size 'two'"),
        (CHUNKED + b"2\r\nokay\r\n", "no valid HTTP answer: a chunk is longer than it says"),
    ],
)
def test_what_is_no_answer_is_named(octets: bytes, message: str) -> None:
    with pytest.raises(ProbeFailed) as failed:
        read(octets)
    assert str(failed.value) == message


@pytest.mark.parametrize(
    "octets",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5 * MAX_BODY,
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n" + b"x" * 2 * MAX_BODY,
        CHUNKED + b"fffffff\r\n" + b"x" * 2 * MAX_BODY,
        CHUNKED + (b"1000\r\n" + b"x" * 0x1000 + b"\r\n") * 40,
    ],
)
def test_no_more_than_the_beginning_of_a_body_is_read(octets: bytes) -> None:
    status, body = read(octets, 16 * 1024)
    assert (status, MAX_BODY <= len(body) <= 2 * MAX_BODY, set(body)) == (200, True, {ord("x")})
