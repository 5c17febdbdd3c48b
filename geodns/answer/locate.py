"""Client → route, and the scope in which that route holds. RFC 7871 §7.2.1."""

from geodns.answer.query import Query
from geodns.table import layout


def locate(territories: memoryview, territory: int, by: int, query: Query) -> None:
    """Sets route, and scope: the depth of the leaf that the client subnet lies in; and whose address has decided.

    `by`: as PLAN_LOCATE has it. Source 0: the client asks not to be told apart, so the resolver's address decides, or
    none, and the scope is 0. So it is where the client subnet is not looked at.
    """
    query.scope = 0
    query.by_subnet = 0
    query.route = layout.ROUTE_RESOLVER
    if query.ecs_at != 0 and query.ecs_source != 0 and by != layout.LOCATE_RESOLVER:
        leaf = _leaf(territories, territory, query, query.ecs_address, 4 if query.ecs_family == 1 else 16)
        query.scope = leaf & 0xFF
        query.route = leaf >> 8
        query.by_subnet = query.route != layout.ROUTE_RESOLVER
    if query.route == layout.ROUTE_RESOLVER:
        # Clients are kept on their members by the resolver's address even where it says nothing of their place.
        query.route = _of_resolver(territories, territory, query)
        if by == layout.LOCATE_SUBNET:
            query.route = territories[territory + layout.TERRITORY_NOWHERE]


def _of_resolver(territories: memoryview, territory: int, query: Query) -> int:
    route = _leaf(territories, territory, query, query.client, query.client_length) >> 8
    if route == layout.ROUTE_RESOLVER:
        return territories[territory + layout.TERRITORY_NOWHERE]
    return route


def _leaf(territories: memoryview, territory: int, query: Query, address: memoryview, length: int) -> int:
    """route << 8 | depth; addresses that carry an IPv4 address in them are looked up as that one."""
    query.before = 0
    first = word(address, 0)
    if length == 4:
        return _search(territories, territory, layout.TERRITORY_IPV4, first << 32, 0)
    second = word(address, 4)
    fourth = word(address, 12)
    leaf = _search(territories, territory, layout.TERRITORY_IPV6, first << 32 | second, word(address, 8) << 32 | fourth)
    route = leaf >> 8
    if route == layout.ROUTE_6TO4:
        return _search_within(territories, territory, query, (first & 0xFFFF) << 16 | second >> 16, 16, leaf & 0xFF)
    if route == layout.ROUTE_LOW32:
        return _search_within(territories, territory, query, fourth, 96, leaf & 0xFF)
    if route == layout.ROUTE_TEREDO:
        inverted = (0xFFFF - (fourth >> 16)) << 16 | (0xFFFF - (fourth & 0xFFFF))
        return _search_within(territories, territory, query, inverted, 96, leaf & 0xFF)
    return leaf


def _search_within(territories: memoryview, territory: int, query: Query, address: int, before: int, depth: int) -> int:
    """An IPv4 address that has `before` bits of IPv6 in front of it: the scope counts them.

    Own networks may have cut the IPv6 leaf, of `depth`, finer than the IPv4 one: the longer scope lies in both.
    """
    query.before = before
    query.carried = address
    leaf = _search(territories, territory, layout.TERRITORY_IPV4, address << 32, 0) + before
    if leaf & 0xFF < depth:
        return leaf >> 8 << 8 | depth
    return leaf


def word(address: memoryview, at: int) -> int:
    upper = address[at] << 8 | address[at + 1]
    return upper << 16 | address[at + 2] << 8 | address[at + 3]


def _search(words: memoryview, territory: int, root: int, bits: int, below: int) -> int:
    """The leaf of an address: `bits` are its upper 64, of which IPv4 has 32; `below` are the rest."""
    slot = words[territory + root]
    left = 64  # of `bits`, those that no node has told apart yet
    while slot & 0xFF > layout.SLOT_NODE:
        if left == 0:
            bits = below
            left = 64
        stride = (slot & 0xFF) - layout.SLOT_NODE
        left -= stride
        slot = words[territory + (slot >> 8) * layout.TERRITORY_NODE + (bits >> left & (1 << stride) - 1)]
    return slot
