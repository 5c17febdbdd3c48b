"""Which share of the address space, or of measured queries, an edit moves from which pool to which.

Exact: every leaf of both territories is looked at, not a sample. Of pools that share the answers only that moves which
one gains and another loses. Private and unroutable blocks, whose clients are placed by their resolver, and the IPv6
blocks that carry IPv4, are not counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from geodns.control.edition import Edition
from geodns.control.weights import EVEN, Density, Weights
from geodns.geo.runs import Runs
from geodns.model.name import show
from geodns.model.pool import ADDRESS_FAMILIES, Family
from geodns.model.zone import Zone
from geodns.table import layout
from geodns.table.image import Table
from geodns.table.odds import territory_at
from geodns.table.plan import Plan, PlanKey
from geodns.table.territories import stretches

NO_ADDRESS = "no address"
NOT_STEERED = "not steered"
_NOTHING = (NO_ADDRESS, NOT_STEERED)


@dataclass(frozen=True, slots=True)
class Move:
    """`share`, 0 to 1, that goes from one pool to another: of the addresses, or of the measured queries.

    `queries`: how many of those; None where none were measured.
    """

    before: str
    after: str
    share: float
    queries: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Names with these moves, by address family of the client. `type`: of the question, A or AAAA."""

    names: tuple[str, ...]
    type: str
    ipv4: tuple[Move, ...]
    ipv6: tuple[Move, ...]


def moves_between(
    old: Edition, before: Zone, new: Edition, after: Zone, weights: Weights | None = None
) -> Iterator[Moves]:
    """Names that were and are answered by the same two policies move together."""
    together: dict[tuple[str | None, str | None], list[str]] = {}
    for owner in sorted(before.steered.keys() | after.steered.keys(), key=show):
        together.setdefault((before.steered.get(owner), after.steered.get(owner)), []).append(show(owner))
    for (was, now), names in together.items():
        for family in ADDRESS_FAMILIES:
            one, other = _pools_by_leaf(old, before, was, family), _pools_by_leaf(new, after, now, family)
            ipv4 = _compare(one[4], other[4], 32, weights.ipv4 if weights else None)
            ipv6 = _compare(one[6], other[6], 128, weights.ipv6 if weights else None)
            if ipv4 or ipv6:
                yield Moves(names=tuple(names), type=family.rtype, ipv4=ipv4, ipv6=ipv6)


Mix = tuple[tuple[str, float], ...]  # pools with their shares of the answers, which are 1 together; empty: not counted
Stretches = Sequence[tuple[int, Mix]]  # (first address, who answers), from 0 on


def _pools_by_leaf(edition: Edition, zone: Zone, policy: str | None, family: Family) -> dict[int, Stretches]:
    plan = edition.plan(PlanKey(zone.name, policy, family)) if policy is not None else None
    if policy is None or plan is None:
        nothing = [(0, _all(NOT_STEERED if policy is None else NO_ADDRESS))]
        return {4: nothing, 6: nothing}
    number = edition.lands.of_policy[zone.name, policy]
    pools = [_mix_of(plan, route) for route in range(len(edition.lands.lands[number].routes))]
    territory = territory_at(edition.table, number)
    return {
        4: list(_stretches(edition.table, territory, layout.TERRITORY_IPV4, 32, pools)),
        6: list(_stretches(edition.table, territory, layout.TERRITORY_IPV6, 128, pools)),
    }


def _all(who: str) -> Mix:
    return ((who, 1.0),)


def _mix_of(plan: Plan, route: int) -> Mix:
    shares = list(plan.choices.values())[route].by_pool()
    rest = 1 - sum(share for _, share in shares)
    mix = tuple((str(pool), float(share)) for pool, share in shares)
    return (*mix, (NO_ADDRESS, float(rest))) if rest else mix


def _stretches(table: Table, territory: int, root: int, bits: int, pools: Sequence[Mix]) -> Iterator[tuple[int, Mix]]:
    for first, route in stretches(table.territories, territory, root, bits):
        yield first, pools[route] if route < layout.ROUTE_LIMIT else ()


def _compare(one: Stretches, other: Stretches, bits: int, density: Density | None) -> tuple[Move, ...]:
    """A sweep over both partitions, and that of the queries, at once."""
    if one == other:  # as most are, and a database has many leaves
        return ()
    met: Counter[tuple[Mix, Mix, int]] = Counter()
    weighed = (density or EVEN).runs
    for size, was, now, number in _together(one, other, weighed, 1 << bits):
        if was and now:
            met[was, now, number] += size
    per_address = (density or EVEN).queries
    weight: dict[tuple[Mix, Mix], Fraction] = {}
    for (was, now, number), size in met.items():
        weight[was, now] = weight.get((was, now), Fraction()) + size * per_address[number]
    total = sum(weight.values(), Fraction())
    moved: dict[tuple[str, str], float] = {}
    for (was, now), part in weight.items():
        for pools, share in _moved(dict(was), dict(now)):
            moved[pools] = moved.get(pools, 0.0) + float(part / total if total else part) * share
    return tuple(
        Move(*pools, share, float(total) * share if density else None)
        for pools, share in sorted(moved.items(), key=lambda each: -each[1])
    )


def _moved(was: Mapping[str, float], now: Mapping[str, float]) -> Iterator[tuple[tuple[str, str], float]]:
    """What each pool gains comes from those that lose, from each in proportion to its loss."""
    losses = {pool: share - now.get(pool, 0.0) for pool, share in was.items() if share > now.get(pool, 0.0)}
    gains = {pool: share - was.get(pool, 0.0) for pool, share in now.items() if share > was.get(pool, 0.0)}
    lost = sum(losses.values())
    for before, loss in losses.items():
        for after, gain in gains.items():
            if _differ(before, after):
                yield (before, after), loss * gain / lost


def _together(one: Stretches, other: Stretches, weighed: Runs, end: int) -> Iterator[tuple[int, Mix, Mix, int]]:
    ends = (*list(weighed.starts)[1:], end)
    i = j = k = at = 0
    while at < end:
        one_ends = one[i + 1][0] if i + 1 < len(one) else end
        other_ends = other[j + 1][0] if j + 1 < len(other) else end
        until = min(one_ends, other_ends, ends[k])
        yield until - at, one[i][1], other[j][1], weighed.values[k]
        i += until == one_ends
        j += until == other_ends
        k += until == ends[k]
        at = until


def _differ(was: str, now: str) -> bool:
    """A name that is not steered gives no more addresses than one that is, to pools without this family."""
    return was != now and not (was in _NOTHING and now in _NOTHING)
