"""A policy with numbers for the names of its pools: what parts the clients, whoever the pools are.

A thousand customers who send the same countries to pools of their own have one territory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geodns.model.policy import Nearest, Ordered, Policy, Route
from geodns.model.pool import PoolName, Pools


@dataclass(frozen=True, slots=True)
class Anonymous:
    """`names`: the true ones, by number, in the order in which the rules name them first; the fallback at the end."""

    policy: Policy
    pools: Pools
    names: tuple[PoolName, ...]

    def named(self, route: Route) -> Route:
        """A route of the anonymous policy as its own pools have it."""
        return Route(tuple(self.names[int(number)] for number in route.pools), route.fence)


def anonymous(policy: Policy, pools: Pools) -> Anonymous:
    ruled = [name for rule in policy.rules for name in rule.pools.pools]
    names = tuple(dict.fromkeys(ruled if policy.fallback is None else [*ruled, policy.fallback]))
    numbers = {name: PoolName(str(number)) for number, name in enumerate(names)}
    rules = tuple(replace(rule, pools=_renamed(rule.pools, numbers)) for rule in policy.rules)
    fallback = None if policy.fallback is None else numbers[policy.fallback]
    renamed = replace(policy, rules=rules, fallback=fallback)
    return Anonymous(renamed, {numbers[name]: pools[name] for name in names}, names)


def _renamed(pools: Ordered | Nearest, numbers: Mapping[PoolName, PoolName]) -> Ordered | Nearest:
    renamed = tuple(numbers[name] for name in pools.pools)
    if isinstance(pools, Ordered):
        return Ordered(renamed)
    return replace(pools, pools=renamed, biases=tuple((numbers[name], bias) for name, bias in pools.biases))
