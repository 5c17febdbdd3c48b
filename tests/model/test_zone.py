"""Which policy answers for a name, by its own name or by a wildcard."""

import pytest

from geodns.model.name import parse_name, show_in
from tests.values import ORIGIN, rrset, zone

ZONE = zone(
    rrset("@", "NS", "ns1"),
    rrset("ns1", "A", "192.0.2.53"),
    rrset("_sip._tcp", "SRV", "0 0 5060 ns1"),
    steered={"www": "web", "*": "wide", "a.deep": "deep", "*.deep": "below", "WWW.Caps": "caps"},
)


@pytest.mark.parametrize(
    ("owner", "policy"),
    [
        pytest.param("www", "web", id="its own"),
        pytest.param("any", "wide", id="the wildcard's"),
        pytest.param("any.thing", "wide", id="the wildcard's, several labels down"),
        pytest.param("*", "wide", id="the wildcard itself"),
        pytest.param("ns1", None, id="it has records, so the wildcard does not reach it"),
        pytest.param("x.www", None, id="a name above it exists, so the wildcard does not reach it"),
        pytest.param("_tcp", None, id="an empty non-terminal exists too"),
        pytest.param("x._tcp", None, id="and so do they for what is below them"),
        pytest.param("deep", None, id="an empty non-terminal above a steered name"),
        pytest.param("x.deep", "below", id="the nearest wildcard's"),
        pytest.param("x.y.deep", "below", id="the nearest wildcard's, several labels down"),
        pytest.param("a.deep", "deep", id="its own rather than the wildcard's"),
        pytest.param("x.a.deep", None, id="below a steered name there is no wildcard"),
        pytest.param("www.caps", "caps", id="in any case"),
        pytest.param("@", None, id="the apex has records"),
    ],
)
def test_a_name_s_own_policy_answers_or_the_wildcard_that_reaches_it(owner: str, policy: str | None) -> None:
    assert ZONE.policy_of(parse_name(owner, ORIGIN), ZONE.names()) == policy


def test_the_names_of_a_zone_are_its_owners_and_what_lies_between_them_and_the_apex() -> None:
    assert {show_in(name, ORIGIN) for name in ZONE.names()} == {
        "@", "ns1", "_sip._tcp", "_tcp", "www", "*", "a.deep", "deep", "*.deep", "www.caps", "caps",
    }  # fmt: skip


def test_a_zone_is_shown_by_its_name() -> None:
    assert str(ZONE) == "example.com."
