"""Policy + place → route: the pools in failover order."""

from collections.abc import Iterator

from geodns.geo.distance import kilometres
from geodns.model.place import Location, Network, Place
from geodns.model.policy import InNetwork, Nearest, Ordered, Policy, Route, Rule, simple_ones
from geodns.model.pool import PoolName, Pools
from geodns.policy.match import first_match


def route_of(policy: Policy, pools: Pools, place: Place) -> Route:
    """Where clients at `place` are sent while everything is healthy."""
    return follow(first_match(policy, place), pools, place)


def follow(rule: Rule, pools: Pools, place: Place) -> Route:
    match rule.pools:
        case Ordered(names):
            return Route(names, rule.fence)
        case Nearest() as nearest:
            return Route(by_distance(nearest, pools, place), rule.fence)


def by_distance(nearest: Nearest, pools: Pools, place: Place) -> tuple[PoolName, ...]:
    """Nearest first; equally near ones, pools without a location and clients without a place keep the written order."""
    here = place.location
    if here is None:
        return nearest.pools[: nearest.limit]
    biases = dict(nearest.biases)
    distances = {name: _distance(here, pools[name].location, biases.get(name, 0)) for name in nearest.pools}
    near = min(distances.values()) * (1 + nearest.ties / 100)
    ordered = sorted(nearest.pools, key=lambda name: max(near, distances[name]))
    return tuple(ordered[: nearest.limit])


def _distance(here: Location, there: Location | None, bias: int) -> float:
    """Kilometres, made shorter or longer in the way of Route 53's geoproximity: by a factor of 1 - bias when it draws
    clients in, and of 1 / (1 + bias) when it keeps them off."""
    if there is None:
        return float("inf")
    if bias >= 0:
        return kilometres(here, there) * (100 - bias) / 100
    return kilometres(here, there) * 100 / (100 + bias)


def own_networks(policy: Policy) -> frozenset[Network]:
    """Every prefix that the policy's rules name."""
    return frozenset[Network]().union(*_network_lists(policy))


def _network_lists(policy: Policy) -> Iterator[frozenset[Network]]:
    """Of each condition on networks."""
    for rule in policy.rules:
        for condition in simple_ones(rule.conditions):
            if isinstance(condition, InNetwork):
                yield condition.networks


def alike(policy: Policy) -> dict[Network, Network]:
    """Networks that are in the same conditions decide alike, so one of them stands for all: a list of a million is, to
    the rules, one network. Of each, the one that stands for it."""
    lists = dict.fromkeys(_network_lists(policy))
    first: dict[tuple[bool, ...], Network] = {}
    return {
        network: first.setdefault(tuple(network in networks for networks in lists), network)
        for network in own_networks(policy)
    }


def pools_named(policy: Policy) -> frozenset[PoolName]:
    """Every pool that the policy may send a client to, its fallback included."""
    named = {name for rule in policy.rules for name in rule.pools.pools}
    return frozenset(named | {policy.fallback} if policy.fallback else named)
