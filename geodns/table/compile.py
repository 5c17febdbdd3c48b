"""Lands + outlook → plans, and the three parts of a generation.

What changes seldom is kept apart from what changes often: a reload makes all three anew, a health flip only the plans
that use the pool. Whatever health does not change is worked out once, in the drafts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from geodns.model.name import Name
from geodns.model.policy import Policy, Route
from geodns.model.pool import Family, PoolName, Pools
from geodns.model.verdict import MemberKey, Outlook, PoolKey
from geodns.model.zone import Zone
from geodns.policy.making import with_made
from geodns.table.block import join
from geodns.table.lands import Lands
from geodns.table.layout import KIND_PLANS
from geodns.table.names import Progress, compile_names
from geodns.table.plan import Plan, PlanKey, compile_plan
from geodns.table.services import service_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a plan is made of, save for health. `pools`: the zone's, and those that the routes make of them.
    `territory`: its number in the part of territories."""

    key: PlanKey
    policy: Policy
    pools: Pools
    routes: tuple[Route, ...]
    territory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Of all plans, in the order of their numbers. `using`: the numbers of the plans that may answer from a pool."""

    drafts: tuple[Draft, ...]
    slots: Mapping[MemberKey, int]
    using: Mapping[PoolKey, Sequence[int]]

    def numbers(self, changed: Collection[PoolKey]) -> list[int]:
        """Of the plans that use any of these pools; pools that nobody uses have none."""
        return sorted({number for pool in changed for number in self.using.get(pool, ())})

    def compile(self, number: int, outlook: Outlook) -> Plan:
        draft = self.drafts[number]
        return compile_plan(draft.key, draft.policy, draft.pools, draft.routes, draft.territory, outlook, self.slots)

    def compile_all(self, outlook: Outlook) -> tuple[Plan, ...]:
        return tuple(self.compile(number, outlook) for number in range(len(self.drafts)))


def draft_plans(zones: Sequence[Zone], lands: Lands, slots: Mapping[MemberKey, int]) -> Drafts:
    by_name = {zone.name: zone for zone in zones}
    drafts = tuple(_draft(key, by_name[key.zone], lands) for key in plan_keys(zones))
    using: dict[PoolKey, list[int]] = {}
    for number, draft in enumerate(drafts):
        for pool in _pools_within(draft):
            using.setdefault((draft.key.zone, pool), []).append(number)
    return Drafts(drafts=drafts, slots=slots, using=using)


def _pools_within(draft: Draft) -> frozenset[PoolName]:
    """Every pool whose members the plan may answer with, and those that are made of them."""
    return frozenset(pool.name for name in draft.policy.pools() for pool in draft.pools[name].within())


def _draft(key: PlanKey, zone: Zone, lands: Lands) -> Draft:
    territory = lands.of_policy[key.zone, key.policy]
    routes = lands.lands[territory].routes
    return Draft(
        key=key,
        policy=zone.policies[key.policy],
        pools=with_made(zone.pools, routes),
        routes=routes,
        territory=territory,
    )


def compile_plans(
    zones: Sequence[Zone], lands: Lands, outlook: Outlook, slots: Mapping[MemberKey, int]
) -> tuple[Plan, ...]:
    """All plans, numbered."""
    return draft_plans(zones, lands, slots).compile_all(outlook)


def plan_keys(zones: Sequence[Zone]) -> tuple[PlanKey, ...]:
    """Of every policy that answers for a name, in each family that any of its pools has, and for the records that take
    hints from it. Order: the plans' numbers."""
    return tuple(key for zone in zones for key in _keys_of(zone))


def _keys_of(zone: Zone) -> Iterator[PlanKey]:
    families = {name: pool.families() for name, pool in zone.pools.items()}
    aliases: set[str] = set()  # policies that may answer with a CNAME, which is no hint and stands beside no records
    for name in sorted(set(zone.steered.values())):
        present = frozenset[Family]().union(*(families[pool] for pool in zone.policies[name].pools()))
        yield from (PlanKey(zone.name, name, family) for family in Family if family in present)
        if Family.ALIAS in present:
            aliases.add(name)
    yield from (key for key in service_keys(zone) if key.policy not in aliases)


def plans_part(plans: Sequence[Plan]) -> bytes:
    return join(KIND_PLANS, [plan.block for plan in plans])


def names_part(
    zones: Sequence[Zone],
    serials: Mapping[Name, int],
    slots: Mapping[Name, int],
    progress: Progress = lambda _done, _total: None,
) -> bytes:
    numbers = {key: number for number, key in enumerate(plan_keys(zones))}
    return compile_names(zones, serials, numbers, slots, progress)
