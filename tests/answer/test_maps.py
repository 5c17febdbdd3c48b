"""Random maps, and two million addresses looked up in their tables: each gets what the first rule that fits it says, in
a scope that could be neither shorter nor longer.

The model knows nothing of territories: it cuts the space wherever anything begins or ends, and asks of one address in
each piece which rule it falls under. Places, networks and rules come from a seed, so a map that fails can be had again.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import cos, radians, sin
from random import Random

import pytest

from geodns.geo.atlas import Atlas
from geodns.geo.runs import Runs
from geodns.geo.special import FOLD_6TO4, FOLD_LOW32, FOLD_TEREDO, RESOLVER, SPECIAL_V4, SPECIAL_V6
from geodns.interpreted import INTERPRETED
from geodns.model.place import NOWHERE, Location, Network, Place
from geodns.model.policy import (
    AnyOf,
    Condition,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    Nearest,
    NoneOf,
    Ordered,
    Policy,
    Route,
    Rule,
)
from geodns.model.pool import PoolName
from geodns.table.lands import draw_lands, territories_part
from geodns.table.layout import LOCATE_EITHER, TERRITORIES_TABLE
from tests import speeds
from tests.values import HERE, ORIGIN, member, policy, pool, zone

MAPS = 40
ADDRESSES = 50_000  # of each map

SITES = {"eu": (50.1, 8.7), "us": (39.0, -77.5), "ap": (35.7, 139.7), "nz": (-36.8, 174.8)}
POOLS = tuple(pool(name, member(name, "192.0.2.1"), at=at) for name, at in SITES.items())
PLACES = tuple(
    Place(continent=continent, country=country, subdivision=part, location=Location(lat=lat, lon=lon))
    for continent, country, part, lat, lon in (
        ("EU", "DE", "DE-BE", 52.5, 13.4),
        ("EU", "DE", "DE-BY", 48.1, 11.6),
        ("EU", "FR", "FR-IDF", 48.9, 2.4),
        ("NA", "US", "US-CA", 37.8, -122.4),
        ("NA", "US", "US-AK", 64.8, -147.7),
        ("AS", "JP", "JP-13", 35.7, 139.7),
        ("OC", "FJ", "FJ-C", -18.1, 178.4),
        ("OC", "WS", "WS-TU", -13.8, -171.8),
    )
)
BITS = {4: 32, 6: 128}
FOLDED = {FOLD_6TO4: 16, FOLD_LOW32: 96, FOLD_TEREDO: 96}  # bits before the IPv4 address
Value = object  # a route as the model names it; RESOLVER; or how an IPv4 address is inside


# ── what the model asks ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition: the field of a place, or `network`, and what it may be; or, of others, that none or any holds."""

    field: str
    values: frozenset[object] = frozenset()
    within: tuple["Asked", ...] = ()

    def fits(self, place: Place, networks: frozenset[Network]) -> bool:
        if self.field == "any":
            return any(each.fits(place, networks) for each in self.within)
        if self.field == "none":
            return not any(each.fits(place, networks) for each in self.within)
        if self.field == "network":
            return bool(self.values & networks)
        return getattr(place, self.field) in self.values

    def condition(self) -> Condition:
        """As geodns has it."""
        if self.field in ("any", "none"):
            inner = tuple(each.condition() for each in self.within)
            return AnyOf(inner) if self.field == "any" else NoneOf(inner)
        if self.field == "network":
            return InNetwork(frozenset(ip_network(str(each)) for each in self.values))
        codes = frozenset(map(str, self.values))
        if self.field == "continent":
            return InContinent(codes)
        return InCountry(codes) if self.field == "country" else InSubdivision(codes)


@dataclass(frozen=True, slots=True)
class Row:
    asked: tuple[Asked, ...]
    pools: tuple[str, ...]
    nearest: bool
    fence: bool

    def route(self, place: Place) -> Value:
        return self.fence, _nearest_first(self.pools, place) if self.nearest else self.pools

    def rule(self) -> Rule:
        names = tuple(map(PoolName, self.pools))
        conditions = tuple(each.condition() for each in self.asked)
        return Rule(
            conditions=conditions,
            pools=Nearest(names) if self.nearest else Ordered(names),
            fence=self.fence,
            source=HERE,
        )


