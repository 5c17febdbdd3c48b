"""Policy + place → route: the pools in failover order."""

from collections.abc import Iterator
from dataclasses import replace

from geodns.geo.distance import kilometres
from geodns.model.place import Location, Network, Place
from geodns.model.policy import Blend, InNetwork, Made, Nearest, Ordered, Policy, Route, Rule, simple_ones
from geodns.model.pool import PoolName, Pools
from geodns.policy.match import first_match


def route_of(policy: Policy, pools: Pools, place: Place) -> Route:
    """Where clients at `place` are sent while everything is healthy."""
    return follow(first_match(policy, place), pools, place)


def follow(rule: Rule, pools: Pools, place: Place) -> Route:
    match rule.pools:
        case Ordered((Blend(((Policy() as policy, _),)),)):
            route = route_of(policy, pools, place)  # as it is, so that no address stays no address
            return replace(route, fence=route.fence or rule.fence)
        case Ordered(steps):
            made: list[Made] = []
            names = [name for step in steps for name in _names_of(step, pools, place, made)]
            return Route(tuple(dict.fromkeys(names)), rule.fence, tuple(dict.fromkeys(made)))
        case Nearest() as nearest:
            return Route(by_distance(nearest, pools, place), rule.fence)


def _names_of(step: PoolName | Blend, pools: Pools, place: Place, made: list[Made]) -> tuple[PoolName, ...]:
    """The pools that the step is for clients at the place, in their order; those that it makes are added to `made`.

    Parts of a blend that come to the same pools in the same order are one; alone, it is these pools.
    """
    if not isinstance(step, Blend):
        return (step,)
    weights: dict[tuple[PoolName, ...], int] = {}
    for part, weight in step.parts:
        order = _order_of(part, pools, place, made) if isinstance(part, Policy) else (part,)
        weights[order] = weights.get(order, 0) + weight
    if len(weights) == 1:
        return next(iter(weights))
    made.append(Made.of(tuple((_one_pool(order, made), weight) for order, weight in weights.items())))
    return (made[-1].name,)


def _order_of(policy: Policy, pools: Pools, place: Place, made: list[Made]) -> tuple[PoolName, ...]:
    """A policy within another one stands for its route, with its fallback at the end."""
    route = route_of(policy, pools, place)
    made += route.made
    if policy.fallback is None or route.fence or not route.pools:
        return route.pools
    return tuple(dict.fromkeys((*route.pools, policy.fallback)))


def _one_pool(order: tuple[PoolName, ...], made: list[Made]) -> PoolName:
    if len(order) == 1:
        return order[0]
    made.append(Made.of(tuple((name, 1) for name in order), in_order=True))
    return made[-1].name


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
    for rule in policy.every_rule():
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
