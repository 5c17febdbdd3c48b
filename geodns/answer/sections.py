"""Sets → the reply's sections: copied as they were prepared, then their pointers completed.

A prepared record names its owner by a pointer to the question, and the zone by a pointer that only the question's
length can tell.
"""

from geodns.answer import octets, wire
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table


def write_set(table: Table, set_: int, query: Query) -> bool:
    """Copies a static set and completes its pointers."""
    left = set_ + layout.SET_LENGTH
    if query.at + table.names[left] + query.opt_size > query.limit:
        left = _cut(table, set_, query)
    size = table.names[left + layout.CUT_LENGTH]
    if not append(table.names_octets, table.names[set_ + layout.SET_OCTET], size, query):
        return False
    begin = query.at - size
    answers = table.names[set_ + layout.SET_ANSWERS]
    if query.owner_at != wire.HEADER:
        point_at_owner(begin, answers, query)
    fixups = table.names[set_ + layout.SET_FIXUPS]
    if fixups != 0:
        _point_at_zone(table, fixups, begin, size, query)
    query.answers += answers
    query.authority += table.names[set_ + layout.SET_AUTHORITY]
    query.additional += table.names[left + layout.CUT_ADDITIONAL]
    return True


def _cut(table: Table, set_: int, query: Query) -> int:
    """Where the length is told of as much of the set as there is room for: RFC 2181 §9 has us leave out record sets
    that are additional rather than truncate. Glue is not among them (RFC 9471 §3.1)."""
    if table.names[set_ + layout.SET_ADDITIONAL] == 0 or table.names[set_ + layout.SET_CUTS] == 0:
        return set_ + layout.SET_LENGTH
    room = query.limit - query.opt_size - query.at
    cut = table.names[set_ + layout.SET_CUTS] + 1
    left = table.names[cut - 1]
    while left > 1 and table.names[cut + layout.CUT_LENGTH] > room:
        cut += layout.CUT_WORDS
        left -= 1
    return cut


def append(source: memoryview, octet: int, size: int, query: Query) -> bool:
    """False, and a message that will be truncated, where there is no room for the set."""
    if query.at + size > query.limit:
        query.at = query.limit + 1
        return False
    octets.copy(source, octet, query.reply, query.at, size)
    query.at += size
    return True


def point_at_owner(at: int, records: int, query: Query) -> None:
    """Answer records are stored with a pointer to the question; behind an alias they belong to its target."""
    while records > 0:
        query.reply[at] = 0xC0 | query.owner_at >> 8
        query.reply[at + 1] = query.owner_at & 0xFF
        at += 12 + (query.reply[at + 10] << 8 | query.reply[at + 11])
        records -= 1


def _point_at_zone(table: Table, fixups: int, begin: int, size: int, query: Query) -> None:
    """The zone's name ends the owner's name, wherever in the message that stands. `size`: octets there are to point."""
    target = query.owner_at + query.owner_length - table.names[query.zone + layout.ZONE_LENGTH]
    count = table.names[fixups]
    while count > 0:
        if table.names[fixups + count] < size:
            at = begin + table.names[fixups + count]
            query.reply[at] = 0xC0 | target >> 8
            query.reply[at + 1] = target & 0xFF
        count -= 1
