"""Name → node: the name itself, or its closest encloser and what that says of names below it. RFC 1034 §4.3.2."""

from geodns.answer import found, octets, wire
from geodns.answer.query import Query
from geodns.table import layout
from geodns.table.image import Table


def find(table: Table, query: Query) -> int:
    """Sets node (the closest encloser where the name is missing) and zone; returns how it was found."""
    size = query.owner_length
    query.node = look_up(table, query, query.hash, wire.HEADER, size)
    if query.node == 0:
        size = _find_encloser(table, query)
        if size == 0:
            query.zone = 0
            return found.OUTSIDE
    query.zone = table.names[query.node + layout.NODE_ZONE]
    return _judge(table, query, size)


def _find_encloser(table: Table, query: Query) -> int:
    """Sets node to that of the longest ancestor that is there, and returns its length; 0 where there is none.

    Between a zone's apex and its names no name is missing (empty non-terminals are there too), so what is left between
    an ancestor that is there and one that is not can be halved: a flood of names with a hundred labels finds its zone
    among the few numbers of labels that our zones' names have, and then takes seven look-ups and not a hundred.
    """
    missing = _note_labels(query)
    present = -1
    depths = table.names[layout.NAMES_DEPTHS]
    left = table.names[depths]
    while left > 0 and present < 0:
        depths += 1
        left -= 1
        depth = table.names[depths]
        if depth < missing:
            if _is_there(table, query, depth):
                present = depth
            else:
                missing = depth
    if present < 0:
        return 0
    while missing - present > 1:
        depth = (present + missing) >> 1
        if _is_there(table, query, depth):
            present = depth
        else:
            missing = depth
    return query.owner_length - query.starts[query.labels - present]


def _note_labels(query: Query) -> int:
    """Where each label begins, that of the root included; returns how many there are before that."""
    at = wire.HEADER
    labels = 0
    while query.folded[at] != 0:
        query.starts[labels] = at - wire.HEADER
        at += 1 + query.folded[at]
        labels += 1
    query.starts[labels] = at - wire.HEADER
    query.labels = labels
    return labels


def _is_there(table: Table, query: Query, depth: int) -> bool:
    """Whether the ancestor with `depth` labels is; sets node then."""
    before = query.starts[query.labels - depth]
    start = wire.HEADER + before
    size = query.owner_length - before
    node = look_up(table, query, hash_of(query, start, size), start, size)
    if node == 0:
        return False
    query.node = node
    return True


def _judge(table: Table, query: Query, size: int) -> int:
    flags = table.names[query.node + layout.NODE_FLAGS]
    if flags & layout.FLAG_CUT:
        return found.CUT
    if size == query.owner_length:
        return found.EXACT
    if flags & layout.FLAG_REDIRECT:
        return found.REDIRECTED
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
