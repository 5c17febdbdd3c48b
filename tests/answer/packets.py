"""Packets that dnspython would not write: options, headers and names as octets."""

from struct import pack

import dns.message

from geodns.model.name import parse_name

ECS, COOKIE = 8, 10


def header(flags: int = 0x0000, qd: int = 1, an: int = 0, ns: int = 0, ar: int = 0, id_: int = 0x1234) -> bytes:
    return pack("!6H", id_, flags, qd, an, ns, ar)


def question(name: str = "www.example.com.", rtype: int = 1, rclass: int = 1) -> bytes:
    return parse_name(name) + pack("!2H", rtype, rclass)


def option(code: int, body: bytes) -> bytes:
    return pack("!2H", code, len(body)) + body


def subnet(family: int, source: int, scope: int, address: bytes) -> bytes:
    return option(ECS, pack("!HBB", family, source, scope) + address)


def opt(*options: bytes, size: int = 1232, version: int = 0, flags: int = 0, owner: bytes = b"\0") -> bytes:
    body = b"".join(options)
    return owner + pack("!HHBBHH", 41, size, 0, version, flags, len(body)) + body


def query(*records: bytes, asked: bytes | None = None, flags: int = 0) -> bytes:
    """A question and the records of its additional section."""
    return header(flags, ar=len(records)) + (question() if asked is None else asked) + b"".join(records)


def read(octets: bytes | int) -> dns.message.Message:
    assert isinstance(octets, bytes), f"no reply but {octets}"
    return dns.message.from_wire(octets)
