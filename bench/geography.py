"""What geography costs with a database of City's size: reading it, drawing a territory of each kind, looking up.

    python -m bench.geography [FOLDER]     the database is made there on first use, in a minute; by default build/

CPU time, not wall time, since machines are shared. The whole should take 10 s at most where geodns is compiled.
"""

import argparse
import resource
from array import array
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from random import Random

from bench.answer import HERE, pool, timed
from bench.city import make
from geodns.geo import mmdb, sweep
from geodns.geo.atlas import Atlas
from geodns.geo.embedded import embedded
from geodns.model.place import Network
from geodns.model.policy import InContinent, InCountry, InNetwork, Nearest, Ordered, Policy, Rule
from geodns.model.pool import PoolName
from geodns.table import layout
from geodns.table.lands import Land, draw_land
from geodns.table.territories import stretches

LOOK_UPS = 20_000

POOLS = (
    pool("eu", 1, 50.11, 8.68),
    pool("us", 2, 39.04, -77.49),
    pool("ap", 3, 35.68, 139.69),
    pool("sa", 4, -23.55, -46.63),
    pool("af", 5, -26.2, 28.04),
)
EVERY = tuple(each.name for each in POOLS)
BY_NAME = {each.name: each for each in POOLS}


def to(*pools: str) -> Ordered:
    return Ordered(tuple(map(PoolName, pools)))


def own_networks(count: int, dice: Random) -> frozenset[Network]:
    """Half of them IPv4, of /16 to /28, and half IPv6, of /32 to /48."""
    v4 = (ip_network((dice.getrandbits(32), dice.randint(16, 28)), strict=False) for _ in range(count // 2))
    v6 = (
        ip_network(((0x2A00 << 112 | dice.getrandbits(108)).to_bytes(16, "big"), dice.randint(32, 48)), strict=False)
        for _ in range(count // 2)
    )
    return frozenset((*v4, *v6))


def policies() -> dict[str, Policy]:
    continents = [
        Rule(conditions=(InContinent(frozenset(codes)),), pools=to(*pools), source=HERE)
        for codes, *pools in ((("EU",), "eu", "us"), (("AS", "OC"), "ap", "us"), (("SA",), "sa", "us"))
    ]
    country = Rule(conditions=(InCountry(frozenset(("DE", "AT", "CH"))),), pools=to("eu"), fence=True, source=HERE)
    network = Rule(conditions=(InNetwork(own_networks(1000, Random(3))),), pools=to("af"), source=HERE)
    rest = Rule(pools=to("us", "eu"), source=HERE)
    rules = {
        "countries and continents": (country, *continents, rest),
        "nearest of 5 pools": (Rule(pools=Nearest(EVERY), source=HERE),),
        "1,000 networks, then countries": (network, country, *continents, rest),
    }
    return {name: Policy(name=name, rules=each, ttl=30, source=HERE) for name, each in rules.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build"), metavar="FOLDER")
    folder: Path = parser.parse_args().folder
    path = folder / "city.mmdb"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())
    print("compiled" if not (sweep.__file__ or "").endswith(".py") else "interpreted")
    whole = 0.0
    whole += measured("City: read", lambda: mmdb.read([path]), territories)
    print(f"{'City: all of it':<58}{whole:>8.2f} s")
    measured("embedded: read", embedded, territories)
    print(f"{'most memory':<58}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:>8.0f} MB")


def measured(name: str, read: Callable[[], Atlas], go_on: Callable[[Atlas], float]) -> float:
    """Seconds in all."""
    reading, atlas = timed(read)
    print(f"{name:<58}{reading:>8.2f} s {len(atlas.v4.values):>11,} + {len(atlas.v6.values):,} runs")
    return reading + go_on(atlas)


def territories(atlas: Atlas) -> float:
    whole = 0.0
    for name, policy in policies().items():
        seconds, land = timed(lambda: draw_land(policy, BY_NAME, atlas))  # noqa: B023  # asked at once
        whole += seconds
        print(f"    {name:<54}{seconds:>8.2f} s {len(land.block):>11,} octets, {len(land.routes)} routes")
        for family, root, bits in (("IPv4", layout.TERRITORY_IPV4, 32), ("IPv6", layout.TERRITORY_IPV6, 128)):
            report_look_ups(atlas, land, family, root, bits)
    return whole


def report_look_ups(atlas: Atlas, land: Land, family: str, root: int, bits: int) -> None:
    words, dice = array("I", land.block), Random(1)
    starts = (atlas.v4 if bits == 32 else atlas.v6).starts
    anywhere = sum(nodes(words, root, bits, dice.getrandbits(bits)) for _ in range(LOOK_UPS)) / LOOK_UPS
    known = sum(nodes(words, root, bits, dice.choice(starts)) for _ in range(LOOK_UPS)) / LOOK_UPS
    leaves = sum(1 for _ in stretches(words, 0, root, bits))
    print(f"        {family}: {leaves:,} leaves; nodes a look-up reads: {anywhere:.2f} of any address, "
          f"{known:.2f} of the database's networks")  # fmt: skip


def nodes(words: "array[int]", root: int, bits: int, address: int) -> int:
    """How many nodes lie on the way to the address's leaf."""
    slot, passed = words[root], 0
    while slot & 0xFF > layout.SLOT_NODE:
        stride = (slot & 0xFF) - layout.SLOT_NODE
        bits -= stride
        slot = words[(slot >> 8) * layout.TERRITORY_NODE + (address >> bits & (1 << stride) - 1)]
        passed += 1
    return passed


if __name__ == "__main__":
    main()
