"""The client subnet option: read with its address, and sent back as it came with the scope. RFC 7871."""

from geodns.answer import octets, option, wire
from geodns.answer.query import Query

_longest = memoryview(bytes((0, 32, 128)))  # prefix of each address family (IANA numbers); 0 as dig sends it


def read_subnet(packet: memoryview, at: int, size: int, query: Query) -> bool:
    """False where it is malformed. §7.1.2: the address is as long as the prefix needs, with no bit set past it; the
    scope is 0."""
    if query.ecs_at != 0 or size < 4 or packet[at + 3] != 0 or packet[at] != 0:
        return False
    family = packet[at + 1]
    source = packet[at + 2]
    filled = (source + 7) >> 3
    if family > 2 or source > _longest[family] or size != 4 + filled:
        return False
    if source & 7 and packet[at + 3 + filled] & (0xFF >> (source & 7)):
        return False
    query.ecs_at = at
    query.ecs_length = size
    query.ecs_family = family
    query.ecs_source = source
    query.opt_size += option.room_of(size)
    octets.copy(packet, at + 4, query.ecs_address, 0, filled)
    while query.ecs_filled > filled:
        query.ecs_filled -= 1
        query.ecs_address[query.ecs_filled] = 0
    query.ecs_filled = filled
    return True


def write_subnet(query: Query) -> None:
    """§7.2.1: family, source and address are the query's."""
    option.begin(query, wire.CLIENT_SUBNET, query.ecs_length)
    octets.copy(query.packet, query.ecs_at, query.reply, query.at, query.ecs_length)
    query.reply[query.at + 3] = query.scope
    query.at += query.ecs_length
