"""Header fields of an HTTP/2 request → what it asks for, where RFC 9113 §8 lets them stand so. Pure.

h2 could judge them (validate_inbound_headers), but passes each field through a chain of generators, octet by octet,
which costs more than the answer. What it refuses is refused here; a test asks both.
"""

import re
from collections.abc import Iterable

from geodns.serve.https import Request

_PSEUDO = frozenset((b":method", b":scheme", b":authority", b":path", b":protocol"))  # of requests
_OF_CONNECTIONS = frozenset((b"connection", b"proxy-connection", b"keep-alive", b"transfer-encoding", b"upgrade"))

# RFC 9113 §8.2.1: names without capitals, colons, and what is not visible ASCII; values without zeros, line ends, and
# white space around them.
_NAME = re.compile(rb"[!-9;-@\[-~]+").fullmatch
_VALUE = re.compile(rb"(?![ \t])[^\0\r\n]*(?<![ \t])").fullmatch

Fields = Iterable[tuple[bytes, bytes]]


class BadFields(ValueError):
    """The request is malformed (RFC 9113 §8.1.1)."""


def request_of(fields: Fields) -> tuple[Request, int]:
    """The request, and the length that it says its body has; h2 has seen to it that it is a number. Raises
    BadFields."""
    pseudo: dict[bytes, bytes] = {}
    request, length, host, regular = Request(b"", b""), 0, None, False
    for name, value in fields:
        if not _VALUE(value):
            raise BadFields(f"a value of {name!r}")
        if name in _PSEUDO:
            if regular or name in pseudo:
                raise BadFields(f"{name!r} again, or behind what is ordinary")
            pseudo[name] = value
            continue
        regular = True
        _check(name, value)
        match name:
            case b"content-type":
                request.content_type = value
            case b"content-length":
                length = int(value)
            case b"host":
                if host is not None:
                    raise BadFields("two hosts")
                host = value
    _check_together(pseudo, host)
    request.method, request.target = pseudo[b":method"], pseudo.get(b":path", b"")
    return request, length


def check_trailers(fields: Fields) -> None:
    """RFC 9113 §8.1: ordinary fields alone. Raises BadFields."""
    for name, value in fields:
        if not _VALUE(value):
            raise BadFields(f"a value of {name!r}")
        _check(name, value)


def _check(name: bytes, value: bytes) -> None:
    """An ordinary field; the colon of one that is not is no part of a name."""
    if not _NAME(name):
        raise BadFields(f"the name {name!r}")
    if name in _OF_CONNECTIONS or (name == b"te" and value.lower() != b"trailers"):
        raise BadFields(f"{name!r}, which is for connections of HTTP/1.1")


def _check_together(pseudo: dict[bytes, bytes], host: bytes | None) -> None:
    """RFC 9113 §8.3.1, §8.5: what has to be there, and what must not."""
    method = pseudo.get(b":method")
    if method is None:
        raise BadFields("no method")
    if method == b"CONNECT" and b":protocol" not in pseudo:
        if b":scheme" in pseudo or b":path" in pseudo:
            raise BadFields("CONNECT has a scheme or a path")
    elif b":scheme" not in pseudo or b":path" not in pseudo:
        raise BadFields("no scheme or no path")
    if pseudo.get(b":path") == b"":
        raise BadFields("an empty path")
    if method != b"CONNECT" and b":protocol" in pseudo:
        raise BadFields("a protocol without CONNECT")
    authority = pseudo.get(b":authority", host)
    if authority is None or (host is not None and host != authority):
        raise BadFields("no authority, or two that differ")
