"""Replies without records of a zone: header, question, and where the query has EDNS an OPT record."""

from geodns.answer.wire import HEADER
from geodns.serve.outline import Outline

_QR, _RD, _OPCODE, _CD = 0x80, 0x01, 0x78, 0x10
AUTHORITATIVE, TRUNCATED = 0x04, 0x02  # flags of a reply
PAYLOAD = 1232  # octets that we take by UDP
EXTENDED_ERROR = 15  # RFC 8914
PROHIBITED, NOT_READY, INVALID_DATA = 18, 14, 24


def header(packet: bytes, flags: int, rcode: int, answers: int, additional: int) -> bytes:
    """In reply to the packet, with its question. `flags`: more of the first octet's."""
    first = _QR | flags | packet[2] & (_OPCODE | _RD)
    counts = b"".join(count.to_bytes(2, "big") for count in (1, answers, 0, additional))
    return packet[:2] + bytes((first, packet[3] & _CD | rcode & 0x0F)) + counts


def opt(rcode: int = 0, error: int | None = None) -> bytes:
    """RFC 6891 §6.1.2, with the upper bits of the response code, and an extended error."""
    option = b"" if error is None else EXTENDED_ERROR.to_bytes(2, "big") + b"\0\2" + error.to_bytes(2, "big")
    return (
        b"\0\0\x29"
        + PAYLOAD.to_bytes(2, "big")
        + bytes((rcode >> 4, 0, 0, 0))
        + len(option).to_bytes(2, "big")
        + option
    )


def short_reply(packet: bytes, outline: Outline, rcode: int, *, error: int | None = None, flags: int = 0) -> bytes:
    has_edns = outline.udp_size is not None
    question = packet[HEADER : outline.end]
    return header(packet, flags, rcode, 0, has_edns) + question + (opt(rcode, error) if has_edns else b"")