def _nearest_first(pools: Sequence[str], place: Place) -> tuple[str, ...]:
    """By the angle between vectors from the middle of the earth: no formula of ours."""
    here = place.location
    if here is None:
        return tuple(pools)
    return tuple(sorted(pools, key=lambda name: -_cosine((here.lat, here.lon), SITES[name])))


def _cosine(one: tuple[float, float], other: tuple[float, float]) -> float:
    return sum(a * b for a, b in zip(_vector(*one), _vector(*other), strict=True))


def _vector(lat: float, lon: float) -> tuple[float, float, float]:
    return cos(radians(lat)) * cos(radians(lon)), cos(radians(lat)) * sin(radians(lon)), sin(radians(lat))


@dataclass(frozen=True, slots=True)
class Pieces:
    """One family: starts of stretches that are all alike, and what is there. No two neighbours are equal."""

    starts: Sequence[int]
    values: Sequence[Value]
    bits: int

    def at(self, address: int) -> Value:
        return self.values[bisect_right(self.starts, address) - 1]

    def is_alike(self, address: int, depth: int) -> bool:
        """Whether all of the block of `depth` bits around the address has one value."""
        size = 1 << self.bits - depth
        first = address & -size
        return bisect_right(self.starts, first) == bisect_right(self.starts, first + size - 1)


