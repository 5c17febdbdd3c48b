"""Address blocks in which no database knows a client's place: private and unroutable ones, and IPv4 in IPv6's clothes.

From the IANA special-purpose address registries (RFC 6890), those that are not globally reachable. Below zero, so that
the values stand beside numbers of routes.
"""

from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Final

from geodns.geo.nest import nest
from geodns.geo.runs import Runs
from geodns.model.place import Network

ORDINARY: Final = 0
RESOLVER: Final = -1  # the address says nothing about its user: the resolver's address decides
FOLD_6TO4: Final = -2  # the IPv4 address is in bits 16–47 (RFC 3056)
FOLD_TEREDO: Final = -3  # the client's IPv4 address is in the last 32 bits, each inverted (RFC 4380)
FOLD_LOW32: Final = -4  # the IPv4 address is the last 32 bits (RFC 4291 §2.5.5.2, RFC 6052)

# The scope of a folded client is the depth of its IPv4 leaf, plus the bits before the IPv4 address: 16, 96 and 96.
FOLDS: Final = frozenset((FOLD_6TO4, FOLD_TEREDO, FOLD_LOW32))

_UNROUTABLE_V4 = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",  # carrier-grade NAT
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
)
_UNROUTABLE_V6 = (
    "::/128",
    "::1/128",
    "64:ff9b:1::/48",  # NAT64 inside one site (RFC 8215): its IPv4 addresses may be that site's own
    "100::/64",
    "100:0:0:1::/64",
    "2001:2::/48",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
)
_FOLDING = {
    "::ffff:0:0/96": FOLD_LOW32,
    "64:ff9b::/96": FOLD_LOW32,
    "2002::/16": FOLD_6TO4,
    "2001::/32": FOLD_TEREDO,
}


def _partition(kinds: Mapping[Network, int], bits: int) -> Runs:
    runs, memberships = nest(kinds, bits)
    # The blocks are disjoint, so there is at most one in a membership.
    return Runs(runs.starts, tuple(_only(kinds[block] for block in memberships[value]) for value in runs.values))


def _only(kinds: Iterable[int]) -> int:
    return next(iter(kinds), ORDINARY)


SPECIAL_V4 = _partition({ip_network(block): RESOLVER for block in _UNROUTABLE_V4}, 32)
SPECIAL_V6 = _partition(
    {ip_network(block): RESOLVER for block in _UNROUTABLE_V6}
    | {ip_network(block): kind for block, kind in _FOLDING.items()},
    128,
)
