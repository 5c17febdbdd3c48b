"""Packet → question: where the name ends, the same in lower case, type and class. RFC 1035 §4.1."""

from geodns.answer import octets, rcode, wire
from geodns.answer.query import Query


def read_question(packet: memoryview, length: int, query: Query) -> int:
    """Fills the question's part of `query`; FORMERR unless the packet asks exactly one well-formed question.

    RFC 9619: a QDCOUNT other than 1 is a format error. A compressed name in a question is one too: there is nothing
    before it that it could point at.
    """
    query.end = wire.HEADER
    if packet[4] != 0 or packet[5] != 1:
        return rcode.FORMERR
    past = length - 4  # type and class follow the root label
    if past > wire.HEADER + wire.MAX_NAME:
        past = wire.HEADER + wire.MAX_NAME
    at = wire.HEADER
    size = 64
    while at < past:
        size = packet[at]
        if size == 0 or size > 63:
            break
        at += 1 + size
    if at >= past or size != 0:
        return rcode.FORMERR
    query.qtype = packet[at + 1] << 8 | packet[at + 2]
    query.qclass = packet[at + 3] << 8 | packet[at + 4]
    query.end = at + 5
    octets.lower(packet, wire.HEADER, at + 1, query.folded)
    return rcode.NOERROR
