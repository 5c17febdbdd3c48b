"""Question → sections: the name, its aliases, its delegation or denial, or the plan that is drawn from.

RFC 1034 §4.3.2, with all that can be looked up ahead (aliases' targets, closest enclosers) in the table.
"""

from geodns.answer import chain, draw, find, found, locate, rcode, sections, terms, wire
from geodns.answer import memory as tallies
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table


def resolve(table: Table, query: Query, memory: Memory) -> None:
    """RFC 1034 §4.3.2, with the aliases' targets already looked up."""
    query.owner_at = wire.HEADER
    query.owner_length = query.end - 4 - wire.HEADER
    query.found = find.find(table, query)
    if query.found == found.OUTSIDE:
        query.rcode = rcode.REFUSED
        query.extended = terms.NOT_AUTHORITATIVE
    elif table.names[query.zone + layout.ZONE_VOID] != 0 and not _is_parents(table, query):
        _fail(query, terms.INVALID_DATA)
    else:
        query.authoritative = query.found != found.CUT
        flags = table.names[query.node + layout.NODE_FLAGS]
        if flags & layout.FLAG_LEADS_ON == 0 or chain.follow(table, query):
            _conclude(table, query, memory)


def _conclude(table: Table, query: Query, memory: Memory) -> None:
    """What is found at the end of the aliases."""
    if query.found == found.CUT:
        _refer(table, query)
    elif query.found == found.MISSING:
        query.rcode = rcode.NXDOMAIN
        _deny(table, query)
    else:
        _answer_from(table, query, memory)


def _refer(table: Table, query: Query) -> None:
    """The delegation's NS records; but for DS the parent side has the authority (RFC 4035 §3.1.4.1)."""
    at_cut = table.names[query.node + layout.NODE_LENGTH] == query.owner_length
    if query.qtype == wire.DS and at_cut:
        query.authoritative = 1
        _answer_static(table, _record_of(table, query.node, wire.DS), query)
    else:
        sections.write_set(table, table.names[query.node + layout.NODE_SET], query)


def _is_parents(table: Table, query: Query) -> bool:
    """Whether DS is asked for where the zone above is ours too: what becomes of this one is nothing to that."""
    if query.qtype != wire.DS or query.found != found.EXACT:
        return False
    return table.names[query.node + layout.NODE_FLAGS] & layout.FLAG_PARENT_SIDE != 0


def _answer_from(table: Table, query: Query, memory: Memory) -> None:
    if _is_parents(table, query):
        _answer_as_parent(table, query)
    else:
        reference = _record_of(table, query.node, query.qtype)
        if reference & layout.STEERED == 0:
            _answer_static(table, reference, query)
        else:
            plan = table.plans[table.plans[layout.PLANS_TABLE] + (reference ^ layout.STEERED)]
            _steer(table, plan, query, memory)


def _answer_as_parent(table: Table, query: Query) -> None:
    query.node = table.names[query.node + layout.NODE_TARGET]
    query.zone = table.names[query.node + layout.NODE_ZONE]
    if table.names[query.zone + layout.ZONE_VOID] != 0:
        _fail(query, terms.INVALID_DATA)
    else:
        _answer_static(table, _record_of(table, query.node, wire.DS), query)


def _answer_static(table: Table, set_: int, query: Query) -> None:
    if set_ == 0:
        _deny(table, query)
    else:
        sections.write_set(table, set_, query)


def _steer(table: Table, plan: int, query: Query, memory: Memory) -> None:
    number = table.plans[plan + layout.PLAN_TERRITORY]
    territory = table.territories[table.territories[layout.TERRITORIES_TABLE] + number]
    locate.locate(table.territories, territory, table.plans[plan + layout.PLAN_LOCATE], query)
    drawn = draw.draw(table.plans, plan, query, memory)
    if drawn == layout.ROUTE_NO_ADDRESS:
        _deny(table, query)
    elif drawn == layout.ROUTE_UNRESOLVED:
        _fail(query, terms.UNRESOLVED)
    else:
        if tallies.is_stale(memory):
            query.extended = terms.STALE
        _answer_drawn(table, plan, drawn, query)


def _answer_drawn(table: Table, plan: int, drawn: int, query: Query) -> None:
    octet = plan * 4 + table.plans[drawn + layout.ANSWER_OCTET]
    size = table.plans[drawn + layout.ANSWER_LENGTH]
    records = table.plans[drawn + layout.ANSWER_COUNT]
    if sections.append(table.plans_octets, octet, size, query):
        query.answers += records
        if query.owner_at != wire.HEADER:
            sections.point_at_owner(query.at - size, records, query)


def _record_of(table: Table, node: int, qtype: int) -> int:
    """The shape's reference for the type, 0 for none. ANY gets one record set, not all of them (RFC 8482 §4.1).

    Where a policy answers some clients with a CNAME, they get it for every type (RFC 1034 §3.6.2).
    """
    shape = table.names[node + layout.NODE_SHAPE]
    if shape == 0:
        return 0
    types = table.names[shape]
    at = shape + 1
    alias = 0
    while types > 0:
        if table.names[at] == qtype or qtype == wire.ANY:
            return table.names[at + 1]
        if table.names[at] == wire.CNAME and table.names[at + 1] & layout.STEERED:
            alias = table.names[at + 1]
        at += 2
        types -= 1
    return alias


def _fail(query: Query, extended: int) -> None:
    """Nobody knows what to say: resolvers ask another server, and remember nothing (RFC 2308 §7.1)."""
    query.extended = extended
    query.rcode = rcode.SERVFAIL
    query.authoritative = 0
    query.answers = 0  # nor of the aliases that led here
    query.at = query.end


def _deny(table: Table, query: Query) -> None:
    """The SOA record that tells how long the denial may be kept (RFC 2308 §3)."""
    query.denied = 1
    sections.write_set(table, table.names[query.zone + layout.ZONE_NEGATIVE], query)
