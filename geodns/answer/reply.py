"""Packet + Table → reply. Whatever the packet holds, the outcome is a reply, a drop, or "not mine"; never an error.

Parse → find the name → find the client's route → draw a set → copy it → header and EDNS. The same bounded work for
every query: each loop below runs over the packet, a chain of a few aliases, or the records of one set.
"""

from geodns.answer import cells, chaos, edns, find, limiting, octets, question, rcode, resolve, terms, wire
from geodns.answer import memory as tallies
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table


def answer(table: Table, query: Query, memory: Memory) -> int:
    """Writes the reply to the packet that `query` has taken and returns its length.

    DROP: no reply is due. NOT_MINE: another opcode, a transfer, or a message that is signed.
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
    if query.rcode == rcode.NOERROR and _is_odd(query):
        return terms.NOT_MINE
    if query.rcode == rcode.NOERROR or _asks_nothing(query):
        # Of what we answer, nothing has answer or authority records in its question.
        if query.packet[6] | query.packet[7] | query.packet[8] | query.packet[9]:
            query.rcode = rcode.FORMERR
        else:
            query.rcode = edns.read_edns(query.packet, query.length, query.end, query, memory)
        if query.rcode == terms.NOT_MINE:
            return terms.NOT_MINE
    if query.rcode == rcode.NOERROR:
        query.rcode = _mind_cookie(query, memory)
    if query.rcode == rcode.NOERROR and query.end > wire.HEADER:
        query.hash = find.hash_of(query, wire.HEADER, query.end - wire.HEADER - 4)
    return terms.MINE


def write(table: Table, query: Query, memory: Memory) -> int:
    """The second half: the reply to a packet that was read."""
    _open_reply(query, memory)
    zone_slot = 0
    if query.rcode == rcode.NOERROR and query.end > wire.HEADER:
        if query.qclass == wire.IN:
            resolve.resolve(table, query, memory)
        elif query.qclass == wire.ANY_CLASS:
            resolve.resolve(table, query, memory)
            query.authoritative = 0  # RFC 1035 §6.2: there are classes of which we know nothing
        elif query.qclass == wire.CHAOS:
            chaos.answer_chaos(query, memory)
        else:
            query.rcode = rcode.REFUSED
        if query.zone != 0:
            zone_slot = table.names[query.zone + layout.ZONE_SLOT]
    tallies.count_question(memory, zone_slot, query.qtype, query.rcode, query.denied)
    return conclude(query, memory)


def write_not_ready(query: Query, memory: Memory) -> int:
    """The second half where there is no table yet."""
    _open_reply(query, memory)
    if query.rcode == rcode.NOERROR and query.end > wire.HEADER:
        query.rcode = rcode.SERVFAIL
        query.extended = terms.NOT_READY
    return conclude(query, memory)


def read_odd(query: Query, memory: Memory) -> int:
    """Of a packet that is not ours: its question and EDNS, so that whoever replies does it as we do; `conclude` is then
    the second half. Returns the code of what is wrong with it, which is also `query.rcode`.

    Of another opcode nobody knows whether a client that is told BADCOOKIE comes back.
    """
    _begin(query)
    query.rcode = question.read_question(query.packet, query.length, query)
    if query.rcode == rcode.NOERROR or _asks_nothing(query):
        at = edns.skip_sections(query.packet, query.length, query.end)
        query.rcode = edns.read_edns(query.packet, query.length, at, query, memory)
    if query.rcode == terms.NOT_MINE:  # signed, which is for the caller to look into
        query.rcode = rcode.NOERROR
    if query.rcode == rcode.NOERROR and query.packet[2] & 0x78 == 0:
        query.rcode = _mind_cookie(query, memory)
    _open_reply(query, memory)
    return query.rcode


def conclude(query: Query, memory: Memory) -> int:
    """What is known of the reply → its length, or DROP where its client has been sent too many."""
    if query.transport == terms.UDP and memory.limiter.interval != 0 and query.cookie != terms.COOKIE_VALID:
        fate = limiting.judge(query, memory.limiter, memory)
        if fate == cells.DROPPED_REPLY:
            return terms.DROP
        # Without records there is nothing that could be cut off, and TCP would tell no better.
        if fate == cells.SLIPPED and query.at > query.end:
            query.at = query.limit + 1
    return _finish(query, memory)


def _begin(query: Query) -> None:
    query.opt_size = 0
    query.wanted = 0
    query.ecs_at = 0
    query.cookie = terms.COOKIE_NONE
    query.cookie_at = 0
    query.extended = terms.PLAIN_REPLY
    query.scope = 0
    query.zone = 0
    query.qtype = 0
    query.authoritative = 0
    query.denied = 0
    query.answers = 0
    query.authority = 0
    query.additional = 0


def _is_odd(query: Query) -> bool:
    return query.qtype == wire.AXFR or query.qtype == wire.IXFR


def _asks_nothing(query: Query) -> bool:
    return query.packet[4] == 0 and query.packet[5] == 0


def _mind_cookie(query: Query, memory: Memory) -> int:
    """What the cookie, or that there is none, makes of a query that is well-formed.

    RFC 7873 §5.4: one without a question asks for a cookie, or how good its own is. By UDP, who knows of cookies may be
    told to come back with a valid one (§5.2.3, §5.2.4).
    """
    if query.end == wire.HEADER:
        if query.cookie == terms.COOKIE_NONE:
            return rcode.FORMERR
        return rcode.BADCOOKIE if query.cookie == terms.COOKIE_BAD else rcode.NOERROR
    if memory.conduct.cookies != terms.COOKIES_REQUIRED or query.transport != terms.UDP:
        return rcode.NOERROR
    return rcode.NOERROR if query.cookie in (terms.COOKIE_NONE, terms.COOKIE_VALID) else rcode.BADCOOKIE


def _open_reply(query: Query, memory: Memory) -> None:
    octets.copy(query.packet, 0, query.reply, 0, query.end)
    query.at = query.end
    query.limit = _limit(query, memory)


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
    # QR, and from the query the opcode, RD and CD.
    flags = 0x8000 | query.authoritative << 10 | (query.packet[2] & 0x79) << 8 | query.packet[3] & 0x10
    questions = 1 if query.end > wire.HEADER else 0
    if query.at + query.opt_size > query.limit:
        query.at = query.end
        query.answers = query.authority = query.additional = 0
        flags |= 0x0200
        memory.counts[cells.TRUNCATED] += 1
    if query.opt_size != 0:
        edns.complete(query, memory)
        edns.write_opt(query, memory)
        query.additional += 1
    flags |= query.rcode & 0x0F
    octets.put_words(query.reply, 2, flags, questions, query.answers, query.authority, query.additional)
    return query.at
