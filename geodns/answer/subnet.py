"""The client subnet option: read with its address, and sent back as it came with the scope. RFC 7871."""

from geodns.answer import octets, wire
from geodns.answer.query import Query

_longest = memoryview(bytes((0, 32, 128)))  # prefix of each address family (IANA numbers); 0 as dig sends it


def read_subnet(at: int, size: int, query: Query) -> bool:
    """False where it is malformed. §7.1.2: the address is as long as the prefix needs, with no bit set past it; the
    scope is 0."""
    if query.ecs_at != 0 or size < 4 or query.packet[at + 3] != 0 or query.packet[at] != 0:
        return False
    family = query.packet[at + 1]
    source = query.packet[at + 2]
    filled = (source + 7) >> 3
    if family > 2 or source > _longest[family] or size != 4 + filled:
        return False
    if source & 7 and query.packet[at + 3 + filled] & (0xFF >> (source & 7)):
        return False
    query.ecs_at = at
    query.ecs_length = size
    query.ecs_family = family
    query.ecs_source = source
    query.opt_size += wire.OPTION_HEAD + size
    octets.copy(query.packet, at + 4, query.ecs_address, 0, filled)
    while query.ecs_filled > filled:
        query.ecs_filled -= 1
        query.ecs_address[query.ecs_filled] = 0
    query.ecs_filled = filled
    return True


def write_subnet(query: Query) -> None:
    """§7.2.1: family, source and address are the query's."""
    size = wire.OPTION_HEAD + query.ecs_length
    octets.copy(query.packet, query.ecs_at - wire.OPTION_HEAD, query.reply, query.at, size)
    query.reply[query.at + wire.OPTION_HEAD + 3] = query.scope
    query.at += size
