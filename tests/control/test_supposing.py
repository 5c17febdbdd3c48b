"""What would be answered with other loads, of an edition made of values."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from geodns.control import supposing as control
from geodns.control.burdens import Nobody
from geodns.control.edition import Edition
from geodns.control.supposing import Supposition, parse_loads
from geodns.model.pool import Limit, PoolName
from geodns.model.verdict import CLEAR, Loads, MemberKey
from tests.control import samples
from tests.values import ORIGIN, check, member, policy, pool, rule, zone

WEB = check()
A = replace(member("a", "192.0.2.1"), limit=Limit(target=100.0))
EU = replace(pool("eu", A, member("b", "192.0.2.2"), check=WEB), limit=Limit(target=8000.0, most=10_000.0))
US = pool("us", member("c", "192.0.2.11"), check=WEB)
LEAST = pool("least", member("d", "192.0.2.21"), member("e", "192.0.2.22"), select="least_load")
ZONE = zone(
    steered={"www": "web", "api": "api"},
    pools=[EU, US, LEAST],
    policies=[policy(rule("eu", "us"), name="web", select="weighted"), policy(rule("least"), name="api")],
)
EDITION = samples.edition(ZONE)


def supposing(loads: Mapping[str, float], *down: str, edition: Edition = EDITION) -> Edition:
    return control.supposing(edition, ZONE, Supposition(loads=loads, down=frozenset(down)), Nobody())


def pools(edition: Edition) -> dict[str, float]:
    choice = next(iter(next(plan for plan in edition.plans if plan.key.policy == "web").choices.values()))
    return {str(name): round(float(share), 2) for name, share in choice.shares}


def test_a_pool_leaves_what_it_would_once_it_has_settled() -> None:
    assert pools(supposing({"eu": 17_000})) == {"eu": 0.5, "us": 0.5}
    assert pools(supposing({"eu": 8000})) == {}
    assert EDITION.outlook is CLEAR, "nothing is done to the edition that is served"


def test_where_the_next_pool_is_down_it_keeps_all() -> None:
    assert pools(supposing({"eu": 17_000}, "us")) == {}


def test_a_member_leaves_to_its_sibling() -> None:
    loads = supposing({"eu/a": 200, "eu/b": 200}).outlook.loads
    assert loads.kept == {}
    eased = loads.eased[MemberKey(ORIGIN, PoolName("eu"), "a")]
    assert 100 <= 400 * eased / (1 + eased) <= 113


def test_members_that_are_chosen_by_load_are_evened() -> None:
    evened = supposing({"least/d": 100, "least/e": 300}).outlook.loads.evened
    d, e = (evened[MemberKey(ORIGIN, PoolName("least"), name)] for name in "de")
    assert 100 * d == pytest.approx(300 * e, rel=0.12)


def test_the_loads_of_other_pools_stay_as_they_are() -> None:
    kept = {(ORIGIN, PoolName("eu")): 0.3, (ORIGIN, PoolName("us")): 0.4}
    before = replace(EDITION, outlook=replace(CLEAR, loads=Loads(kept=kept)))
    assert supposing({"eu": 5000}, edition=before).outlook.loads.kept == {(ORIGIN, PoolName("us")): 0.4}


@pytest.mark.parametrize(
    ("loads", "sentence"),
    [
        ({"us": 1.0}, "no load matters to pool 'us'; give it load: {target: 8000}, or choose from it by least_load"),
        ({"eu/x": 1.0}, "pool 'eu' has no member 'x'; known: a, b"),
        ({"ue": 1.0}, "example.com. has no pool 'ue'; known: eu, least, us"),
    ],
)
def test_what_has_no_load_is_said(loads: Mapping[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match="pool") as refused:
        supposing(loads)
    assert str(refused.value) == sentence


def test_loads_as_they_are_written() -> None:
    assert parse_loads(["us=12000", "us/iad1=0.75"]) == {"us": 12_000.0, "us/iad1": 0.75}


@pytest.mark.parametrize("text", ["us", "us=", "=1", "us=much", "us=-1", "us=nan", "us=inf"])
def test_what_supposes_no_load_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="supposes no load; write us=12000"):
        parse_loads([text])
