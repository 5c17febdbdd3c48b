"""Headers of the PROXY protocol, version 2, made by its text (§2.2) and by nothing of ours."""

from ipaddress import ip_address
from struct import pack

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
DATAGRAM = 2


def header(
    source: str | None, *, command: int = 1, version: int = 2, kind: int = DATAGRAM, extra: bytes = b""
) -> bytes:
    """`source` None: the family is unspecified."""
    body = b""
    family = 0
    if source is not None:
        address = ip_address(source)
        family = 1 if address.version == 4 else 2
        body = address.packed + address.packed + pack("!2H", 40000, 53)
    body += extra
    return SIGNATURE + bytes((version << 4 | command, family << 4 | kind)) + pack("!H", len(body)) + body
