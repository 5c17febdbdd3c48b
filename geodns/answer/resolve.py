"""Question → sections: the name, its aliases, its delegation or denial, or the plan that is drawn from.

RFC 1034 §4.3.2, with all that can be looked up ahead (aliases' targets, closest enclosers) in the table.
"""

from geodns.answer import draw, find, locate, question, rcode, sections
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table

MAX_CHAIN = 8  # aliases followed in one reply

_CNAME, _DS, _ANY = 5, 43, 255


def resolve(
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
    if not sections.write_set(table, names[node + layout.NODE_SET], reply, query):
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
            sections.write_set(table, reference, reply, query)
        return
    sections.write_set(table, table.names[query.node + layout.NODE_SET], reply, query)


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
        sections.write_set(table, reference, reply, query)
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
    if not sections.copy(table.plans_octets, octet, size, reply, query):
        return
    records = table.plans[drawn + layout.ANSWER_COUNT]
    sections.point_at_owner(reply, query.at - size, records, query)
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
    sections.write_set(table, table.names[query.zone + layout.ZONE_NEGATIVE], reply, query)
