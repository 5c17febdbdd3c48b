"""Pools that only routes make: of a zone's own pools, by weight or in order."""

from collections.abc import Iterable

from geodns.model.policy import Made, Route
from geodns.model.pool import Part, Pool, Pools


def with_made(pools: Pools, routes: Iterable[Route]) -> Pools:
    """The zone's own pools and those that these routes make of them."""
    made = dict.fromkeys(each for route in routes for each in route.made)
    if not made:
        return pools
    known = {**pools}
    for each in made:
        known[each.name] = _made_of(each, known)
    return known


def _made_of(made: Made, known: Pools) -> Pool:
    """One that is made of nothing has no members: a policy's rule that gives no address."""
    parts = tuple(Part(known[name], weight) for name, weight in made.parts)
    source = next(iter(known.values())).source
    return Pool(name=made.name, parts=parts, in_order=made.in_order, source=source)
