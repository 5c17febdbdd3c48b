"""A database of the size and shape of GeoLite2-City, of which every network is made up: the same one each time.

About 3.5 million IPv4 and 1.5 million IPv6 networks in 100,000 places. As in the real one, what lies side by side is
mostly in one country, most networks are /24 or longer, and IPv6 fills a few registries' blocks.

    python -m bench.city FILE
"""

import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from random import Random

from bench.mmdb_writer import Records, Shared, Tree, database
from geodns.geo.centroids import Country, countries

PLACES = 100_000
V4_UNUSED = (0, 10, 127)  # first octets; and all from 224 on
V4_LENGTHS = {16: 14, 18: 20, 19: 20, 20: 24, 21: 22, 22: 24, 23: 20, 24: 44, 25: 4, 27: 3, 29: 1, 32: 3}
V4_BLOCKS = {12: 1, 14: 2, 16: 6, 18: 8, 20: 8}  # what one country's networks fill
V6_REGISTRIES = ("2001:200", "2001:600", "2400", "2600", "2800", "2a00", "2c00")
V6_WIDE = {"2001:200": 24, "2001:600": 24, "2400": 12, "2600": 12, "2800": 12, "2a00": 12, "2c00": 12}  # prefix lengths
V6_PROVIDERS = {"2001:200": 200, "2001:600": 200, "2400": 4000, "2600": 5000, "2800": 3000, "2a00": 12000, "2c00": 1500}
V6_LENGTHS = {36: 4, 40: 16, 44: 20, 46: 10, 48: 50, 56: 2, 64: 1}
V6_NETWORKS = {1: 24, 4: 24, 16: 24, 60: 17, 300: 8, 1200: 3}  # of one provider

_CLUSTER = 24  # places of one block or provider


class _Dice:
    """Weighted throws from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._sums: dict[int, tuple[list[int], list[int]]] = {}

    def of(self, weights: dict[int, int]) -> int:
        known = self._sums.get(id(weights))
        if known is None:
            known = self._sums[id(weights)] = (list(weights), list(accumulate(weights.values())))
        return self.random.choices(known[0], cum_weights=known[1])[0]


class _World:
    """Places as records, grouped by country; big countries have many and are met often."""

    def __init__(self, dice: _Dice, records: Records) -> None:
        known = sorted(countries().values(), key=lambda country: country.code)
        dice.random.shuffle(known)
        shares = [1 / (rank + 3) for rank in range(len(known))]
        continents = {each.continent: records.share({"code": each.continent}) for each in known}
        self.of_country: list[list[int]] = []
        for country, share in zip(known, shares, strict=True):
            count = max(1, round(PLACES * share / sum(shares)))
            named = records.share({"iso_code": country.code, "names": _names(country.name)})
            cities = [_city(dice.random, country, number, continents, named) for number in range(count)]
            self.of_country.append([records.add(city) for city in cities])
        self._dice, self._sums = dice, list(accumulate(shares))

    def cluster(self) -> list[int]:
        """A country's places that lie together, and now and then one of another country."""
        places = self._dice.random.choices(self.of_country, cum_weights=self._sums)[0]
        first = self._dice.random.randrange(len(places))
        return places[first : first + _CLUSTER]


def _city(
    random: Random, country: Country, number: int, continents: dict[str, Shared], named: Shared
) -> dict[str, object]:
    where = country.location
    return {
        "city": {"geoname_id": random.getrandbits(22), "names": _names(f"{country.name} {number}")},
        "continent": continents[country.continent],
        "country": named,
        "location": {
            "accuracy_radius": 20,
            "latitude": round(max(-89.0, min(89.0, where.lat + random.gauss(0, 3))), 4),
            "longitude": round(max(-179.0, min(179.0, where.lon + random.gauss(0, 4))), 4),
            "time_zone": "Etc/UTC",
        },
        "postal": {"code": str(number)},
        "registered_country": named,
        "subdivisions": [{"iso_code": f"{number % 40}", "names": _names(f"Region {number % 40}")}],
    }


def _names(name: str) -> dict[str, str]:
    return dict.fromkeys(("de", "en", "fr", "ja"), name)


def _fill(dice: _Dice, world: _World, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Networks of one cluster, side by side: address, length, record."""
    places = world.cluster()
    while start < end:
        length = dice.of(V4_LENGTHS)
        while start % (1 << (32 - min(length, 24))) or start + (1 << (32 - length)) > end:
            length += 1
        # Of a /24 that is divided, the rest is as few networks as can be.
        for each in (length, *range(length, 24, -1)):
            near = dice.random.random() < 0.98
            yield start, each, dice.random.choice(places if near else world.cluster())
            start += 1 << (32 - each)


def _v4(dice: _Dice, world: _World) -> Iterator[tuple[int, int, int]]:
    start = 1 << 24
    while start < 224 << 24:
        if start >> 24 in V4_UNUSED:
            start += 1 << 24
            continue
        size = 1 << (32 - dice.of(V4_BLOCKS))
        while start % size:
            size >>= 1
        yield from _fill(dice, world, start, start + size)
        start += size


def _v6(dice: _Dice, world: _World) -> Iterator[tuple[int, int, int]]:
    for registry in V6_REGISTRIES:
        groups = registry.split(":")
        first = sum(int(group, 16) << (112 - 16 * at) for at, group in enumerate(groups))
        count, room = V6_PROVIDERS[registry], 1 << (32 - V6_WIDE[registry])
        for number in sorted(dice.random.sample(range(room), min(count, room))):
            start = first + (number << 96)
            places = world.cluster()
            yield from _provider(dice, start, dice.of(V6_NETWORKS), places)


def _provider(dice: _Dice, start: int, networks: int, places: list[int]) -> Iterator[tuple[int, int, int]]:
    """A /32: its first networks, and the rest in as few as can be."""
    end = start + (1 << 96)
    for _ in range(networks if networks > 1 else 0):
        length = dice.of(V6_LENGTHS)
        while start % (1 << (128 - min(length, 48))) or start + (1 << (128 - length)) > end:
            length += 1
        # Of a /48 that is divided, the rest is as few networks as can be.
        for each in (length, *range(length, 48, -1)):
            yield start, each, dice.random.choice(places)
            start += 1 << (128 - each)
        if start == end:
            return
    while start < end:
        size = min(start & -start, 1 << 96)
        yield start, 129 - size.bit_length(), places[0]
        start += size


def make() -> bytes:
    dice, records, tree = _Dice(1), Records(), Tree()
    world = _World(dice, records)
    v4 = v6 = 0
    for address, length, record in _v4(dice, world):
        tree.add(address, 96 + length, record)
        v4 += 1
    tree.alias_v4(0xFFFF << 32, 96)
    aliased = False
    for address, length, record in _v6(dice, world):
        if not aliased and address >> 112 > 0x2002:
            tree.alias_v4(0x2002 << 112, 16)
            aliased = True
        tree.add(address, length, record)
        v6 += 1
    print(f"{v4:,} IPv4 and {v6:,} IPv6 networks, {len(records.octets):,} octets of records", file=sys.stderr)
    return database(tree, records, kind="GeoLite2-City", built=1_700_000_000)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(make())
