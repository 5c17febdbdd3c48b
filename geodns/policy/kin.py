"""Policy → a route for each place, worked out once for all places that the policy cannot tell apart.

Of a hundred thousand places few are in a city, subdivision or country that the rules name; all others are told apart by
nothing. Where they go by distance each place is one by itself.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import assert_never

from geodns.model.place import Place
from geodns.model.policy import (
    InAsn,
    InCity,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    Nearest,
    Policy,
    Route,
    Simple,
    simple_ones,
)
from geodns.model.pool import Pools
from geodns.policy.match import city_names
from geodns.policy.route import route_of


def router(policy: Policy, pools: Pools) -> Callable[[Place], Route]:
    """As route_of, for those who ask for many places."""
    if any(isinstance(rule.pools, Nearest) for rule in policy.every_rule()):
        return partial(route_of, policy, pools)
    kin_of = _kin(policy)
    known: dict[Hashable, Route] = {}

    def route(place: Place) -> Route:
        kin = kin_of(place)
        if kin not in known:
            known[kin] = route_of(policy, pools, place)
        return known[kin]

    return route


@dataclass(slots=True)
class _Named:
    """What the rules name, whatever they make of it. `towns`: cities without their country."""

    continents: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    subdivisions: set[str] = field(default_factory=set)
    towns: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)

    def add(self, condition: Simple) -> None:
        match condition:
            case InNetwork():  # which of them a place is in is part of its kind anyhow
                pass
            case InContinent(codes):
                self.continents |= codes
            case InCountry(codes):
                self.countries |= codes
            case InSubdivision(codes):
                self.subdivisions |= codes
            case InCity(names):
                self.towns |= {name.partition("/")[2] for name in names}
            case InAsn(numbers):
                self.numbers |= numbers
            case _:
                assert_never(condition)


def _kin(policy: Policy) -> Callable[[Place], Hashable]:
    """The same for places of which no rule of the policy can ask anything that is answered differently."""
    named = _Named()
    for rule in policy.every_rule():
        for condition in simple_ones(rule.conditions):
            named.add(condition)

    def kin_of(place: Place) -> Hashable:
        city = place.city
        return (
            place.continent if place.continent in named.continents else None,
            place.country if place.country in named.countries else None,
            place.subdivision if place.subdivision in named.subdivisions else None,
            place.asn if place.asn in named.numbers else None,
            city_names(place) if named.towns and city is not None and city.casefold() in named.towns else None,
            place.networks,
        )

    return kin_of
