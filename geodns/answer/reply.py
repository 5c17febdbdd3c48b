"""Packet + Table → reply. Whatever the packet holds, the outcome is a reply, a drop, or "not mine"; never an error.

Parse → find the name → find the client's route → draw a set → copy it → header and EDNS. The same bounded work for
every query: each loop below runs over the packet, a chain of a few aliases, or the records of one set.
"""

from geodns.answer import cells, edns, octets, question, rcode, resolve, terms, wire
from geodns.answer import memory as tallies
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table


def answer(
    table: Table,
    packet: memoryview,
    length: int,
    client: memoryview,
    client_length: int,
    ceiling: int,
    reply: memoryview,
    query: Query,
    memory: Memory,
) -> int:
    """Writes the reply to packet[:length] from `client` (4 or 16 octets) and returns its length.

    DROP: no reply is due. NOT_MINE: another opcode or class, or a transfer. `ceiling`: octets a UDP reply may have,
    or STREAM; `reply` has room for that many.
    """
    outcome = read(packet, length, query, memory)
    if outcome != terms.MINE:
        return outcome
    return write(table, packet, client, client_length, ceiling, reply, query, memory)


def read(packet: memoryview, length: int, query: Query, memory: Memory) -> int:
    """The first half, which needs no table: the packet is read into `query`. MINE where the second half is due."""
    # Responses are never answered: two servers could keep each other busy for ever.
    if length < wire.HEADER or packet[2] & 0x80:
        memory.counts[cells.DROPPED] += 1
        return terms.DROP
    if packet[2] & 0x78:
        return terms.NOT_MINE
    _begin(query)
    query.rcode = question.read_question(packet, length, query)
    if query.rcode == rcode.NOERROR:
        if _is_odd(query):
            return terms.NOT_MINE
        query.rcode = edns.read_edns(packet, length, query)
    return terms.MINE


def write(
    table: Table,
    packet: memoryview,
    client: memoryview,
    client_length: int,
    ceiling: int,
    reply: memoryview,
    query: Query,
    memory: Memory,
) -> int:
    """The second half: the reply to a packet that was read."""
    octets.copy(packet, 0, reply, 0, query.end)
    query.at = query.end
    query.limit = _limit(ceiling, query)
    zone_slot = 0
    if query.rcode == rcode.NOERROR:
        resolve.resolve(table, client, client_length, reply, query, memory)
        if query.zone != 0:
            zone_slot = table.names[query.zone + layout.ZONE_SLOT]
    tallies.count_question(memory, zone_slot, query.qtype, query.rcode, query.denied)
    return _finish(packet, reply, query, memory)


def _begin(query: Query) -> None:
    query.opt_size = 0
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


def _limit(ceiling: int, query: Query) -> int:
    """Octets that the reply may have. RFC 6891 §6.2.5: a size below 512 counts as 512."""
    if ceiling == terms.STREAM:
        return ceiling
    limit = terms.PLAIN
    if query.opt_size != 0 and query.udp_size > limit:
        limit = query.udp_size
    return limit if limit < ceiling else ceiling


def _finish(packet: memoryview, reply: memoryview, query: Query, memory: Memory) -> int:
    """EDNS and header. What does not fit is cut to an empty, truncated reply: the client comes back over TCP."""
    # QR, and from the query RD and CD.
    flags = 0x8000 | query.authoritative << 10 | (packet[2] & 0x01) << 8 | packet[3] & 0x10 | query.rcode & 0x0F
    questions = 1 if query.end > wire.HEADER else 0
    if query.at + query.opt_size > query.limit:
        query.at = query.end
        query.answers = query.authority = query.additional = 0
        flags |= 0x0200
        memory.counts[cells.TRUNCATED] += 1
    if query.opt_size != 0:
        query.at = edns.write_opt(packet, reply, query.at, query)
        query.additional += 1
    octets.put_words(reply, 2, flags, questions, query.answers, query.authority, query.additional)
    return query.at
