"""A policy sees an atlas through the fields that it looks at: less to sweep, and the same territory to the octet."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.atlas import Atlas
from geodns.geo.view import Views, seen_through
from geodns.model.place import NOWHERE, Location, Network, Place
from geodns.model.policy import (
    AnyOf,
    Condition,
    InAsn,
    InCity,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    NoneOf,
    Policy,
)
from geodns.policy.match import looked_at
from geodns.table.lands import draw_land, draw_lands
from tests.strategies import networks, partitions
from tests.values import atlas, member, policy, pool, rule, zone

PLACES = (
    NOWHERE,
    Place(continent="EU", country="DE", subdivision="DE-BE", city="Berlin", asn=1, location=Location(lat=52, lon=13)),
    Place(continent="EU", country="DE", subdivision="DE-BY", city="Berlin", asn=2, location=Location(lat=48, lon=11)),
    Place(continent="EU", country="FR", subdivision="FR-IDF", city="Paris", asn=1, location=Location(lat=49, lon=2)),
)
POOLS = (
    pool("eu", member("a", "192.0.2.1"), at=(50.1, 8.7)),
    pool("us", member("b", "192.0.2.2"), at=(39.0, -77.5)),
    pool("it", member("c", "192.0.2.3"), at=(45.5, 9.2)),
)
BY_NAME = {each.name: each for each in POOLS}

simple: st.SearchStrategy[Condition] = st.sampled_from(
    [
        InContinent(frozenset({"EU"})),
        InCountry(frozenset({"DE"})),
        InSubdivision(frozenset({"DE-BY", "FR-IDF"})),
        InCity(frozenset({"de-be/berlin"})),
        InCity(frozenset({"de/berlin"})),
        InAsn(frozenset({1})),
    ]
)
conditions: st.SearchStrategy[Condition] = simple | st.lists(simple, min_size=1, max_size=2).flatmap(
    lambda some: st.sampled_from([AnyOf(tuple(some)), NoneOf(tuple(some)), NoneOf((AnyOf(tuple(some)),))])
)
atlases = st.builds(
    lambda v4, v6: Atlas(name="test", built=0, digest="", places=PLACES, v4=v4, v6=v6), partitions(4), partitions(6)
)


@st.composite
def policies(draw_: st.DrawFn) -> Policy:
    own: list[Network] = draw_(networks)
    asked: st.SearchStrategy[Condition] = conditions | st.just(InNetwork(frozenset(own)))
    rules = [
        rule(
            *draw_(st.lists(st.sampled_from(["eu", "us", "it"]), min_size=1, max_size=2, unique=True)),
            also=draw_(st.lists(asked, max_size=2)),
            nearest=draw_(st.booleans()),
        )
        for _ in range(draw_(st.integers(0, 3)))
    ]
    return policy(*rules, rule("us", "eu", nearest=draw_(st.booleans())))


@given(atlases, policies())
def test_a_territory_comes_out_the_same_to_the_octet(world: Atlas, decided: Policy) -> None:
    plain = draw_land(decided, BY_NAME, world)
    assert draw_land(decided, BY_NAME, seen_through(world, looked_at(decided))) == plain
    assert draw_lands([zone(steered={"www": "global"}, pools=POOLS, policies=[decided])], world).lands == (plain,)


@pytest.mark.parametrize(
    ("condition", "looks_at"),
    [
        (InNetwork(frozenset()), ""),
        (InContinent(frozenset({"EU"})), "continent"),
        (InCity(frozenset({"de/berlin"})), "country subdivision city"),
        (NoneOf((AnyOf((InAsn(frozenset({1})), InCountry(frozenset({"DE"})))),)), "asn country"),
    ],
)
def test_what_a_policy_looks_at(condition: Condition, looks_at: str) -> None:
    assert looked_at(policy(rule("eu", also=[condition]), rule("us"))) == set(looks_at.split())
    assert looked_at(policy(rule("eu", "us", nearest=True))) == {"location"}


def test_every_field_can_be_looked_at() -> None:
    """A new one would not be seen through a view, unless somebody says which condition looks at it."""
    assert {field.name for field in fields(Place)} == {
        "continent", "country", "subdivision", "city", "location", "asn", "networks",
    }  # fmt: skip


def test_countries_are_fewer_runs_than_cities() -> None:
    world = atlas({"8.0.0.0/9": PLACES[1], "8.128.0.0/9": PLACES[2], "9.0.0.0/8": PLACES[3]})
    seen = seen_through(world, frozenset({"country"}))
    assert seen.places == (NOWHERE, Place(country="DE"), Place(country="FR"))
    assert len(seen.v4.values) == len(world.v4.values) - 1
    assert len(seen_through(world, frozenset()).v4.values) == 1


def test_a_view_is_made_once_and_only_where_it_is_smaller() -> None:
    world = atlas({f"{n}.0.0.0/8": replace(PLACES[1], asn=n) for n in range(20, 40)})
    views = Views(world)
    by_country = views.through(frozenset({"country"}))
    assert views.through(frozenset({"country"})) is by_country
    assert len(by_country.v4.values) == 3
    assert views.through(frozenset({"asn"})) is world
