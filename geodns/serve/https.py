"""DNS over HTTPS (RFC 8484): a request → the query in it, or the status that says what is wrong; reply → response.

What HTTP looks like on the wire is for http2.py and http1.py. Behind a proxy the client is whom a preface names
(peer.py); X-Forwarded-For is passed over, as anybody can write it.
"""

import binascii
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import NamedTuple

from geodns.answer.terms import HTTPS, LARGEST
from geodns.serve.counts import Counts, Event
from geodns.serve.desk import ReplyTo
from geodns.serve.failure import HEADER_SIZE
from geodns.serve.freshness import lifetime

MESSAGE = b"application/dns-message"
LARGEST_QUERY = 32768  # octets of a body; queries are a hundredth of that
LARGEST_HEADERS = 8192  # octets, the request's target among them

OK, BAD_REQUEST, NOT_FOUND, NOT_ALLOWED = 200, 400, 404, 405
TOO_LARGE, WRONG_TYPE, NOT_IMPLEMENTED = 413, 415, 501

_KNOWN = (b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH")
_BASE64URL = re.compile(rb"[A-Za-z0-9_-]+")

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(slots=True)
class Request:
    """`method` and `target` as they came; the body grows as it comes."""

    method: bytes
    target: bytes
    content_type: bytes = b""
    body: bytearray = field(default_factory=bytearray)


class Response(NamedTuple):
    """Its headers include the length of the body, and not yet the date; for HEAD there is no body to it."""

    status: int
    headers: Headers
    body: bytes = b""


class Https:
    """What the sessions of HTTP share."""

    def __init__(self, reply_to: ReplyTo, counts: Counts, path: str, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since 1970."""
        self.counts = counts
        self._reply_to = reply_to
        self._path = path.encode()
        self._clock = clock
        self._dated, self._date = -1, b""
        self._reply = memoryview(bytearray(LARGEST))  # filled and copied within one call

    def headers(self, response: Response) -> Headers:
        """With the one that RFC 9110 §6.6.1 wants in all of them; its text is made once a second."""
        now = int(self._clock())
        if now != self._dated:
            self._dated, self._date = now, formatdate(now, usegmt=True).encode()
        return (*response.headers, (b"date", self._date))

    def respond(self, request: Request, client: memoryview) -> Response:
        query = self.query_of(request)
        if isinstance(query, Response):
            self.counts.add(Event.REQUEST_REFUSED)
            return query
        self.counts.add(Event.MESSAGE)
        size = self._reply_to(memoryview(query), len(query), client, HTTPS, self._reply)
        if size == 0:  # it is a response, say
            self.counts.add(Event.REQUEST_REFUSED)
            return refusal(BAD_REQUEST)
        return _response(request, self._reply[:size])

    def query_of(self, request: Request) -> bytes | Response:
        """Cases: 1. another path, 2. another method, 3. POST, 4. GET or HEAD."""
        path, _, asked = request.target.partition(b"?")
        if path != self._path:
            return refusal(NOT_FOUND)
        match request.method:
            case b"POST":
                return _posted(request)
            case b"GET" | b"HEAD":
                return _asked(asked)
        return refusal(NOT_ALLOWED) if request.method in _KNOWN else refusal(NOT_IMPLEMENTED)


def refusal(status: int) -> Response:
    headers: Headers = ((b"content-length", b"0"), (b"cache-control", b"no-store"))
    return Response(status, (*headers, (b"allow", b"GET, HEAD, POST")) if status == NOT_ALLOWED else headers)


def _posted(request: Request) -> bytes | Response:
    if request.content_type.partition(b";")[0].strip().lower() != MESSAGE:
        return refusal(WRONG_TYPE)
    if len(request.body) > LARGEST_QUERY:
        return refusal(TOO_LARGE)
    return bytes(request.body) if len(request.body) >= HEADER_SIZE else refusal(BAD_REQUEST)


def _asked(asked: bytes) -> bytes | Response:
    """RFC 8484 §6: base64url without padding."""
    for each in asked.split(b"&"):
        key, _, value = each.partition(b"=")
        if key == b"dns":
            return _decoded(value)
    return refusal(BAD_REQUEST)


def _decoded(value: bytes) -> bytes | Response:
    if not _BASE64URL.fullmatch(value):
        return refusal(BAD_REQUEST)
    try:
        query = binascii.a2b_base64(value.replace(b"-", b"+").replace(b"_", b"/") + b"=" * (-len(value) % 4))
    except binascii.Error:
        return refusal(BAD_REQUEST)
    return query if len(query) >= HEADER_SIZE else refusal(BAD_REQUEST)


def _response(request: Request, reply: memoryview) -> Response:
    headers = (
        (b"content-type", MESSAGE),
        (b"content-length", b"%d" % len(reply)),
        # Private: an answer is for this client, by its address and by the draw, and not for whoever shares a cache.
        (b"cache-control", b"private, max-age=%d" % lifetime(reply)),
    )
    return Response(OK, headers, b"" if request.method == b"HEAD" else bytes(reply))
