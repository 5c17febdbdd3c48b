"""Where a name's answers go: of each country's addresses, or of the queries measured there, how many get each pool.

Exact: every leaf of the policy's territory is laid over every prefix of the database, not a sample. Private and
unroutable blocks, and the IPv6 blocks that carry IPv4, lie in no country and are not counted. Pure.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction

from geodns.control.inputs import Inputs
from geodns.control.signatures import day
from geodns.control.steered import steered
from geodns.control.supposing import check_name
from geodns.control.weights import EVEN, Density, Weights
from geodns.geo import centroids, embedded
from geodns.geo.atlas import Atlas
from geodns.geo.centroids import countries
from geodns.geo.leaves import Leaves
from geodns.geo.runs import Runs, combine
from geodns.geo.special import ORDINARY, SPECIAL_V4, SPECIAL_V6
from geodns.geo.territory import draw
from geodns.model.name import parse_name, show
from geodns.model.place import Location
from geodns.model.pool import Pool, PoolName
from geodns.model.verdict import Outlook
from geodns.policy.availability import availability
from geodns.policy.choice import Choice, choose
from geodns.policy.route import alike, own_networks, route_of
from geodns.policy.supposing import suppose_down

NO_COUNTRY = ""
_MAXMIND = "This product includes GeoLite2 Data created by MaxMind, available from https://www.maxmind.com"

Answerer = PoolName | None  # None: nobody, these clients get no address
Mix = tuple[tuple[Answerer, Fraction], ...]  # who answers, with their shares, which are 1 together


@dataclass(frozen=True, slots=True)
class Part:
    """What one pool answers of a country's addresses of one family; `share` from 0 to 1. Of pools that share the
    answers each has its part of the addresses, rounded to whole ones.

    `queries`: those measured, of which the share is then; None where none were.
    """

    pool: Answerer
    addresses: int
    share: float
    queries: float | None = None


Parts = tuple[Part, ...]  # the largest first; empty where there are no addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """`code` as the database has it, or NO_COUNTRY for the addresses that it places in none."""

    code: str
    name: str
    ipv4: Parts
    ipv6: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolReach:
    """`ipv4` and `ipv6`: the share, 0 to 1, of the addresses that are in any country."""

    pool: Answerer
    location: Location | None
    is_up: bool
    ipv4: float
    ipv6: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`pools`: those that the policy names, in the zone's order, and last nobody where that answers anything.

    `generation`: that which serves, with its health and overrides; None where everything counts as up.
    """

    name: str
    type: str
    policy: str
    down: tuple[str, ...]  # what is supposed to be down
    database: str
    built: str  # the database's date
    pools: tuple[PoolReach, ...]
    countries: tuple[Country, ...]  # by code, NO_COUNTRY first
    generation: int | None = None
    queries: Mapping[str, float] | None = None  # by family, those measured; None: shares are of addresses

    def to_json(self) -> Mapping[str, object]:
        return {**asdict(self), "attribution": attributions(self)}


def attributions(reach: Reach) -> list[str]:
    """What the licences of the data ask for wherever it is shown."""
    of_database = [embedded.ATTRIBUTION] if "DB-IP Lite" in reach.database else []
    if "GeoLite2" in reach.database:
        of_database.append(_MAXMIND)
    return [*of_database, centroids.ATTRIBUTION]


def reach(
    inputs: Inputs,
    name: str,
    rtype: str,
    down: Iterable[str] = (),
    *,
    outlook: Outlook | None = None,
    generation: int | None = None,
    weights: Weights | None = None,
    at: float | None = None,
) -> Reach:
    """With everything as `outlook` says, or else up, but `down`: names of pools, or `pool/member`, as in the zones' own
    tests. `generation`: that which has this outlook. `weights`: where given, shares are of these queries.
    `at`: when this is supposed to be, in seconds since the epoch.

    Raises ValueError, with a sentence, where no policy answers for that or nothing has such a name.
    """
    zone, policy, family = steered(inputs.zones, name, rtype)
    supposed = frozenset(down)
    for each in sorted(supposed):
        check_name(zone, each)
    pools, outlook = suppose_down(zone.pools, supposed, outlook)
    outlook = outlook if at is None else replace(outlook, now=at)
    territory = draw(inputs.atlas, own_networks(policy), lambda place: route_of(policy, pools, place), alike(policy))
    answerers = [_answerers(choose(zone.name, route, policy, pools, family, outlook)) for route in territory.routes]
    of_v4, of_v6 = (weights.ipv4, weights.ipv6) if weights else (None, None)
    ipv4 = _count(inputs.atlas, inputs.atlas.v4, SPECIAL_V4, territory.v4, answerers, 32, of_v4)
    ipv6 = _count(inputs.atlas, inputs.atlas.v6, SPECIAL_V6, territory.v6, answerers, 128, of_v6)
    within = {leaf.name for name in policy.pools() for leaf in pools[name].leaves()}
    named = [pool for pool in pools.values() if pool.name in within]
    return Reach(
        name=show(parse_name(name)),
        type=family.rtype,
        policy=policy.name,
        down=tuple(sorted(supposed)),
        database=inputs.atlas.name,
        built=day(inputs.atlas.built),
        pools=tuple(_pools(named, lambda pool: availability(zone.name, pool, family, outlook).holds, ipv4, ipv6)),
        countries=tuple(_countries(ipv4, ipv6)),
        generation=generation,
        queries=weights.totals if weights else None,
    )


