"""A large configuration as values: pools by the thousand, and static names by the hundred thousand beside them.

Every ten pools and their policies make a zone. Each pool has two members of one IPv4 address; it answers for one name,
and the next pool of the zone stands in for it. In each zone one more name goes to the nearest of three pools.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address
from struct import pack

from geodns.model.check import Check, Probe
from geodns.model.name import Name, parse_name
from geodns.model.place import Location
from geodns.model.policy import Nearest, Ordered, Policy, Rule
from geodns.model.pool import Member, Pool, PoolName
from geodns.model.source import Source
from geodns.model.zone import RRset, Soa, Zone

HERE = Source("bench")
POOLS_A_ZONE = 10
MEMBERS = 2
_NETWORK = int(IPv4Address("127.1.0.0"))
_PLACES = ((50.11, 8.68), (39.04, -77.49), (35.68, 139.69))
_A, _NS = 1, 2


def zones(pools: int, names: int, probe: Probe, interval: float = 3600.0, fall: int = 1) -> tuple[Zone, ...]:
    count = max(1, pools // POOLS_A_ZONE)
    return tuple(_zone(number, names // count, probe, interval, fall) for number in range(count))


def _zone(number: int, names: int, probe: Probe, interval: float, fall: int) -> Zone:
    origin = parse_name(f"z{number}.example.com.")
    check = Check(
        zone=f"z{number}.example.com.",
        name="web",
        type="tcp",
        probe=probe,
        interval=interval,
        rise=1,
        fall=fall,
        source=HERE,
    )
    pools = [_pool(number, each, check) for each in range(POOLS_A_ZONE)]
    policies = list(_policies([pool.name for pool in pools]))
    return Zone(
        name=origin,
        soa=Soa(primary=parse_name("ns1", origin), contact=parse_name("hostmaster", origin), ttl=300),
        rrsets=(RRset(origin, _NS, 300, (parse_name("ns1", origin),)), *_static(origin, names)),
        steered={parse_name(f"www-{policy.name}", origin): policy.name for policy in policies},
        pools={pool.name: pool for pool in pools},
        policies={policy.name: policy for policy in policies},
        checks={check.name: check},
        source=HERE,
    )


def _pool(zone: int, number: int, check: Check) -> Pool:
    first = _NETWORK + (zone * POOLS_A_ZONE + number) * MEMBERS
    members = (Member(name=f"m{n}", addresses=(IPv4Address(first + n),), source=HERE) for n in range(MEMBERS))
    lat, lon = _PLACES[number % len(_PLACES)]
    return Pool(
        name=PoolName(f"p{number}"),
        members=tuple(members),
        check=check,
        location=Location(lat=lat, lon=lon),
        source=HERE,
    )


def _policies(pools: list[PoolName]) -> Iterator[Policy]:
    for number, name in enumerate(pools):
        route = Ordered((name, pools[(number + 1) % len(pools)]))
        yield Policy(name=name, rules=(Rule(pools=route, source=HERE),), select="round_robin", ttl=30, source=HERE)
    nearest = Rule(pools=Nearest(tuple(pools[: len(_PLACES)])), source=HERE)
    yield Policy(name="nearest", rules=(nearest,), select="round_robin", ttl=30, source=HERE)


def _static(origin: Name, count: int) -> Iterator[RRset]:
    for number in range(count):
        yield RRset(parse_name(f"host{number}", origin), _A, 300, (pack("!I", 0x0A000000 + number),))
