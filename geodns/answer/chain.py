"""A name that leads to another → the records that say so, and the name at the end: CNAME, and DNAME of RFC 6672.

Where a CNAME leads is looked up when the table is made. Where a DNAME leads hangs on the question, so that is looked up
here, by what finds a question's name.
"""

from geodns.answer import find, found, octets, rcode, sections, terms, wire
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table


def follow(table: Table, query: Query) -> bool:
    """False where nothing is to be said after the records: the chain leaves the zone, comes to a name for the second
    time, is too long, makes a name too long, or has no room; or a CNAME is all that was asked for."""
    links = 0
    while _leads_on(table, query):
        if links == terms.MAX_CHAIN or _was_met(query, links) or not _follow_link(table, query, links):
            return False
        links += 1
    return True


def _leads_on(table: Table, query: Query) -> bool:
    if query.found == found.REDIRECTED:
        return True
    if table.names[query.node + layout.NODE_FLAGS] & layout.FLAG_ALIAS == 0:
        return False
    return query.found in (found.EXACT, found.WILDCARD) and query.qtype not in (wire.CNAME, wire.ANY)


def _was_met(query: Query, links: int) -> bool:
    """Whether the name has been followed already. Names are compared, for one node may stand for many of them."""
    at = 0
    while links > 0:
        if query.met[at + 1] == query.owner_length and _is_same(query, query.met[at]):
            return True
        at += terms.LINK
        links -= 1
    return False


def _is_same(query: Query, other: int) -> bool:
    """RFC 4343: whatever the case. Length octets are below `A`."""
    at = query.owner_at
    end = at + query.owner_length
    while at < end:
        one = query.reply[at] + (32 if 65 <= query.reply[at] <= 90 else 0)
        two = query.reply[other] + (32 if 65 <= query.reply[other] <= 90 else 0)
        if one != two:
            return False
        at += 1
        other += 1
    return True


def _follow_link(table: Table, query: Query, links: int) -> bool:
    """Writes what leads on from the name, and goes on there; False where that is not in this zone."""
    query.met[links * terms.LINK] = query.owner_at
    query.met[links * terms.LINK + 1] = query.owner_length
    query.met[links * terms.LINK + 2] = query.node
    if query.found == found.REDIRECTED:
        if not _write_dname(table, query, links) or not _write_synthesized(table, query):
            return False
        return query.qtype != wire.CNAME and _find_target(table, query)
    return _follow_alias(table, query)


def _follow_alias(table: Table, query: Query) -> bool:
    node = query.node
    begin = query.at
    if not sections.write_set(table, table.names[node + layout.NODE_SET], query):
        return False
    # The record has its target in full: answers for the target point there.
    query.owner_at = begin + wire.RECORD
    query.owner_length = query.at - query.owner_at
    target = table.names[node + layout.NODE_TARGET]
    if target == 0:
        return False
    flags = table.names[node + layout.NODE_FLAGS]
    query.node = target
    query.found = found.EXACT
    if flags & layout.FLAG_TARGET_CUT:
        query.found = found.CUT
    elif flags & layout.FLAG_TARGET_MISSING:
        query.found = found.MISSING
    elif flags & layout.FLAG_TARGET_REDIRECTED:
        query.found = found.REDIRECTED
    return True


def _write_dname(table: Table, query: Query, links: int) -> bool:
    """Its owner is the end of the name that it redirects. A second name that comes by needs no second record."""
    while links > 0:
        links -= 1
        if query.met[links * terms.LINK + 2] == query.node:
            return True
    begin = query.at
    if not sections.write_set(table, table.names[query.node + layout.NODE_SET], query):
        return False
    owner = query.owner_at + query.owner_length - table.names[query.node + layout.NODE_LENGTH]
    query.reply[begin] = 0xC0 | owner >> 8
    query.reply[begin + 1] = owner & 0xFF
    return True


def _write_synthesized(table: Table, query: Query) -> bool:
    """The CNAME that it comes to (RFC 6672 §3.1): the labels before the DNAME's owner, then the DNAME's target."""
    set_ = table.names[query.node + layout.NODE_SET]
    record = table.names[set_ + layout.SET_OCTET]
    kept = query.owner_length - table.names[query.node + layout.NODE_LENGTH]
    given = table.names[set_ + layout.SET_LENGTH] - wire.RECORD
    if kept + given > wire.MAX_NAME:
        query.rcode = rcode.YXDOMAIN
        return False
    at = query.at
    query.at += wire.RECORD + kept + given
    if query.at > query.limit:
        return False
    octets.put_words(query.reply, at, 0xC000 | query.owner_at, wire.CNAME, wire.IN, 0, 0)
    octets.copy(table.names_octets, record + 6, query.reply, at + 6, 4)  # the DNAME's TTL
    query.reply[at + 10] = 0
    query.reply[at + 11] = kept + given
    octets.copy(query.reply, query.owner_at, query.reply, at + wire.RECORD, kept)
    octets.copy(table.names_octets, record + wire.RECORD, query.reply, at + wire.RECORD + kept, given)
    query.answers += 1
    query.owner_at = at + wire.RECORD
    query.owner_length = kept + given
    return True


def _find_target(table: Table, query: Query) -> bool:
    """Looks the new name up as if it had been asked for; False where another zone has it, or none of ours."""
    zone = query.zone
    node = query.node
    size = query.owner_length
    octets.copy(query.reply, query.owner_at, query.folded, wire.HEADER, size)
    octets.lower(query.folded, wire.HEADER, wire.HEADER + size, query.folded)
    query.hash = find.hash_of(query, wire.HEADER, size)
    how = find.find(table, query)
    if how == found.OUTSIDE or query.zone != zone:
        query.zone = zone
        query.node = node
        return False
    query.found = how
    return True
