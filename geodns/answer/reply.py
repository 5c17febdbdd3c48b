"""Packet + Table → reply. Whatever the packet holds, the outcome is a reply, a drop, or "not mine"; never an error.

Parse → find the name → find the client's route → draw a set → copy it → header and EDNS. The same bounded work for
every query: each loop below runs over the packet, a chain of at most MAX_CHAIN aliases, or the records of one set.
"""

from geodns.answer import draw, edns, find, locate, question, rcode
from geodns.answer import memory as tallies
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table

DROP = 0
NOT_MINE = -1

STREAM = 65535  # the ceiling that means: TCP, so the client's UDP size does not matter
MAX_CHAIN = 8  # aliases followed in one reply

_IN, _ANY_CLASS = 1, 255
_CNAME, _DS, _ANY, _IXFR, _AXFR = 5, 43, 255, 251, 252
_ROOM = 65535  # octets a message can have


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
    or STREAM. `reply` has room for 65,535 octets.
    """
    # Responses are never answered: two servers could keep each other busy for ever.
    if length < question.HEADER or packet[2] & 0x80:
        memory.counts[tallies.DROPPED] += 1
        return DROP
    if packet[2] & 0x78:
        return NOT_MINE
    _begin(query)
    query.rcode = question.read_question(packet, length, query)
    if query.rcode == rcode.NOERROR:
        if _is_odd(query):
            return NOT_MINE
        query.rcode = edns.read_edns(packet, length, query)
    reply[question.HEADER : query.end] = packet[question.HEADER : query.end]
    query.at = query.end
    if query.rcode == rcode.NOERROR:
        _resolve(table, packet, client, client_length, reply, query, memory)
    end = _finish(packet, ceiling, reply, query, memory)
    zone_slot = table.names[query.zone + layout.ZONE_SLOT] if query.zone else 0
    tallies.count_question(memory.counts, zone_slot, query.qtype, query.rcode, query.denied)
    return end


def _begin(query: Query) -> None:
    query.edns = 0
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
    return (query.qclass not in (_IN, _ANY_CLASS)) or query.qtype in (_IXFR, _AXFR)


def _resolve(
    table: Table,
    packet: memoryview,
    client: memoryview,
    client_length: int,
    reply: memoryview,
    query: Query,
    memory: Memory,
) -> None:
    """RFC 1034 §4.3.2, with the aliases' targets already looked up."""
    query.owner_at = question.HEADER
    query.owner_length = query.end - 4 - question.HEADER
    query.found = find.find(table, packet, query)
    if query.found == find.OUTSIDE:
        query.rcode = rcode.REFUSED
        return
    query.authoritative = 1 if query.found != find.CUT else 0
    first = query.node
    links = 0
    while links < MAX_CHAIN and _is_alias(table, query):
        if not _follow(table, reply, query) or query.node == first:
            return
        links += 1
    if query.found == find.CUT:
        _refer(table, reply, query)
    elif query.found == find.MISSING:
        query.rcode = rcode.NXDOMAIN
        _deny(table, reply, query)
    elif links < MAX_CHAIN:
        _answer_from(table, client, client_length, reply, query, memory)


def _is_alias(table: Table, query: Query) -> bool:
    if query.found not in (find.EXACT, find.WILDCARD) or query.qtype in (_CNAME, _ANY):
        return False
    return bool(table.names[query.node + layout.NODE_FLAGS] & layout.FLAG_ALIAS)


def _follow(table: Table, reply: memoryview, query: Query) -> bool:
    """Writes the CNAME record and goes on at its target; False where that is not in this zone."""
    names = table.names
    node = query.node
    begin = query.at
    if not _write(table.names, table.names_octets, names[node + layout.NODE_SET], reply, query):
        return False
    # A CNAME record is a pointer, ten octets, and its target in full: answers for the target point there.
    query.owner_at = begin + 12
    query.owner_length = query.at - query.owner_at
    target = names[node + layout.NODE_TARGET]
    if target == 0:
        return False
    flags = names[node + layout.NODE_FLAGS]
    query.node = target
    query.found = find.EXACT
    if flags & layout.FLAG_TARGET_CUT:
        query.found = find.CUT
    elif flags & layout.FLAG_TARGET_MISSING:
        query.found = find.MISSING
    return True


def _refer(table: Table, reply: memoryview, query: Query) -> None:
    """The delegation's NS records; but for DS the parent side has the authority (RFC 4035 §3.1.4.1)."""
    at_cut = table.names[query.node + layout.NODE_LENGTH] == query.owner_length
    if query.qtype == _DS and at_cut:
        query.authoritative = 1
        reference = _record_of(table, query.node, _DS)
        if reference == 0:
            _deny(table, reply, query)
        else:
            _write(table.names, table.names_octets, reference, reply, query)
        return
    _write(table.names, table.names_octets, table.names[query.node + layout.NODE_SET], reply, query)


def _answer_from(
    table: Table, client: memoryview, client_length: int, reply: memoryview, query: Query, memory: Memory
) -> None:
    names = table.names
    if query.qtype == _DS and names[query.node + layout.NODE_FLAGS] & layout.FLAG_PARENT_SIDE:
        query.node = names[query.node + layout.NODE_TARGET]
        query.zone = names[query.node + layout.NODE_ZONE]
    reference = _record_of(table, query.node, query.qtype)
    if reference == 0:
        _deny(table, reply, query)
    elif reference & layout.STEERED == 0:
        _write(table.names, table.names_octets, reference, reply, query)
    else:
        plan = table.plans[table.plans[layout.PLANS_TABLE] + (reference ^ layout.STEERED)]
        _steer(table, plan, client, client_length, reply, query, memory)