class World:
    """A map from a seed: places, own networks that lie in each other, rules in random order."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.own = [*self._networks(4, self.dice.randint(0, 14)), *self._networks(6, self.dice.randint(0, 14))]
        runs = {version: self._runs(version) for version in BITS}
        self.atlas = Atlas(name="test", built=0, digest=str(seed), places=(NOWHERE, *PLACES), v4=runs[4], v6=runs[6])
        self.rows = [*(self._row() for _ in range(self.dice.randint(0, 6))), self._sent(())]
        self.v4, self.v6 = self._pieces()

    def policy(self) -> Policy:
        return policy(*(row.rule() for row in self.rows))

    def _anywhere(self, version: int) -> int:
        """Mostly in some few blocks, so that things meet; also where blocks of their own are."""
        bits = BITS[version]
        if version == 4:
            return self.dice.choice(
                (
                    self.dice.getrandbits(32),
                    0x08000000 | self.dice.getrandbits(20),
                    0x0A000000 | self.dice.getrandbits(16),
                )
            )
        first = self.dice.choice((0x2A00, 0x2A00, 0x2001, 0x2002, 0x2003, 0xFD00, 0x64, self.dice.getrandbits(16)))
        few = self.dice.getrandbits(12) << 100 if self.dice.random() < 0.7 else self.dice.getrandbits(bits - 16)
        return first << 112 | few | (0xFF9B << 96 if first == 0x64 else 0) | self.dice.getrandbits(64)

    def _networks(self, version: int, count: int) -> Iterator[Network]:
        lengths = range(6, 33) if version == 4 else (*range(8, 65, 4), 96, 100, 112, 127, 128)
        made: list[Network] = []
        for _ in range(count):
            if made and self.dice.random() < 0.5:  # inside another one
                outer = self.dice.choice(made)
                address = int(outer[0]) | self.dice.getrandbits(BITS[version]) & int(outer.hostmask)
                length = self.dice.randint(outer.prefixlen, BITS[version])
            else:
                address, length = self._anywhere(version), self.dice.choice(lengths)
            made.append(ip_network((address.to_bytes(BITS[version] // 8, "big"), length), strict=False))
        yield from made

    def _runs(self, version: int) -> Runs:
        edges = set()
        for _ in range(self.dice.choice((0, 3, 40, 300))):
            shift = self.dice.randint(0, 14) if version == 4 else self.dice.randint(56, 100)
            edges.add(self._anywhere(version) >> shift << shift)
        starts = sorted({0, *edges})
        return Runs(starts, [self.dice.randrange(1 + len(PLACES)) for _ in starts])

    def _row(self) -> Row:
        asked = tuple(self._asked() for _ in range(self.dice.choice((1, 1, 1, 2))))
        return self._sent(asked)

    def _sent(self, asked: tuple[Asked, ...]) -> Row:
        pools = tuple(self.dice.sample(list(SITES), self.dice.randint(0, 3)))
        return Row(asked, pools, nearest=len(pools) > 0 and self.dice.random() < 0.3, fence=self.dice.random() < 0.2)

    def _asked(self, nested: bool = True) -> Asked:
        field = self.dice.choice(("network", "network", "continent", "country", "subdivision", "any", "none"))
        if field in ("any", "none"):
            return Asked(field, within=tuple(self._asked(False) for _ in range(2))) if nested else self._asked(False)
        known = self.own if field == "network" else [getattr(place, field) for place in PLACES]
        return Asked(field, frozenset(self.dice.choices(known, k=self.dice.randint(1, 3)) if known else ()))

    def _decided(self, version: int, number: int) -> Value:
        """For one address by itself."""
        address = ip_address(number.to_bytes(BITS[version] // 8, "big"))
        special, runs = (SPECIAL_V4, self.atlas.v4) if version == 4 else (SPECIAL_V6, self.atlas.v6)
        kind = special.at(number)
        networks = frozenset(network for network in named(self.rows) if address in network)
        if kind and not networks:
            return kind
        return self.route(NOWHERE if kind else self.atlas.places[runs.at(number)], networks)

    def route(self, place: Place, networks: frozenset[Network] = frozenset()) -> Value:
        return next(row for row in self.rows if all(each.fits(place, networks) for each in row.asked)).route(place)

    def _pieces(self) -> tuple[Pieces, Pieces]:
        """Where everybody has one route nothing else decides; where all of IPv4 has, it is no matter what is inside."""
        v4, v6 = (self._cut(version) for version in BITS)
        routes = {self.route(NOWHERE), *(each for _, each in (*v4, *v6) if not isinstance(each, int))}
        if len(routes) == 1:
            v4 = v6 = [(0, routes.pop())]
        elif len({each for _, each in v4}) == 1:
            v6 = [(start, v4[0][1] if each in FOLDED else each) for start, each in v6]
        return _merged(v4, 32), _merged(v6, 128)

    def _cut(self, version: int) -> list[tuple[int, Value]]:
        special, runs = (SPECIAL_V4, self.atlas.v4) if version == 4 else (SPECIAL_V6, self.atlas.v6)
        ends = {int(each[0]) for each in self.own if each.version == version}
        ends |= {int(each[-1]) + 1 for each in self.own if each.version == version}
        edges = sorted({*special.starts, *runs.starts, *ends} - {1 << BITS[version]})
        return [(edge, self._decided(version, edge)) for edge in edges]


def named(rows: Sequence[Row]) -> frozenset[Network]:
    """By any rule, however deep."""
    waiting = [each for row in rows for each in row.asked]
    found: set[Network] = set()
    while waiting:
        asked = waiting.pop()
        waiting += asked.within
        if asked.field == "network":
            found.update(ip_network(str(each)) for each in asked.values)
    return frozenset(found)


def _merged(pieces: Sequence[tuple[int, Value]], bits: int) -> Pieces:
    kept = [piece for at, piece in enumerate(pieces) if at == 0 or piece[1] != pieces[at - 1][1]]
    return Pieces([start for start, _ in kept], [value for _, value in kept], bits)


# ── what the table says ───────────────────────────────────────────────────────────────────────────────────────────


class Table:
    """Looks addresses up as the answer path does."""

    def __init__(self, world: World) -> None:
        decided = world.policy()
        lands = draw_lands([zone(steered={"www": "global"}, pools=POOLS, policies=[decided])], world.atlas)
        self._routes = lands.lands[lands.of_policy[ORIGIN, "global"]].routes
        self._words = memoryview(territories_part(lands)).cast("I")
        self._at = self._words[self._words[TERRITORIES_TABLE]]
        self._query = speeds.running.the("answer.query").Query()
        self._query.ecs_at = 1
        self._locate = speeds.running.the("answer.locate").locate
        self._query.take(memoryview(b""), 0, memoryview(bytes(4)), 512, memoryview(bytearray()))

    def look_up(self, addresses: Sequence[int], version: int) -> list[tuple[int, int, int]]:
        """(route, 0 where the resolver's address decides, scope) of each."""
        query, locate, words, at, size = self._query, self._locate, self._words, self._at, BITS[version] // 8
        query.ecs_family, query.ecs_source = 1 if version == 4 else 2, BITS[version]
        room = memoryview(query.ecs_address)[:size]
        found = []
        for address in addresses:
            room[:] = address.to_bytes(size, "big")
            locate(words, at, LOCATE_EITHER, query)
            found.append((query.route, query.by_subnet, query.scope))
        return found

    def value(self, route: int, by_subnet: int) -> Value:
        return shown(self._routes[route]) if by_subnet else RESOLVER


def shown(route: Route) -> Value:
    return route.fence, tuple(map(str, route.pools))


def some_addresses(world: World, version: int, count: int) -> Sequence[int]:
    """A third each: anywhere, at edges of the model's pieces and of own networks, and just beside them."""
    dice, bits = world.dice, BITS[version]
    pieces = world.v4 if version == 4 else world.v6
    edges = [*pieces.starts, *(int(each[-1]) + 1 for each in world.own if each.version == version)]
    mask = (1 << bits) - 1
    made = []
    for _ in range(count // 3):
        edge = dice.choice(edges)
        made += [world._anywhere(version), edge - dice.randint(0, 1) & mask, edge + (1 << dice.randrange(bits)) & mask]
    return made


def count() -> int:
    return ADDRESSES // 100 if speeds.running.name == INTERPRETED else ADDRESSES


@pytest.mark.parametrize("seed", range(MAPS))
def test_each_address_gets_its_rule_in_a_scope_that_could_be_no_other(seed: int) -> None:
    world = World(seed)
    table = Table(world)
    for version, pieces, share in ((4, world.v4, 0.4), (6, world.v6, 0.6)):
        addresses = some_addresses(world, version, int(count() * share))
        scopes: dict[tuple[int, int], int] = {}
        values: dict[tuple[int, int], Value] = {}
        for address, (route, by_subnet, scope) in zip(addresses, table.look_up(addresses, version), strict=True):
            expected = pieces.at(address)
            if expected in FOLDED:
                expected = world.v4.at(inside(address, expected))
            if (route, by_subnet) not in values:
                values[route, by_subnet] = table.value(route, by_subnet)
            assert values[route, by_subnet] == expected, f"map {seed}: {address:#x}"
            scopes.setdefault((address >> BITS[version] - scope, scope), address)
        for (_, scope), address in scopes.items():
            assert is_alike(world, pieces, address, scope), f"map {seed}: {address:#x}/{scope} holds two"
            assert scope == 0 or not is_alike(world, pieces, address, scope - 1), f"map {seed}: {address:#x}/{scope}"


def is_alike(world: World, pieces: Pieces, address: int, depth: int) -> bool:
    """Of IPv4 inside IPv6, both the block and what the IPv4 addresses in it get."""
    kind = pieces.at(address)
    before: Mapping[Value, int] = dict(FOLDED.items())
    if kind not in before or not pieces.is_alike(address, depth):
        return pieces.is_alike(address, depth)
    return world.v4.is_alike(inside(address, kind), min(32, max(0, depth - before[kind])))


def inside(address: int, kind: Value) -> int:
    shifted = {FOLD_6TO4: address >> 80, FOLD_LOW32: address, FOLD_TEREDO: ~address}
    return shifted[int(str(kind))] & 0xFFFFFFFF


def test_the_maps_are_worth_looking_at() -> None:
    """Among them are some of one route, and many with nested networks, several routes and all kinds of values."""
    worlds = [World(seed) for seed in range(MAPS)]
    assert any(len(world.v4.values) == 1 for world in worlds)
    assert sum(len(world.v4.values) > 20 for world in worlds) > MAPS // 4
    assert (
        sum(
            any(a != b and a.version == b.version and a[0] in b for a in world.own for b in world.own)
            for world in worlds
        )
        > MAPS // 2
    )
    met = {value for world in worlds for value in (*world.v4.values, *world.v6.values)}
    assert {RESOLVER, *FOLDED} <= met
    assert max(len({value for value in world.v4.values if value != RESOLVER}) for world in worlds) > 5
