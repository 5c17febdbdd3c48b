"""The odd queries that `answer` hands back: slow, rare, and never answered with records.

In this order: a response gets no reply; another opcode than QUERY (UPDATE, STATUS) NOTIMP; what dnslib cannot read, or
asks not exactly one question, FORMERR; what is left (other classes than IN and CHAOS) REFUSED.
"""

from dnslib import QTYPE, DNSRecord

from geodns.serve.failure import FORMERR, NOTIMP, REFUSED, bare_reply, question_end

_OPCODE = 0x78
_OPT = b"\0\0\x29\x04\xd0\0\0\0\0\0\0"  # the root, type 41, we take 1,232 octets, version 0, no options
_ARCOUNT_LOW = 11


def reply_to(packet: memoryview, length: int, reply: memoryview) -> int:
    """The length of what was written to `reply`, 0 for no reply. Never raises."""
    query = _parse(bytes(packet[:length]))
    size = bare_reply(packet, length, _rcode(packet, length, query), reply)
    if size and query is not None and _has_edns(query):  # then the reply must have it too, RFC 6891 §6.1.1
        reply[size : size + len(_OPT)] = _OPT
        reply[_ARCOUNT_LOW] = 1
        size += len(_OPT)
    return size


def _parse(octets: bytes) -> DNSRecord | None:
    try:
        return DNSRecord.parse(octets)
    except Exception:  # DNSError is what dnslib means to raise; hostile octets bring others
        return None


def _rcode(packet: memoryview, length: int, query: DNSRecord | None) -> int:
    if length > 2 and packet[2] & _OPCODE:
        return NOTIMP
    if query is None or not question_end(packet, length):
        return FORMERR
    return REFUSED


def _has_edns(query: DNSRecord) -> bool:
    return any(record.rtype == QTYPE.OPT for record in query.ar)
