"""A reply without records from nothing but the packet: header and question. It trusts nobody and cannot fail."""

HEADER_SIZE = 12
FORMERR, SERVFAIL, NOTIMP, REFUSED = 1, 2, 4, 5

_QR, _RD, _OPCODE = 0x80, 0x01, 0x78
_MAX_NAME = 255


def bare_reply(packet: memoryview, length: int, rcode: int, reply: memoryview) -> int:
    """The reply's length; 0 where there must be none, as the packet is a response or shorter than a header.

    The question is repeated where it can be read, as resolvers pass over replies without it.
    """
    if length < HEADER_SIZE or packet[2] & _QR:
        return 0
    end = question_end(packet, length)
    size = end or HEADER_SIZE
    reply[:size] = packet[:size]
    reply[2] = _QR | (packet[2] & (_OPCODE | _RD))
    reply[3] = rcode
    reply[4:HEADER_SIZE] = bytes((0, 1 if end else 0, 0, 0, 0, 0, 0, 0))
    return size


def question_end(packet: memoryview, length: int) -> int:
    """Just past the only question; 0 where there is not exactly one, or it is broken off or compressed."""
    if packet[4] or packet[5] != 1:
        return 0
    at = HEADER_SIZE
    while at < length and at - HEADER_SIZE < _MAX_NAME:
        size = packet[at]
        if size == 0:
            return at + 5 if at + 5 <= length else 0
        if size > 63:
            return 0
        at += 1 + size
    return 0
