"""Client → key: a number that follows from the client's prefix alone, by which sticky distributions are drawn from.

The name that is asked for is not in it, nor the policy or the zone: names over one pool send a client to one member.
"""

from geodns.answer import locate
from geodns.answer.query import Query
from geodns.table import layout


def key_of(query: Query, prefixes: int) -> int:
    """Of the address that has decided on the route; 31 bits. `prefixes`: as DISTRIBUTION_PREFIXES has them.

    RFC 7871 §7.2.1: the scope must not be shorter than what the answer depended on, so it is lengthened where the
    client subnet has decided.
    """
    if query.by_subnet:
        bits = known_bits(query, 4 if query.ecs_family == 1 else 16, prefixes)
        if query.scope < bits:
            query.scope = bits
        return _hash_of(query, query.ecs_address, bits)
    return _hash_of(query, query.client, known_bits(query, query.client_length, prefixes))


def known_bits(query: Query, length: int, prefixes: int) -> int:
    """The leading bits by which an address of `length` octets is known; what is before an IPv4 address in it counts."""
    if query.before != 0:
        return query.before + (prefixes >> 8)
    if length == 4:
        return prefixes >> 8
    return prefixes & 0xFF


def _hash_of(query: Query, address: memoryview, bits: int) -> int:
    """A client that comes as IPv4, and by 6to4 or NAT64, is the same one."""
    if query.before != 0:
        return _mix(0, _leading(query.carried, bits - query.before))
    mixed = 0
    at = 0
    while bits > 0:
        mixed = _mix(mixed, _leading(locate.word(address, at), bits))
        bits -= 32
        at += 4
    return mixed


def _leading(word: int, bits: int) -> int:
    """The word with its first `bits` bits, and zeros after them."""
    if bits >= 32:
        return word
    return word >> (32 - bits) << (32 - bits)


def _mix(mixed: int, word: int) -> int:
    """Two rounds, so that neighbours end up far apart in every bit."""
    mixed = (mixed + word) * layout.HASH_SPREAD >> 16 & layout.HASH_MASK
    return (mixed ^ mixed >> 13) * layout.HASH_SPREAD >> 16 & layout.HASH_MASK
