"""What every server is told, so that all of them have the same to answer: zones, regions, weights, hosts.

Each peer's configuration is written from these values, and so is what its answers are judged by. There are two kinds of
zone, since PowerDNS keeps what is steered and what is static in different backends: `geo.example` with a name that goes
by the client's network and one that goes by weights, and static zones of hosts with one address each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from random import Random

GEO_ZONE = "geo.example"
GEO_NAME = f"www.{GEO_ZONE}"
WEIGHTED_NAME = f"weighted.{GEO_ZONE}"
NAME_SERVER = IPv4Address("192.0.2.53")

REGIONS = {
    "eu": IPv4Address("192.0.2.1"),
    "us": IPv4Address("192.0.2.2"),
    "ap": IPv4Address("192.0.2.3"),
    "sa": IPv4Address("192.0.2.4"),
}
DEFAULT_REGION = "eu"
WEIGHTS = {
    IPv4Address("192.0.2.10"): 10,
    IPv4Address("192.0.2.11"): 20,
    IPv4Address("192.0.2.12"): 30,
    IPv4Address("192.0.2.13"): 40,
}

# First octets that hold special-purpose blocks (RFC 6890) or are no unicast: no client comes from there.
_SPECIAL = frozenset({0, 10, 100, 127, 169, 172, 192, 198, 203, *range(224, 256)})
_FIRST_HOST = int(IPv4Address("10.0.0.0"))


@dataclass(frozen=True, slots=True, order=True)
class Network:
    """An IPv4 prefix; `first` is its first address as a number."""

    first: int
    length: int

    def __str__(self) -> str:
        return f"{IPv4Address(self.first)}/{self.length}"

    def __contains__(self, address: int) -> bool:
        return (address ^ self.first) >> (32 - self.length) == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    regions: tuple[tuple[Network, str], ...]  # disjoint, ascending
    static_zones: tuple[str, ...]
    hosts: int  # in each static zone: host0, host1, ...


def facts(*, hosts: int = 10_000, zones: int = 1) -> Facts:
    names = ("static.example",) if zones == 1 else tuple(f"static{number}.example" for number in range(zones))
    return Facts(regions=tuple(_regions(Random(3))), static_zones=names, hosts=hosts)


def host_address(number: int) -> IPv4Address:
    return IPv4Address(_FIRST_HOST + number)


def master_file(zone: str, hosts: int) -> str:
    """RFC 1035; every server but PowerDNS' geoip backend reads it as it stands."""
    lines = (
        f"$ORIGIN {zone}.",
        "$TTL 300",
        "@ SOA ns1 hostmaster 1 3600 900 1209600 60",
        "@ NS ns1",
        "@ NS ns2",
        f"ns1 A {NAME_SERVER}",
        f"ns2 A {NAME_SERVER}",
        *(f"host{number} A {host_address(number)}" for number in range(hosts)),
    )
    return "\n".join(lines) + "\n"


def _regions(dice: Random) -> Iterator[tuple[Network, str]]:
    """All unicast space in prefixes of /12 to /20, a region drawn for each."""
    for octet in range(256):
        if octet not in _SPECIAL:
            for prefix in _split(Network(octet << 24, 8), dice):
                yield prefix, dice.choice(list(REGIONS))


def _split(network: Network, dice: Random) -> Iterator[Network]:
    if network.length >= 12 and (network.length == 20 or dice.random() < 0.75):
        yield network
        return
    length = network.length + 1
    yield from _split(Network(network.first, length), dice)
    yield from _split(Network(network.first | 1 << (32 - length), length), dice)
