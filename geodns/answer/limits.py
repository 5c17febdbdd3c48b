"""What the operator says → a limiter, and the memory that those of all workers share."""

from collections.abc import Iterable
from ipaddress import IPv6Address, IPv6Network, collapse_addresses
from struct import pack

from geodns.answer import cells
from geodns.answer.limiter import Limiter
from geodns.model.place import Network
from geodns.model.rate_limit import RateLimit

SECRET = 16 * 8  # octets
_MAPPED = int(IPv6Address("::ffff:0:0"))  # RFC 4291 §2.5.5.2: where IPv4 addresses stand among those of IPv6


def limiter_for(limit: RateLimit, shared: memoryview) -> Limiter:
    """`shared`: as fresh_memory() has it, or a mapping of it."""
    return Limiter(
        shared.cast("B").cast("Q"),
        memoryview(_mask(limit.ipv6_prefix) + _mask(96 + limit.ipv4_prefix)).cast("I"),
        memoryview(_ranges(limit.exempt)).cast("I"),
        interval=_interval(limit.responses),
        total_interval=_interval(limit.total),
        slip=limit.slip,
        dry_run=limit.dry_run,
        buckets=accounts(limit.size) // cells.WAYS - 1,
        latest=(1 << 64 - cells.UNTIL) - 1,
    )


def unlimited() -> Limiter:
    """One that nobody asks."""
    none = memoryview(b"").cast("I")
    return Limiter(
        memoryview(bytearray()).cast("Q"),
        none,
        none,
        interval=0,
        total_interval=0,
        slip=0,
        dry_run=False,
        buckets=0,
        latest=0,
    )


def accounts(size: int) -> int:
    """The next power of two."""
    return max(cells.WAYS, 1 << (size - 1).bit_length())


def shared_size(limit: RateLimit) -> int:
    """Octets."""
    return 8 * (cells.ACCOUNTS + accounts(limit.size))


def beginning(limit: RateLimit, secret: bytes) -> bytes:
    """What stands at the begin of the shared memory; all else of it is zero. `secret`: SECRET octets at random."""
    words = memoryview(bytearray(secret)).cast("Q")
    words[cells.PREFIXES] = limit.dry_run << 16 | limit.ipv4_prefix << 8 | limit.ipv6_prefix
    return words.tobytes()


def fresh_memory(limit: RateLimit, secret: bytes) -> memoryview:
    """Memory that is shared with no other process."""
    memory = memoryview(bytearray(shared_size(limit)))
    memory[:SECRET] = beginning(limit, secret)
    return memory


def _interval(rate: int) -> int:
    return max(1, round(cells.ROOM / rate))


def _mask(bits: int) -> bytes:
    return _words((1 << bits) - 1 << (128 - bits))


def _words(address: int) -> bytes:
    """The most significant first, each as this machine has it."""
    octets = address.to_bytes(16, "big")
    return pack("4I", *(int.from_bytes(octets[at : at + 4], "big") for at in range(0, 16, 4)))


def _ranges(networks: Iterable[Network]) -> bytes:
    """Sorted, none within another."""
    merged = collapse_addresses(map(_as_ipv6, networks))
    return b"".join(_words(int(each.network_address)) + _words(int(each.broadcast_address)) for each in merged)


def _as_ipv6(network: Network) -> IPv6Network:
    if isinstance(network, IPv6Network):
        return network
    return IPv6Network((_MAPPED | int(network.network_address), 96 + network.prefixlen))