def _answerers(choice: Choice) -> Mix:
    shares = choice.by_pool()
    rest = 1 - sum(share for _, share in shares)
    return (*shares, (None, Fraction(rest))) if rest else shares


# ── the sweep ─────────────────────────────────────────────────────────────────────────────────────────────────────

_UNCOUNTED = -1


@dataclass(frozen=True, slots=True)
class Size:
    """`weight`: what shares are of, queries or else addresses."""

    addresses: Fraction = Fraction()
    weight: Fraction = Fraction()
    is_measured: bool = False

    def plus(self, addresses: Fraction, weight: Fraction) -> "Size":
        return replace(self, addresses=self.addresses + addresses, weight=self.weight + weight)


Sizes = Mapping[tuple[str, Answerer], Size]  # by country and who answers there


def _count(
    atlas: Atlas,
    places: Runs,
    special: Runs,
    leaves: Leaves,
    answerers: Sequence[Mix],
    bits: int,
    density: Density | None,
) -> Sizes:
    """The database's places, without the special blocks, the routes of the territory, and the prefixes that have
    queries, laid over each other."""
    ordinary = combine(places, special, lambda place, kind: place if kind == ORDINARY else _UNCOUNTED)
    pairs: dict[tuple[str, Mix], int] = {}

    def pair_of(place: int, route: int) -> int:
        if place == _UNCOUNTED or route < 0:
            return _UNCOUNTED
        return pairs.setdefault((atlas.places[place].country or NO_COUNTRY, answerers[route]), len(pairs))

    answered = combine(ordinary, Runs(leaves.starts, leaves.values), pair_of)
    sizes, weights = _sizes(answered, bits, density or EVEN)
    found: dict[tuple[str, Answerer], Size] = {}
    for (code, mix), number in pairs.items():
        for pool, share in mix:
            before = found.get((code, pool), Size(is_measured=density is not None))
            found[code, pool] = before.plus(sizes[number] * share, weights.get(number, Fraction()) * share)
    return found


def _sizes(answered: Runs, bits: int, density: Density) -> tuple[Counter[int], dict[int, Fraction]]:
    """Of each value that `answered` has: its addresses, and what they weigh."""
    keys: dict[tuple[int, int], int] = {}

    def key_of(pair: int, number: int) -> int:
        return keys.setdefault((pair, number), len(keys))

    met: Counter[int] = Counter()
    for first, until, key in combine(answered, density.runs, key_of).spans(bits):
        met[key] += until - first
    sizes: Counter[int] = Counter()
    weights: dict[int, Fraction] = {}
    for (pair, number), key in keys.items():
        sizes[pair] += met[key]
        weights[pair] = weights.get(pair, Fraction()) + met[key] * density.queries[number]
    return sizes, weights


# ── sizes → shares ────────────────────────────────────────────────────────────────────────────────────────────────


def _countries(ipv4: Sizes, ipv6: Sizes) -> Iterator[Country]:
    by_country = _by_country(ipv4), _by_country(ipv6)
    for code in sorted({code for sizes in by_country for code in sizes}):
        known = countries().get(code)
        parts = (_parts(sizes.get(code, {})) for sizes in by_country)
        yield Country(code=code, name=known.name if known else code, ipv4=next(parts), ipv6=next(parts))


def _by_country(sizes: Sizes) -> Mapping[str, Mapping[Answerer, Size]]:
    found: dict[str, dict[Answerer, Size]] = {}
    for (code, pool), size in sizes.items():
        found.setdefault(code, {})[pool] = size
    return found


def _parts(sizes: Mapping[Answerer, Size]) -> Parts:
    """A country from which no query came has parts all the same, each with a share of 0."""
    total = sum((size.weight for size in sizes.values()), Fraction()) or Fraction(1)
    largest_first = sorted(sizes.items(), key=lambda item: (-item[1].weight, -item[1].addresses, item[0] or ""))
    return tuple(
        Part(pool, round(size.addresses), float(size.weight / total), float(size.weight) if size.is_measured else None)
        for pool, size in largest_first
    )


def _pools(named: Iterable[Pool], is_up: Callable[[Pool], bool], ipv4: Sizes, ipv6: Sizes) -> Iterator[PoolReach]:
    shares = _shares(ipv4), _shares(ipv6)

    def reached(pool: Answerer, location: Location | None, up: bool) -> PoolReach:
        of_v4, of_v6 = (found.get(pool, 0.0) for found in shares)
        return PoolReach(pool=pool, location=location, is_up=up, ipv4=of_v4, ipv6=of_v6)

    yield from (reached(pool.name, pool.location, is_up(pool)) for pool in named)
    if any(pool is None for _, pool in (*ipv4, *ipv6)):
        yield reached(None, None, False)


def _shares(sizes: Sizes) -> Mapping[Answerer, float]:
    """Of the addresses, or the queries, in all countries."""
    found: dict[Answerer, Fraction] = {}
    for (code, pool), size in sizes.items():
        found[pool] = found.get(pool, Fraction()) + (size.weight if code != NO_COUNTRY else 0)
    total = sum(found.values()) or Fraction(1)
    return {pool: float(size / total) for pool, size in found.items()}
