"""Packet → question: where the name ends, its labels and their hashes, type and class. RFC 1035 §4.1."""

from geodns.answer import octets, rcode, wire
from geodns.answer.query import Query
from geodns.table import layout, namehash


def read_question(packet: memoryview, length: int, query: Query) -> int:
    """Fills the question's part of `query`; FORMERR unless the packet asks exactly one well-formed question.

    RFC 9619: a QDCOUNT other than 1 is a format error. A compressed name in a question is one too: there is nothing
    before it that it could point at.
    """
    query.labels = 0
    query.end = wire.HEADER
    if packet[4] != 0 or packet[5] != 1:
        return rcode.FORMERR
    at = wire.HEADER
    while at < length and packet[at] != 0:
        size = packet[at]
        if size > 63 or at + size - wire.HEADER > wire.MAX_NAME - 2:
            return rcode.FORMERR
        query.offsets[query.labels] = at
        query.labels += 1
        at += 1 + size
    if at + 5 > length or query.labels >= layout.MAX_LABELS:
        return rcode.FORMERR
    query.offsets[query.labels] = at
    query.qtype = packet[at + 1] << 8 | packet[at + 2]
    query.qclass = packet[at + 3] << 8 | packet[at + 4]
    query.end = at + 5
    octets.lower(packet, wire.HEADER, at + 1, query.folded)
    _hash_suffixes(query)
    return rcode.NOERROR


def _hash_suffixes(query: Query) -> None:
    hash_ = layout.ROOT_HASH
    label = query.labels
    query.hashes[label] = hash_
    while label > 0:
        label -= 1
        hash_ = namehash.extend(hash_, query.folded, query.offsets[label])
        query.hashes[label] = hash_
