"""Places that a policy cannot tell apart share a route; and it is the one that each of them has by itself."""

from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from geodns.model.place import NOWHERE, Place
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
    Rule,
)
from geodns.model.pool import Pools
from geodns.policy import kin
from geodns.policy.kin import router
from geodns.policy.route import route_of
from tests.values import member, policy, pool, rule

BY_NAME: Pools = {
    each.name: each
    for each in (pool(name, member(name, "192.0.2.1"), at=at) for name, at in (("eu", (50, 9)), ("us", (39, -77))))
}
OFFICE = ip_network("192.0.2.0/24")


def known(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *values])


places = st.just(NOWHERE) | st.builds(
    Place,
    continent=known("EU", "NA"),
    country=known("DE", "FR", "US"),
    subdivision=known("DE-BE", "DE-BB", "US-TX"),
    city=known("Berlin", "BERLIN", "Paris"),
    asn=st.sampled_from([None, 1, 2]),
    networks=st.sampled_from([frozenset(), frozenset({OFFICE})]),
)
simple: st.SearchStrategy[Condition] = st.one_of(
    st.builds(InContinent, st.frozensets(st.sampled_from(["EU", "AS"]))),
    st.builds(InCountry, st.frozensets(st.sampled_from(["DE", "US"]))),
    st.builds(InSubdivision, st.frozensets(st.sampled_from(["DE-BE", "US-TX"]))),
    st.builds(InCity, st.frozensets(st.sampled_from(["de/berlin", "us-tx/paris", "fr/paris", "de-be/berlin"]))),
    st.builds(InAsn, st.frozensets(st.sampled_from([1, 3]))),
    st.just(InNetwork(frozenset({OFFICE}))),
)
conditions = simple | st.lists(simple, min_size=1, max_size=2).flatmap(
    lambda some: st.sampled_from([AnyOf(tuple(some)), NoneOf(tuple(some))])
)
rules = st.lists(
    st.builds(
        lambda name, also, nearest, fence: rule(name, "us", also=also, nearest=nearest, fence=fence),
        st.just("eu"),
        st.lists(conditions, min_size=1, max_size=2),
        st.booleans(),
        st.booleans(),
    ),
    max_size=4,
)


@given(rules, st.lists(places, min_size=1, max_size=30))
def test_each_place_has_the_route_that_it_has_by_itself(some: list[Rule], asked: list[Place]) -> None:
    decided = policy(*some, rule("us"))
    route = router(decided, BY_NAME)
    assert [route(place) for place in asked] == [route_of(decided, BY_NAME, place) for place in asked]


def test_places_that_no_rule_names_are_asked_for_once() -> None:
    decided = policy(rule("eu", also=[InCity(frozenset({"de/berlin"}))]), rule("us"))
    some = [Place(country="DE", city=f"town {number}") for number in range(100)]
    assert len({kin._kin(decided)(place) for place in some}) == 1
    berlins = [Place(country=code, city="Berlin") for code in ("DE", "US")]
    assert len({kin._kin(decided)(place) for place in berlins}) == 2