def _steer(
    table: Table,
    plan: int,
    client: memoryview,
    client_length: int,
    reply: memoryview,
    query: Query,
    memory: Memory,
) -> None:
    territories = table.territories
    number = table.plans[plan + layout.PLAN_TERRITORY]
    territory = territories[territories[layout.TERRITORIES_TABLE] + number]
    locate.locate(territories, territory, client, client_length, query)
    drawn = draw.draw(table.plans, plan, query.route, memory)
    if drawn == 0:
        _deny(table, reply, query)
        return
    octet = plan * 4 + table.plans[drawn + layout.ANSWER_OCTET]
    size = table.plans[drawn + layout.ANSWER_LENGTH]
    if not _copy(table.plans_octets, octet, size, reply, query):
        return
    records = table.plans[drawn + layout.ANSWER_COUNT]
    _point_at_owner(reply, query.at - size, records, query)
    query.answers += records


def _record_of(table: Table, node: int, qtype: int) -> int:
    """The shape's reference for the type, 0 for none. ANY gets one record set, not all of them (RFC 8482 §4.1)."""
    shape = table.names[node + layout.NODE_SHAPE]
    if shape == 0:
        return 0
    types = table.names[shape]
    at = shape + 1
    while types > 0:
        if table.names[at] == qtype or qtype == _ANY:
            return table.names[at + 1]
        at += 2
        types -= 1
    return 0


def _deny(table: Table, reply: memoryview, query: Query) -> None:
    """The SOA record that tells how long the denial may be kept (RFC 2308 §3)."""
    query.denied = 1
    _write(table.names, table.names_octets, table.names[query.zone + layout.ZONE_NEGATIVE], reply, query)


def _write(names: memoryview, octets: memoryview, set_: int, reply: memoryview, query: Query) -> bool:
    """Copies a static set and completes its pointers."""
    size = names[set_ + layout.SET_LENGTH]
    if not _copy(octets, names[set_ + layout.SET_OCTET], size, reply, query):
        return False
    begin = query.at - size
    _point_at_owner(reply, begin, names[set_ + layout.SET_ANSWERS], query)
    _point_at_zone(names, names[set_ + layout.SET_FIXUPS], reply, begin, query)
    query.answers += names[set_ + layout.SET_ANSWERS]
    query.authority += names[set_ + layout.SET_AUTHORITY]
    query.additional += names[set_ + layout.SET_ADDITIONAL]
    return True


def _copy(octets: memoryview, octet: int, size: int, reply: memoryview, query: Query) -> bool:
    """False, and a message that will be truncated, where the set does not fit any message."""
    if query.at + size > _ROOM:
        query.at = _ROOM + 1
        return False
    reply[query.at : query.at + size] = octets[octet : octet + size]
    query.at += size
    return True


def _point_at_owner(reply: memoryview, at: int, records: int, query: Query) -> None:
    """Answer records are stored with a pointer to the question; behind an alias they belong to its target."""
    if query.owner_at == question.HEADER:
        return
    while records > 0:
        reply[at] = 0xC0 | query.owner_at >> 8
        reply[at + 1] = query.owner_at & 0xFF
        at += 12 + (reply[at + 10] << 8 | reply[at + 11])
        records -= 1


def _point_at_zone(names: memoryview, fixups: int, reply: memoryview, begin: int, query: Query) -> None:
    """The zone's name ends the owner's name, wherever in the message that stands."""
    if fixups == 0:
        return
    target = query.owner_at + query.owner_length - names[query.zone + layout.ZONE_LENGTH]
    count = names[fixups]
    while count > 0:
        at = begin + names[fixups + count]
        reply[at] = 0xC0 | target >> 8
        reply[at + 1] = target & 0xFF
        count -= 1


def _finish(packet: memoryview, ceiling: int, reply: memoryview, query: Query, memory: Memory) -> int:
    """EDNS and header. What does not fit is cut to an empty, truncated reply: the client comes back over TCP."""
    truncated = 0
    questions = 1
    if query.end == question.HEADER:
        questions = 0
    limit = ceiling
    if ceiling != STREAM:
        limit = min(max(512, query.udp_size if query.edns else 512), ceiling)
    if query.at + edns.reply_size(query) > limit:
        query.at = query.end
        query.answers = query.authority = query.additional = 0
        truncated = 0x02
        memory.counts[tallies.TRUNCATED] += 1
    if query.edns:
        query.at = edns.write_opt(packet, reply, query.at, query)
        query.additional += 1
    reply[0] = packet[0]
    reply[1] = packet[1]
    reply[2] = 0x80 | query.authoritative << 2 | truncated | packet[2] & 0x01
    reply[3] = packet[3] & 0x10 | query.rcode & 0x0F
    _write_counts(reply, questions, query)
    return query.at


def _write_counts(reply: memoryview, questions: int, query: Query) -> None:
    reply[4] = 0
    reply[5] = questions
    reply[6] = query.answers >> 8
    reply[7] = query.answers & 0xFF
    reply[8] = query.authority >> 8
    reply[9] = query.authority & 0xFF
    reply[10] = query.additional >> 8
    reply[11] = query.additional & 0xFF
