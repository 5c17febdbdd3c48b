"""Packet → question: where the name ends, its labels and their hashes, type and class. RFC 1035 §4.1."""

from geodns.answer import rcode
from geodns.answer.query import Query
from geodns.table import layout, namehash

HEADER = 12
MAX_NAME = 255


def read_question(packet: memoryview, length: int, query: Query) -> int:
    """Fills the question's part of `query`; FORMERR unless the packet asks exactly one well-formed question.

    RFC 9619: a QDCOUNT other than 1 is a format error. A compressed name in a question is one too: there is nothing
    before it that it could point at.
    """
    query.labels = 0
    query.end = HEADER
    if packet[4] != 0 or packet[5] != 1:
        return rcode.FORMERR
    at = HEADER
    while at < length and packet[at] != 0:
        size = packet[at]
        if size > 63 or at + size - HEADER > MAX_NAME - 2:
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
    _hash_suffixes(packet, query)
    return rcode.NOERROR


def _hash_suffixes(packet: memoryview, query: Query) -> None:
    hash_ = namehash.ROOT_HASH
    label = query.labels
    query.hashes[label] = hash_
    while label > 0:
        label -= 1
        hash_ = namehash.extend(hash_, packet, query.offsets[label])
        query.hashes[label] = hash_
