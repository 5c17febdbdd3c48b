"""Which rule decides for a place."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from geodns.model.place import NOWHERE, Place
from geodns.model.policy import AnyOf, Condition, InAsn, InCity, InCountry, InNetwork, NoneOf
from geodns.policy.match import first_match, holds
from tests.values import place, policy, rule

OFFICE, BRANCH = ip_network("203.0.113.0/24"), ip_network("2001:db8:f::/48")

GLOBAL = policy(
    rule("us", network=["203.0.113.0/24", "2001:db8:f::/48"], line=1),
    rule("berlin", country=["DE"], network=["198.51.100.0/24"], line=2),
    rule("eu", country=["DE", "AT", "CH"], line=3),
    rule("west", subdivision=["US-CA", "US-OR"], line=4),
    rule("africa", continent=["AF", "EU"], line=5),
    rule("any", line=6),
)


@pytest.mark.parametrize(
    ("where", "line"),
    [
        pytest.param(place("EU/AT"), 3, id="one of a condition's codes is enough"),
        pytest.param(place("EU/CH"), 3, id="any of the codes is"),
        pytest.param(place("EU/FR"), 5, id="another country of the continent falls to a later rule"),
        pytest.param(place("NA/US/US-CA"), 4, id="a subdivision is told with its country"),
        pytest.param(place("NA/US/US-NY"), 6, id="no rule but the catch-all fits"),
        pytest.param(place("NA/US"), 6, id="an unknown subdivision fits none"),
        pytest.param(NOWHERE, 6, id="an unknown place falls to the catch-all"),
        pytest.param(Place(networks=frozenset([OFFICE])), 1, id="an own network fits without a place"),
        pytest.param(replace(place("EU/DE"), networks=frozenset([BRANCH])), 1, id="the first rule that fits wins"),
        pytest.param(place("EU/DE"), 3, id="all conditions of a rule must hold: the network is missing"),
        pytest.param(
            replace(place("EU/DE"), networks=frozenset([ip_network("198.51.100.0/24")])),
            2,
            id="all conditions of a rule hold",
        ),
        pytest.param(
            replace(place("AS/JP"), networks=frozenset([ip_network("198.51.100.0/24")])),
            6,
            id="all conditions must hold: the country is another",
        ),
        pytest.param(
            Place(networks=frozenset([ip_network("203.0.0.0/8", strict=False)])), 6, id="other networks fit none"
        ),
    ],
)
def test_the_first_rule_whose_conditions_all_hold_decides(where: Place, line: int) -> None:
    assert first_match(GLOBAL, where).source.line == line


def test_a_policy_without_a_catch_all_is_our_fault() -> None:
    with pytest.raises(AssertionError, match="catch-all"):
        first_match(policy(rule("eu", country=["DE"])), NOWHERE)


GERMANY, AUSTRIA = InCountry(frozenset({"DE"})), InCountry(frozenset({"AT"}))
CITIES = InCity(frozenset({"de/münchen", "us-tx/austin"}))
TELEKOM = InAsn(frozenset({3320}))
NOBODY_S = NoneOf((GERMANY, TELEKOM, InNetwork(frozenset({OFFICE}))))


@pytest.mark.parametrize(
    ("condition", "where", "expected"),
    [
        pytest.param(CITIES, Place(country="DE", city="München"), True, id="a city with its country"),
        pytest.param(CITIES, Place(country="AT", city="München"), False, id="a city of that name elsewhere"),
        pytest.param(CITIES, Place(country="US", subdivision="US-TX", city="Austin"), True, id="with its subdivision"),
        pytest.param(CITIES, Place(country="US", subdivision="US-MN", city="Austin"), False, id="in another one"),
        pytest.param(CITIES, Place(country="DE"), False, id="an unknown city"),
        pytest.param(TELEKOM, Place(asn=3320), True, id="an AS number"),
        pytest.param(TELEKOM, NOWHERE, False, id="an unknown one"),
        pytest.param(AnyOf((GERMANY, TELEKOM)), Place(country="FR", asn=3320), True, id="one of a region is enough"),
        pytest.param(AnyOf((GERMANY, TELEKOM)), Place(country="FR", asn=1), False, id="none of a region"),
        pytest.param(NOBODY_S, Place(country="FR", asn=1), True, id="kept out of nothing"),
        pytest.param(NOBODY_S, Place(country="DE", asn=1), False, id="kept out by one"),
        pytest.param(NOBODY_S, Place(country="FR", networks=frozenset({OFFICE})), False, id="kept out by a network"),
        pytest.param(NOBODY_S, NOWHERE, True, id="an unknown place is kept out by none"),
        pytest.param(NoneOf((AnyOf((GERMANY, AUSTRIA)),)), Place(country="AT"), False, id="not in a region"),
    ],
)
def test_a_condition_holds_where_its_sentence_is_true(condition: Condition, where: Place, expected: bool) -> None:
    assert holds(condition, where) is expected
