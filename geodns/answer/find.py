"""Name → node: the name itself, or its closest encloser and what that says of names below it. RFC 1034 §4.3.2."""

from geodns.answer import found, octets
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table


def find(table: Table, query: Query) -> int:
    """Sets node (the closest encloser where the name is missing) and zone; returns how it was found.

    Suffixes are tried from the longest; names deeper than any of ours need no more probes than ours do.
    """
    label = 0
    if query.labels > table.names[layout.NAMES_MAX_LABELS]:
        label = query.labels - table.names[layout.NAMES_MAX_LABELS]
    while label <= query.labels:
        node = look_up(table, query, query.offsets[label], query.hashes[label])
        if node != 0:
            query.node = node
            query.zone = table.names[node + layout.NODE_ZONE]
            return _judge(table, query, label)
        label += 1
    query.zone = 0
    return found.OUTSIDE


def _judge(table: Table, query: Query, label: int) -> int:
    flags = table.names[query.node + layout.NODE_FLAGS]
    if flags & layout.FLAG_CUT:
        return found.CUT
    if label == 0:
        return found.EXACT
    wildcard = table.names[query.node + layout.NODE_WILDCARD]
    if wildcard != 0:
        query.node = wildcard
        return found.WILDCARD
    return found.MISSING


def look_up(table: Table, query: Query, start: int, hash_: int) -> int:
    """The node of the suffix that begins at `start` in the packet, 0 where there is none."""
    mask = table.names[layout.NAMES_MASK]
    slots = table.names[layout.NAMES_SLOTS]
    slot = hash_ & mask
    while True:
        node = table.names[slots + slot * 2 + 1]
        if node == 0:
            return 0
        if table.names[slots + slot * 2] == hash_ and _is_named(table, node, query, start):
            return node
        slot = (slot + 1) & mask


def _is_named(table: Table, node: int, query: Query, start: int) -> bool:
    size = query.end - 4 - start
    if table.names[node + layout.NODE_LENGTH] != size:
        return False
    return octets.same(query.folded, start, table.names_octets, table.names[node + layout.NODE_OCTET], size)
