"""450 clients. Most lie where answers change: beside the borders of countries and of own networks."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from random import Random

from geodns.geo.embedded import embedded
from geodns.geo.runs import Runs
from geodns.model.place import Address, Network

COUNT = 450

OWN = (
    "53.77.0.0/16",
    "53.77.128.0/24",
    "53.77.128.64/28",
    "10.20.0.0/16",
    "10.20.30.0/24",
    "10.20.30.64/28",
    "2003:77::/32",
    "2003:77:8000::/48",
    "2003:77:8000:4000::/56",
    "fd20:77::/32",
    "fd20:77:8000::/48",
    "fd20:77:8000:4000::/56",
    "185.64.0.0/12",
)
# Private and unroutable; in IPv6, and carrying an IPv4 address in it.
SPECIAL = (
    *(
        "10.0.0.1",
        "10.21.0.1",
        "10.200.3.4",
        "172.16.5.4",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.9.9",
    ),
    *("198.18.0.1", "127.8.8.8", "fe80::1", "fc00::1", "fd99:1::1", "::ffff:53.77.128.70", "64:ff9b::8.8.8.8"),
    *("2002:354d:8046::1", "2002:808:808::1", "2001:0:808:808::caff:7fbb"),
)


def clients() -> tuple[Address, ...]:
    """The same ones each time, all different."""
    dice, atlas = Random(7871), embedded()
    found: dict[Address, None] = dict.fromkeys(map(ip_address, SPECIAL))
    found |= dict.fromkeys(each for network in OWN for each in _around(ip_network(network)))
    found |= dict.fromkeys(map(IPv4Address, _across_borders(atlas.v4, 80, dice)))
    found |= dict.fromkeys(map(IPv6Address, _across_borders(atlas.v6, 55, dice)))
    while len(found) < COUNT:
        found[_anywhere(dice)] = None
    return tuple(found)


def _around(network: Network) -> Iterator[Address]:
    """The first and the last address, and those just outside."""
    yield from (network[0], network[-1], network[0] - 1, network[-1] + 1)


def _across_borders(places: Runs, borders: int, dice: Random) -> Iterator[int]:
    """The last address of one country, and the first of the one that begins there."""
    for start in dice.sample(places.starts[1:], borders):
        yield from (start - 1, start)


def _anywhere(dice: Random) -> Address:
    if dice.random() < 0.6:
        return IPv4Address(dice.randrange(1 << 24, 224 << 24))
    return IPv6Address(dice.randrange(0x2400 << 112, 0x2C10 << 112))
