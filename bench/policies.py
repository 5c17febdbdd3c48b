"""What a thousand policies cost over a database of City's size: drawing their territories, memory, and the maps' size.

    python -m bench.policies [FOLDER] [--count N]     the database is made there on first use, as by bench.geography

No two policies are the same. CPU time, not wall time, since machines are shared; memory is the most that the process
had, all maps and the part that joins them included.
"""

import argparse
import resource
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from random import Random

from bench.answer import HERE, ORIGIN, pool, timed
from bench.city import make
from bench.geography import own_networks
from geodns.geo import mmdb
from geodns.geo.atlas import Atlas
from geodns.model.place import Place
from geodns.model.policy import (
    Condition,
    InCity,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    Nearest,
    Ordered,
    Policy,
    Rule,
)
from geodns.model.pool import PoolName
from geodns.model.zone import Soa, Zone
from geodns.policy.anonymous import anonymous
from geodns.policy.match import city_names
from geodns.table import layout
from geodns.table.lands import Land, Lands, draw_lands, makings, territories_part
from geodns.table.territories import stretches

SITES = 24
KINDS = {"country": 30, "continent": 10, "region": 15, "city": 10, "nearest": 15, "networks": 15, "weighted": 5}
CONDITIONS: dict[str, Callable[[frozenset[str]], Condition]] = {
    "continent": InContinent,
    "country": InCountry,
    "region": InSubdivision,
    "city": InCity,
}
POOLS = {
    each.name: each
    for dice in (Random(1),)
    for each in (pool(f"site{n}", n, dice.uniform(-40, 60), dice.uniform(-180, 180)) for n in range(SITES))
}


class Maker:
    """Policies with rules of one kind each, and a few countries before the last rule."""

    def __init__(self, atlas: Atlas, dice: Random) -> None:
        self._dice = dice
        self._known: dict[str, list[str]] = {
            "continent": sorted({place.continent for place in atlas.places if place.continent}),
            "country": sorted({place.country for place in atlas.places if place.country}),
            "region": sorted({place.subdivision for place in atlas.places if place.subdivision}),
            "city": sorted({_city(place) for place in atlas.places if place.city}),
        }

    def policies(self, count: int) -> Iterator[tuple[str, Policy]]:
        sums = list(accumulate(KINDS.values()))
        for number in range(count):
            kind = self._dice.choices(list(KINDS), cum_weights=sums)[0]
            yield kind, Policy(name=f"{kind}{number}", rules=tuple(self._rules(kind, number)), ttl=30, source=HERE)

    def _rules(self, kind: str, number: int) -> Iterator[Rule]:
        if kind == "nearest":
            yield Rule(pools=Nearest(self._sites(self._dice.randint(3, 8))), source=HERE)
            return
        if kind == "networks":
            networks = own_networks(self._dice.randint(100, 1000), Random(number))
            yield Rule(conditions=(InNetwork(networks),), pools=self._order(), source=HERE)
        if kind in ("region", "city", "continent"):
            for _ in range(self._dice.randint(1, 4)):
                yield self._rule(kind, 2 if kind == "continent" else 30)
        if kind != "weighted":
            for _ in range(self._dice.randint(1, 4)):
                yield self._rule("country", 12)
        yield Rule(pools=self._order(), source=HERE)

    def _rule(self, kind: str, most: int) -> Rule:
        codes = frozenset(self._dice.choices(self._known[kind], k=self._dice.randint(1, most)))
        return Rule(conditions=(CONDITIONS[kind](codes),), pools=self._order(), source=HERE)

    def _order(self) -> Ordered:
        return Ordered(self._sites(2))

    def _sites(self, count: int) -> tuple[PoolName, ...]:
        return tuple(self._dice.sample(list(POOLS), count))


def _city(place: Place) -> str:
    return city_names(place)[0]


def zone(policies: dict[str, Policy]) -> Zone:
    return Zone(
        name=ORIGIN,
        soa=Soa(primary=ORIGIN, contact=ORIGIN, ttl=300),
        rrsets=(),
        pools=POOLS,
        policies=policies,
        source=HERE,
    )


def digest_of(policy: Policy, atlas: Atlas) -> str:
    """By which draw_lands asks for its land."""
    plain = anonymous(policy, POOLS)
    return makings(plain.policy, plain.pools, atlas)


class Ledger:
    """Of each kind: how many, the CPU time, leaves and octets. `kinds`: by the digests of the lands' makings."""

    def __init__(self, kinds: dict[str, str]) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.lands: defaultdict[str, list[Land]] = defaultdict(list)
        self._kinds = kinds

    def keep(self, digest: str, draw: Callable[[], Land]) -> Land:
        kind = self._kinds[digest]
        seconds, land = timed(draw)
        self.seconds[kind] += seconds
        self.lands[kind].append(land)
        return land

    def report(self) -> None:
        for kind, lands in self.lands.items():
            leaves = sum(leaves_of(land) for land in lands[:4]) / len(lands[:4])
            octets = sum(len(land.block) for land in lands)
            seconds = self.seconds[kind]
            print(f"{kind:<12}{len(lands):>5} {seconds:>8.1f} s; each {seconds / len(lands):>6.3f} s, "
                  f"{octets / len(lands):>11,.0f} octets, some {leaves:>9,.0f} leaves")  # fmt: skip


def leaves_of(land: Land) -> int:
    words = array("I", land.block)
    families = ((layout.TERRITORY_IPV4, 32), (layout.TERRITORY_IPV6, 128))
    return sum(1 for root, bits in families for _ in stretches(words, 0, root, bits))


def most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build"), metavar="FOLDER")
    parser.add_argument("--count", type=int, default=1000, metavar="N")
    args = parser.parse_args()
    path = args.folder / "city.mmdb"
    if not path.exists():
        args.folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())
    reading, atlas = timed(lambda: mmdb.read([path]))
    print(f"read: {reading:.1f} s, {len(atlas.v4.values):,} + {len(atlas.v6.values):,} runs, {most_memory():,.0f} MB")
    made = list(Maker(atlas, Random(2)).policies(args.count))
    ledger = Ledger({digest_of(policy, atlas): kind for kind, policy in made})
    drawing, lands = timed(lambda: draw_lands([zone({policy.name: policy for _, policy in made})], atlas, ledger.keep))
    ledger.report()
    print(f"drawn: {drawing:.1f} s in all, {most_memory():,.0f} MB")
    report_part(lands)


def report_part(lands: Lands) -> None:
    apart = sum(len(land.block) for land in lands.lands)
    joining, part = timed(lambda: territories_part(lands))
    print(f"{len(lands.lands):,} territories of {apart:,} octets; joined in {joining:.1f} s: {len(part):,} octets, "
          f"{len({land.block for land in lands.lands}):,} different blocks, {most_memory():,.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
