"""Name → node: the name itself, or its closest encloser and what that says of names below it. RFC 1034 §4.3.2."""

from geodns.answer import found, octets, wire
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table


def find(table: Table, query: Query) -> int:
    """Sets node (the closest encloser where the name is missing) and zone; returns how it was found.

    Suffixes are tried from the longest; those longer than any of our names need not be, whatever a flood asks for.
    """
    start = wire.HEADER
    size = query.owner_length
    hash_ = query.hash
    while size > 0:
        if size <= table.names[layout.NAMES_LONGEST]:
            if start != wire.HEADER:
                hash_ = hash_of(query, start, size)
            query.node = look_up(table, query, hash_, start, size)
            if query.node != 0:
                query.zone = table.names[query.node + layout.NODE_ZONE]
                return _judge(table, query, size)
        size -= 1 + query.folded[start]
        start += 1 + query.folded[start]
    query.zone = 0
    return found.OUTSIDE


def _judge(table: Table, query: Query, size: int) -> int:
    if table.names[query.node + layout.NODE_FLAGS] & layout.FLAG_CUT:
        return found.CUT
    if size == query.owner_length:
        return found.EXACT
    wildcard = table.names[query.node + layout.NODE_WILDCARD]
    if wildcard != 0:
        query.node = wildcard
        return found.WILDCARD
    return found.MISSING


def look_up(table: Table, query: Query, hash_: int, start: int, size: int) -> int:
    """The node of the suffix that begins at `start` in the packet, 0 where there is none."""
    mask = table.names[layout.NAMES_MASK]
    slots = table.names[layout.NAMES_SLOTS]
    slot = hash_ & mask
    while True:
        node = table.names[slots + slot * 2 + 1]
        if node == 0 or (table.names[slots + slot * 2] == hash_ and _is_named(table, node, query, start, size)):
            return node
        slot = (slot + 1) & mask


def hash_of(query: Query, start: int, size: int) -> int:
    """As table.index has it for the names that can be found."""
    return octets.checksum(query.folded, start, size) * layout.HASH_SPREAD >> 16 & layout.HASH_MASK


def _is_named(table: Table, node: int, query: Query, start: int, size: int) -> bool:
    if table.names[node + layout.NODE_LENGTH] != size:
        return False
    return octets.same(query.folded, start, table.names_octets, table.names[node + layout.NODE_OCTET], size)
