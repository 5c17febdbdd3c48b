"""Packet + Table → reply. Whatever the packet holds, the outcome is a reply, a drop, or "not mine"; never an error.

Parse → find the name → find the client's route → draw a set → copy it → header and EDNS. The same bounded work for
every query: each loop below runs over the packet, a chain of a few aliases, or the records of one set.
"""

from geodns.answer import cells, edns, find, limiting, octets, question, rcode, resolve, terms, wire
from geodns.answer import memory as tallies
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table


def answer(table: Table, query: Query, memory: Memory) -> int:
    """Writes the reply to the packet that `query` has taken and returns its length.

    DROP: no reply is due. NOT_MINE: another opcode or class, a transfer, or a message that is signed.
    """
    outcome = read(query, memory)
    if outcome != terms.MINE:
        return outcome
    return write(table, query, memory)


def read(query: Query, memory: Memory) -> int:
    """The first half, which needs no table: the packet is read into `query`. MINE where the second half is due."""
    # Responses are never answered: two servers could keep each other busy for ever.
    if query.length < wire.HEADER or query.packet[2] & 0x80:
        memory.counts[cells.DROPPED] += 1
        return terms.DROP
    if query.packet[2] & 0x78:
        return terms.NOT_MINE
    _begin(query)
    query.rcode = question.read_question(query.packet, query.length, query)
    if query.rcode == rcode.NOERROR:
        if _is_odd(query):
            return terms.NOT_MINE
        query.rcode = edns.read_edns(query.packet, query.length, query)
        if query.rcode == terms.NOT_MINE:
            return terms.NOT_MINE
    if query.rcode == rcode.NOERROR:
        query.hash = find.hash_of(query, wire.HEADER, query.end - wire.HEADER - 4)
    return terms.MINE


def write(table: Table, query: Query, memory: Memory) -> int:
    """The second half: the reply to a packet that was read."""
    octets.copy(query.packet, 0, query.reply, 0, query.end)
    query.at = query.end
    query.limit = _limit(query, memory)
    zone_slot = 0
    if query.rcode == rcode.NOERROR:
        resolve.resolve(table, query, memory)
        if query.zone != 0:
            zone_slot = table.names[query.zone + layout.ZONE_SLOT]
    tallies.count_question(memory, zone_slot, query.qtype, query.rcode, query.denied)
    if query.transport == terms.UDP and memory.limiter.interval != 0 and query.cookie == 0:
        fate = limiting.judge(query, memory.limiter, memory)
        if fate == cells.DROPPED_REPLY:
            return terms.DROP
        # An error has nothing that could be cut off, and TCP would tell no better.
        if fate == cells.SLIPPED and (query.rcode == rcode.NOERROR or query.rcode == rcode.NXDOMAIN):
            query.at = query.limit + 1
    return _finish(query, memory)


def _begin(query: Query) -> None:
    query.opt_size = 0
    query.cookie = 0
    query.ecs_at = 0
    query.scope = 0
    query.zone = 0
    query.qtype = 0
    query.authoritative = 0
    query.denied = 0
    query.answers = 0
    query.authority = 0
    query.additional = 0


def _is_odd(query: Query) -> bool:
    if query.qclass != wire.IN and query.qclass != wire.ANY_CLASS:
        return True
    return query.qtype == wire.AXFR or query.qtype == wire.IXFR


def _limit(query: Query, memory: Memory) -> int:
    """Octets that the reply may have. RFC 6891 §6.2.5: a size below 512 counts as 512."""
    if query.transport != terms.UDP:
        return terms.LARGEST
    limit = terms.PLAIN
    if query.opt_size != 0 and query.udp_size > limit:
        limit = query.udp_size
    return limit if limit < memory.conduct.payload else memory.conduct.payload


def _finish(query: Query, memory: Memory) -> int:
    """EDNS and header. What does not fit is cut to an empty, truncated reply: the client comes back over TCP."""
    # QR, and from the query RD and CD.
    flags = 0x8000 | query.authoritative << 10 | (query.packet[2] & 0x01) << 8 | query.packet[3] & 0x10
    questions = 1 if query.end > wire.HEADER else 0
    if query.at + query.opt_size > query.limit:
        query.at = query.end
        query.answers = query.authority = query.additional = 0
        flags |= 0x0200
        memory.counts[cells.TRUNCATED] += 1
    if query.opt_size != 0:
        edns.write_opt(query, memory)
        query.additional += 1
    flags |= query.rcode & 0x0F
    octets.put_words(query.reply, 2, flags, questions, query.answers, query.authority, query.additional)
    return query.at
