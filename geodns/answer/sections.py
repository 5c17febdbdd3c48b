"""Sets → the reply's sections: copied as they were prepared, then their pointers completed.

A prepared record names its owner by a pointer to the question, and the zone by a pointer that only the question's
length can tell.
"""

from geodns.answer import question
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table

_ROOM = 65535  # octets a message can have


def write_set(table: Table, set_: int, reply: memoryview, query: Query) -> bool:
    """Copies a static set and completes its pointers."""
    names = table.names
    size = names[set_ + layout.SET_LENGTH]
    if not copy(table.names_octets, names[set_ + layout.SET_OCTET], size, reply, query):
        return False
    begin = query.at - size
    point_at_owner(reply, begin, names[set_ + layout.SET_ANSWERS], query)
    _point_at_zone(names, names[set_ + layout.SET_FIXUPS], reply, begin, query)
    query.answers += names[set_ + layout.SET_ANSWERS]
    query.authority += names[set_ + layout.SET_AUTHORITY]
    query.additional += names[set_ + layout.SET_ADDITIONAL]
    return True


def copy(octets: memoryview, octet: int, size: int, reply: memoryview, query: Query) -> bool:
    """False, and a message that will be truncated, where the set does not fit any message."""
    if query.at + size > _ROOM:
        query.at = _ROOM + 1
        return False
    reply[query.at : query.at + size] = octets[octet : octet + size]
    query.at += size
    return True


def point_at_owner(reply: memoryview, at: int, records: int, query: Query) -> None:
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
