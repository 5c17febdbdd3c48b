"""Which rule of a policy a place falls under: the first one whose conditions all hold."""

from typing import assert_never

from geodns.model.place import Place
from geodns.model.policy import (
    AnyOf,
    Condition,
    InAsn,
    InCity,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    Nearest,
    NoneOf,
    Policy,
    Rule,
    simple_ones,
)


def first_match(policy: Policy, place: Place) -> Rule:
    """The rule that decides for `place`. A policy ends in a catch-all, so there always is one."""
    for rule in policy.rules:
        if all(holds(condition, place) for condition in rule.conditions):
            return rule
    raise AssertionError(f"policy {policy.name} has no catch-all")


def holds(condition: Condition, place: Place) -> bool:
    match condition:
        case InNetwork(networks):
            return not networks.isdisjoint(place.networks)
        case InContinent(codes):
            return place.continent in codes
        case InCountry(codes):
            return place.country in codes
        case InSubdivision(codes):
            return place.subdivision in codes
        case InCity(names):
            return not names.isdisjoint(city_names(place))
        case InAsn(numbers):
            return place.asn in numbers
        case AnyOf(conditions):
            return any(holds(each, place) for each in conditions)
        case NoneOf(conditions):
            return not any(holds(each, place) for each in conditions)
        case _:
            assert_never(condition)


def looked_at(policy: Policy) -> frozenset[str]:
    """The fields of a place that can make a difference to the policy, its own networks apart."""
    found: set[str] = set()
    for rule in policy.every_rule():
        found.update(*map(_fields, simple_ones(rule.conditions)))
        if isinstance(rule.pools, Nearest):
            found.add("location")
    return frozenset(found)


def _fields(condition: Condition) -> tuple[str, ...]:
    match condition:
        case InNetwork() | AnyOf() | NoneOf():  # of the latter two, what they are made of is asked for by itself
            return ()
        case InContinent():
            return ("continent",)
        case InCountry():
            return ("country",)
        case InSubdivision():
            return ("subdivision",)
        case InCity():
            return ("country", "subdivision", "city")
        case InAsn():
            return ("asn",)
        case _:
            assert_never(condition)


def city_names(place: Place) -> tuple[str, ...]:
    """How rules may name its city: by its country, or by its subdivision where the country has several of the name."""
    if place.city is None:
        return ()
    return tuple(f"{code}/{place.city}".casefold() for code in (place.country, place.subdivision) if code)
