"""Lands + outlook → plans, and the three parts of a generation.

What changes seldom is kept apart from what changes often: a reload makes all three anew, a health flip only the plans
that use the pool.
"""

from collections.abc import Collection, Mapping, Sequence

from geodns.model.name import Name
from geodns.model.pool import Family, PoolName
from geodns.model.verdict import MemberKey, Outlook
from geodns.model.zone import Zone
from geodns.policy.route import pools_named
from geodns.table.block import join
from geodns.table.lands import Lands
from geodns.table.layout import KIND_PLANS
from geodns.table.names import Progress, compile_names
from geodns.table.plan import Plan, PlanKey, compile_plan


def plan_keys(zones: Sequence[Zone]) -> tuple[PlanKey, ...]:
    """Of every policy that answers for a name, in each family that any of its pools has. Order: the plans' numbers."""
    return tuple(
        PlanKey(zone.name, name, family)
        for zone in zones
        for name in sorted(set(zone.steered.values()))
        for family in Family
        if any(family in zone.pools[pool].families() for pool in pools_named(zone.policies[name]))
    )


def compile_plans(
    zones: Sequence[Zone],
    lands: Lands,
    outlook: Outlook,
    slots: Mapping[MemberKey, int],
    kept: Mapping[PlanKey, Plan] | None = None,
) -> tuple[Plan, ...]:
    """All plans, numbered; those in `kept` are taken over as they are."""
    by_name = {zone.name: zone for zone in zones}
    plans: list[Plan] = []
    for key in plan_keys(zones):
        if kept and key in kept:
            plans.append(kept[key])
            continue
        zone = by_name[key.zone]
        number = lands.of_policy[key.zone, key.policy]
        policy = zone.policies[key.policy]
        plans.append(compile_plan(key, policy, zone.pools, lands.lands[number].routes, number, outlook, slots))
    return tuple(plans)


def untouched(
    plans: Sequence[Plan], zones: Sequence[Zone], changed: Collection[tuple[Name, PoolName]]
) -> dict[PlanKey, Plan]:
    """The plans that use none of the changed pools."""
    policies = {zone.name: zone.policies for zone in zones}
    return {
        plan.key: plan
        for plan in plans
        if not any((plan.key.zone, pool) in changed for pool in pools_named(policies[plan.key.zone][plan.key.policy]))
    }


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
