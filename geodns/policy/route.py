"""Policy + place → route: the pools in failover order."""

from geodns.geo.distance import kilometres
from geodns.model.place import Network, Place
from geodns.model.policy import InNetwork, Nearest, Ordered, Policy, Route, Rule
from geodns.model.pool import PoolName, Pools
from geodns.policy.match import first_match


def route_of(policy: Policy, pools: Pools, place: Place) -> Route:
    """Where clients at `place` are sent while everything is healthy."""
    return follow(first_match(policy, place), pools, place)


def follow(rule: Rule, pools: Pools, place: Place) -> Route:
    match rule.pools:
        case Ordered(names):
            return Route(names, rule.fence)
        case Nearest(names):
            return Route(by_distance(names, pools, place), rule.fence)


def by_distance(names: tuple[PoolName, ...], pools: Pools, place: Place) -> tuple[PoolName, ...]:
    """Nearest first; equally near ones, pools without a location and clients without a place keep the written order."""
    here = place.location
    if here is None:
        return names

    def distance(name: PoolName) -> float:
        there = pools[name].location
        return kilometres(here, there) if there else float("inf")

    return tuple(sorted(names, key=distance))


def own_networks(policy: Policy) -> frozenset[Network]:
    """Every prefix that the policy's rules name."""
    return frozenset(
        network
        for rule in policy.rules
        for condition in rule.conditions
        if isinstance(condition, InNetwork)
        for network in condition.networks
    )


def pools_named(policy: Policy) -> frozenset[PoolName]:
    """Every pool that the policy may send a client to, its fallback included."""
    named = {name for rule in policy.rules for name in rule.pools.pools}
    return frozenset(named | {policy.fallback} if policy.fallback else named)
