"""Name → node: the name itself, or its closest encloser and what that says of names below it. RFC 1034 §4.3.2."""

from geodns.answer.query import Query
from geodns.table import layout, namehash
from geodns.table.image import Table

OUTSIDE = 0  # in none of our zones
EXACT = 1
WILDCARD = 2  # covered by *.encloser: RFC 4592
MISSING = 3  # in a zone of ours, but not there
CUT = 4  # at or below a delegation


def find(table: Table, packet: memoryview, query: Query) -> int:
    """Sets node (the closest encloser where the name is missing) and zone; returns how it was found.

    Suffixes are tried from the longest; names deeper than any of ours need no more probes than ours do.
    """
    names = table.names
    label = 0
    if query.labels > names[layout.NAMES_MAX_LABELS]:
        label = query.labels - names[layout.NAMES_MAX_LABELS]
    while label <= query.labels:
        node = look_up(table, packet, query.offsets[label], query.end - 4, query.hashes[label])
        if node != 0:
            query.node = node
            query.zone = names[node + layout.NODE_ZONE]
            return _judge(names, query, label)
        label += 1
    query.zone = 0
    return OUTSIDE


def _judge(names: memoryview, query: Query, label: int) -> int:
    flags = names[query.node + layout.NODE_FLAGS]
    if flags & layout.FLAG_CUT:
        return CUT
    if label == 0:
        return EXACT
    wildcard = names[query.node + layout.NODE_WILDCARD]
    if wildcard != 0:
        query.node = wildcard
        return WILDCARD
    return MISSING


def look_up(table: Table, packet: memoryview, start: int, end: int, hash_: int) -> int:
    """The node of the name in packet[start:end], 0 where there is none."""
    names = table.names
    mask = names[layout.NAMES_MASK]
    slots = names[layout.NAMES_SLOTS]
    slot = hash_ & mask
    while True:
        node = names[slots + slot * 2 + 1]
        if node == 0:
            return 0
        if names[slots + slot * 2] == hash_ and _is_named(table, node, packet, start, end):
            return node
        slot = (slot + 1) & mask


def _is_named(table: Table, node: int, packet: memoryview, start: int, end: int) -> bool:
    if table.names[node + layout.NODE_LENGTH] != end - start:
        return False
    octets = table.names_octets
    ahead = table.names[node + layout.NODE_OCTET] - start
    for index in range(start, end):  # noqa: SIM110  a generator would allocate, and not compile to a plain loop
        if namehash.FOLD[packet[index]] != octets[ahead + index]:
            return False
    return True
