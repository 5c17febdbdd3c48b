"""Octets of a connection → an HTTP/1 answer (RFC 9112): its status, and the beginning of its body.

Read no further than is asked for. What is no answer is named in a sentence for the operator, as ProbeFailed.
"""

import re
from dataclasses import dataclass

from geodns.model.check import ProbeFailed
from geodns.probe.connection import Connection

MAX_BODY = 64 * 1024  # octets; a health page is smaller, and what sends more must not fill our memory
MAX_LINE = 8 * 1024
MAX_FIELDS = 200
_QUOTED = 60  # octets of a line that are told

_STATUS = re.compile(rb"HTTP/1\.[01] +([1-5][0-9]{2})(?: .*)?")
_LENGTH = re.compile(rb"[0-9]{1,18}")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")


@dataclass(frozen=True, slots=True)
class Head:
    """`fields` by name in lower case; of several of one name the last."""

    status: int
    fields: dict[bytes, bytes]


class Reader:
    """Lines and octets of a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._octets = b""

    async def line(self) -> bytes | None:
        """Without its end; None where the connection ends before that. A bare LF ends it too (RFC 9112 §2.2)."""
        while (end := self._octets.find(b"\n")) < 0 and len(self._octets) <= MAX_LINE:
            octets = await self._connection.receive()
            if not octets:
                return None
            self._octets += octets
        if not 0 <= end <= MAX_LINE:
            raise _no_answer(f"a line of more than {MAX_LINE} octets")
        line, self._octets = self._octets[:end], self._octets[end + 1 :]
        return line.removesuffix(b"\r")

    async def line_or_rest(self) -> bytes:
        """A line, or what there is of one where the connection ends before its end."""
        line = await self.line()
        return self._octets if line is None else line

    async def some(self, most: int) -> bytes:
        """At most so many octets, empty at the end of the connection."""
        octets = self._octets or await self._connection.receive()
        self._octets = octets[most:]
        return octets[:most]

    async def exactly(self, size: int) -> bytes:
        """Fewer where more than MAX_BODY are asked for."""
        octets = b""
        while len(octets) < min(size, MAX_BODY):
            more = await self.some(size - len(octets))
            if not more:
                raise _broken_off()
            octets += more
        return octets


async def read_head(reader: Reader) -> Head:
    """Of the final answer; interim ones (1xx) are passed over."""
    while True:
        head = await _head(reader)
        if head.status >= 200:
            return head


async def _head(reader: Reader) -> Head:
    line = await reader.line()
    if line is None:
        raise ProbeFailed("closed the connection without an answer")
    status = _STATUS.fullmatch(line)
    if status is None:
        raise _no_answer(f"Bad status line {_quoted(line)}")
    fields: dict[bytes, bytes] = {}
    for _ in range(MAX_FIELDS):
        line = await reader.line()
        if line is None:
            raise _no_answer("it broke off in its head")
        if not line:
            return Head(int(status[1]), fields)
        name, _, value = line.partition(b":")
        fields[name.lower()] = value.strip()
    raise _no_answer(f"more than {MAX_FIELDS} header fields")


async def read_body(reader: Reader, head: Head) -> bytes:
    """Its first MAX_BODY octets (RFC 9112 §6.3), and perhaps a few more. Raises ProbeFailed where it breaks off."""
    if head.status in (204, 304):
        return b""
    if head.fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        return await _chunks(reader)
    length = head.fields.get(b"content-length")
    if length is None:
        return await _until_the_end(reader)
    if not _LENGTH.fullmatch(length):
        raise _no_answer(f"Content-Length {_quoted(length)}")
    return await reader.exactly(int(length))


async def _until_the_end(reader: Reader) -> bytes:
    body = b""
    while len(body) < MAX_BODY and (more := await reader.some(MAX_BODY)):
        body += more
    return body


async def _chunks(reader: Reader) -> bytes:
    body = b""
    while len(body) < MAX_BODY:
        line = await reader.line()
        if line is None:
            raise _broken_off()
        size = _SIZE.fullmatch(line)
        if size is None:
            raise _no_answer(f"chunk size {_quoted(line)}")
        wanted = int(size[1], 16)
        if wanted == 0:
            break
        body += await reader.exactly(min(wanted, MAX_BODY))
        if wanted <= MAX_BODY and await reader.line():
            raise _no_answer("a chunk is longer than it says")
    return body


def _broken_off() -> ProbeFailed:
    return ProbeFailed("the answer broke off in its body")


def _no_answer(why: str) -> ProbeFailed:
    return ProbeFailed(f"no valid HTTP answer: {why}")


def _quoted(octets: bytes) -> str:
    return repr(octets[:_QUOTED])[1:]  # without its b
