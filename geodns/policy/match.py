"""Which rule of a policy a place falls under: the first one whose conditions all hold."""

from typing import assert_never

from geodns.model.place import Place
from geodns.model.policy import Condition, InContinent, InCountry, InNetwork, InSubdivision, Policy, Rule


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
        case _:
            assert_never(condition)
