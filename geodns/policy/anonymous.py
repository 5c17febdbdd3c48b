"""A policy with numbers for the names of its pools: what parts the clients, whoever the pools are.

A thousand customers who send the same countries to pools of their own have one territory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geodns.model.policy import Blend, Made, Nearest, Ordered, Policy, Route
from geodns.model.pool import PoolName, Pools


@dataclass(frozen=True, slots=True)
class Anonymous:
    """`names`: the true ones, by number, in the order in which the rules name them first; the fallback at the end."""

    policy: Policy
    pools: Pools
    names: tuple[PoolName, ...]

    def named(self, route: Route) -> Route:
        """A route of the anonymous policy as its own pools have it."""
        known = {PoolName(str(number)): name for number, name in enumerate(self.names)}
        made = []
        for each in route.made:
            parts = tuple((known[name], weight) for name, weight in each.parts)
            made.append(Made.of(parts, in_order=each.in_order))
            known[each.name] = made[-1].name
        return Route(tuple(known[name] for name in route.pools), route.fence, tuple(made))


def anonymous(policy: Policy, pools: Pools) -> Anonymous:
    names = policy.pools()
    numbers = {name: PoolName(str(number)) for number, name in enumerate(names)}
    return Anonymous(_renamed(policy, numbers), {numbers[name]: pools[name] for name in names}, names)


Numbers = Mapping[PoolName, PoolName]


def _renamed(policy: Policy, numbers: Numbers) -> Policy:
    """With those that are within it."""
    rules = tuple(replace(rule, pools=_where(rule.pools, numbers)) for rule in policy.rules)
    return replace(policy, rules=rules, fallback=None if policy.fallback is None else numbers[policy.fallback])


def _where(pools: Ordered | Nearest, numbers: Numbers) -> Ordered | Nearest:
    if isinstance(pools, Ordered):
        return Ordered(tuple(_step(step, numbers) for step in pools.steps))
    biases = tuple((numbers[name], bias) for name, bias in pools.biases)
    return replace(pools, pools=tuple(numbers[name] for name in pools.pools), biases=biases)


def _step(step: PoolName | Blend, numbers: Numbers) -> PoolName | Blend:
    if not isinstance(step, Blend):
        return numbers[step]
    parts = (
        (_renamed(part, numbers) if isinstance(part, Policy) else numbers[part], weight) for part, weight in step.parts
    )
    return Blend(tuple(parts))
