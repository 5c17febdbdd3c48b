"""A reach as text: what each pool answers, then country by country. And the words that the picture has too."""

from collections.abc import Iterator

from geodns.cli.columns import columns
from geodns.cli.weighing import measured
from geodns.cli.wording import percent
from geodns.control.reach import NO_COUNTRY, Answerer, Country, Parts, PoolReach, Reach, attributions
from geodns.model.pool import Family

_NONE = "      -"  # as wide as a percentage


def text_of(reach: Reach, first: Family) -> str:
    pools = [("pool", "   IPv4", "   IPv6", "countries"), *(_pool_row(reach, each, first) for each in reach.pools)]
    parts = [("", "country", "pool", "   IPv4", "   IPv6"), *(row for each in reach.countries for row in _rows(each))]
    head = [f"{reach.name} {reach.type}: {subtitle(reach)}", f"{database(reach)}"]
    if reach.queries is not None:
        head.append(f"shares are of the {shares_of(reach)}")
    return "\n".join([*head, "", *columns(pools), "", *columns(parts), "", *attributions(reach)])


def _pool_row(reach: Reach, pool: PoolReach, first: Family) -> tuple[str, ...]:
    return called(pool), percent(pool.ipv4), percent(pool.ipv6), countries_of(reach, pool.pool, first)


def _rows(country: Country) -> Iterator[tuple[str, ...]]:
    ipv4, ipv6 = ({part.pool: part.share for part in parts} for parts in (country.ipv4, country.ipv6))
    for pool in dict.fromkeys([*ipv4, *ipv6]):
        shares = (percent(found[pool]) if pool in found else _NONE for found in (ipv4, ipv6))
        yield country.code or "-", name_of(country), answerer(pool), *shares


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def subtitle(reach: Reach) -> str:
    said = [f"policy {reach.policy}"]
    if reach.generation is not None:
        said.append(f"as generation {reach.generation} serves it")
    if reach.down:
        said.append(f"with {', '.join(reach.down)} down")
    return ", ".join(said if len(said) > 1 else [*said, "everything up"])


def database(reach: Reach) -> str:
    """With its date, where the name does not tell it."""
    return reach.database if reach.built in reach.database else f"{reach.database} of {reach.built}"


def shares_of(reach: Reach) -> str:
    """What the shares are of."""
    if reach.queries is None:
        return "addresses that the database places in a country"
    return f"queries that it places in a country, of those measured: {measured(reach.queries)}"


def answerer(pool: Answerer) -> str:
    return "no address" if pool is None else pool


def called(pool: PoolReach) -> str:
    return answerer(pool.pool) if pool.is_up or pool.pool is None else f"{pool.pool} (down)"


def name_of(country: Country) -> str:
    return "in no country" if country.code == NO_COUNTRY else country.name


def shares(parts: Parts) -> str:
    """`eu 97.1 %, us 2.9 %`."""
    return ", ".join(f"{answerer(part.pool)} {percent(part.share).strip()}" for part in parts)


def shown(country: Country, first: Family) -> Parts:
    """Those of the family `first`, or where the country has no such addresses, of the other one."""
    both = (country.ipv4, country.ipv6) if first is Family.IPV4 else (country.ipv6, country.ipv4)
    return both[0] or both[1]


def countries_of(reach: Reach, pool: Answerer, first: Family) -> str:
    """`41`, or `41 (+2)`: two more in which another pool answers more."""
    found = [shown(country, first) for country in reach.countries if country.code != NO_COUNTRY]
    most = sum(parts[0].pool == pool for parts in found)
    some = sum(any(part.pool == pool for part in parts[1:]) for parts in found)
    return f"{most} (+{some})" if some else str(most)
