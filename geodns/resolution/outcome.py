"""What came of asking for a name's addresses of one family."""

from dataclasses import dataclass

from geodns.model.place import Address

MOST_ADDRESSES = 64  # of a name that are served, in their order: more than this was hardly meant


@dataclass(frozen=True, slots=True)
class Found:
    """`ttl` in seconds, as a resolver has it: what is left of it."""

    addresses: tuple[Address, ...]
    ttl: int


@dataclass(frozen=True, slots=True)
class Denied:
    """There is none, and whoever said so must know. `why`: NXDOMAIN or NODATA. `ttl`: how long that holds."""

    why: str
    ttl: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Nobody answered, or not in earnest: SERVFAIL, REFUSED, a timeout."""

    why: str


Outcome = Found | Denied | Failed


def in_order(found: Found) -> tuple[Address, ...]:
    """Each once, and always alike: resolvers turn them, and a turn is no change."""
    return tuple(sorted(set(found.addresses), key=lambda address: address.packed))[:MOST_ADDRESSES]
