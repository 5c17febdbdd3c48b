"""Rule + place → the pools in failover order."""

from ipaddress import ip_network

import pytest

from geodns.model.place import NOWHERE, Place
from geodns.model.policy import Nearest, Policy, Route
from geodns.model.pool import PoolName
from geodns.policy.route import alike, by_distance, own_networks, route_of
from tests.values import member, place, policy, pool, rule

POOLS = {
    each.name: each
    for each in (
        pool("frankfurt", member("a", "192.0.2.1"), at=(50.11, 8.68)),
        pool("ashburn", member("b", "192.0.2.2"), at=(39.04, -77.49)),
        pool("auckland", member("c", "192.0.2.3"), at=(-36.85, 174.76)),
        pool("nowhere", member("d", "192.0.2.4")),
        pool("frankfurt2", member("e", "192.0.2.5"), at=(50.11, 8.68)),
    )
}


def names(*pools: str) -> tuple[PoolName, ...]:
    return tuple(map(PoolName, pools))


@pytest.mark.parametrize(
    ("at", "order"),
    [
        pytest.param((48.1, 11.6), "frankfurt ashburn auckland", id="Munich"),
        pytest.param((40.7, -74.0), "ashburn frankfurt auckland", id="New York"),
        pytest.param((-33.9, 151.2), "auckland ashburn frankfurt", id="Sydney"),
        pytest.param((-13.8, -171.8), "auckland ashburn frankfurt", id="Samoa: nearest over the antimeridian"),
        pytest.param((90.0, 0.0), "frankfurt ashburn auckland", id="the north pole"),
        # Degrees taken as plain numbers would make Ashburn the nearer one.
        pytest.param((75.0, -40.0), "frankfurt ashburn auckland", id="Greenland: degrees shrink towards the pole"),
    ],
)
def test_the_nearest_pool_comes_first(at: tuple[float, float], order: str) -> None:
    by_distance = policy(rule("auckland", "ashburn", "frankfurt", nearest=True))
    assert route_of(by_distance, POOLS, place("EU/DE", at)).pools == names(*order.split())


ALL = names("frankfurt", "ashburn", "auckland")


@pytest.mark.parametrize(
    ("nearest", "at", "order"),
    [
        # From Halifax it is 1,250 km to Ashburn and 5,300 to Frankfurt.
        pytest.param(Nearest(ALL), (44.6, -63.6), "ashburn frankfurt auckland", id="nothing said"),
        pytest.param(Nearest(ALL, biases=((ALL[0], 80),)), (44.6, -63.6), "frankfurt ashburn auckland", id="drawn in"),
        pytest.param(Nearest(ALL, biases=((ALL[1], -80),)), (44.6, -63.6), "frankfurt ashburn auckland", id="kept off"),
        pytest.param(
            Nearest(ALL, biases=((ALL[0], 75),)), (44.6, -63.6), "ashburn frankfurt auckland", id="too little"
        ),
        pytest.param(Nearest(ALL, ties=400), (44.6, -63.6), "frankfurt ashburn auckland", id="as near as the nearest"),
        pytest.param(Nearest(ALL, ties=300), (44.6, -63.6), "ashburn frankfurt auckland", id="not as near as that"),
        pytest.param(Nearest(ALL, limit=2), (44.6, -63.6), "ashburn frankfurt", id="the nearest two"),
        pytest.param(Nearest(ALL, limit=9), (44.6, -63.6), "ashburn frankfurt auckland", id="more than there are"),
        pytest.param(Nearest(ALL, limit=1), None, "frankfurt", id="without a place, the first of the written order"),
    ],
)
def test_distances_are_weighed_as_the_rule_says(nearest: Nearest, at: tuple[float, float] | None, order: str) -> None:
    where = place("EU/DE", at) if at else NOWHERE
    assert by_distance(nearest, POOLS, where) == names(*order.split())


@pytest.mark.parametrize(
    ("written", "where", "order"),
    [
        pytest.param("ashburn frankfurt", NOWHERE, "ashburn frankfurt", id="a client of unknown place"),
        pytest.param("frankfurt ashburn", place("EU/DE"), "frankfurt ashburn", id="a country without a point"),
        pytest.param(
            "nowhere ashburn", place("EU/DE", (50.0, 8.0)), "ashburn nowhere", id="a pool without a place is last"
        ),
        pytest.param("frankfurt2 frankfurt", place("EU/DE", (50.0, 8.0)), "frankfurt2 frankfurt", id="equally near"),
        pytest.param(
            "frankfurt frankfurt2", place("EU/DE", (50.0, 8.0)), "frankfurt frankfurt2", id="equally near, turned"
        ),
    ],
)
def test_where_distance_tells_nothing_the_written_order_does(written: str, where: Place, order: str) -> None:
    assert route_of(policy(rule(*written.split(), nearest=True)), POOLS, where).pools == names(*order.split())


@pytest.mark.parametrize(
    ("decided", "route"),
    [
        pytest.param(
            policy(rule("ashburn", "frankfurt")), Route(names("ashburn", "frankfurt")), id="the failover order"
        ),
        pytest.param(policy(rule("ashburn", fence=True)), Route(names("ashburn"), fence=True), id="fenced"),
        pytest.param(policy(rule()), Route(()), id="deliberately no address"),
        pytest.param(
            policy(rule("auckland", "frankfurt", nearest=True, fence=True)),
            Route(names("frankfurt", "auckland"), fence=True),
            id="fenced, by distance",
        ),
    ],
)
def test_a_rule_says_the_order_and_whether_it_may_be_left(decided: Policy, route: Route) -> None:
    assert route_of(decided, POOLS, place("EU/DE", (50.0, 8.0))) == route


def test_a_policy_names_the_networks_and_pools_of_all_its_rules() -> None:
    decided = policy(
        rule("ashburn", network=["192.0.2.0/24"]),
        rule("frankfurt", network=["2001:db8::/32"], country=["DE"]),
        rule("auckland", nearest=True),
        fallback="nowhere",
    )
    assert own_networks(decided) == {ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")}
    assert set(decided.pools()) == set(names("ashburn", "frankfurt", "auckland", "nowhere"))
    assert policy(rule("ashburn")).pools() == names("ashburn")


def test_networks_that_no_rule_tells_apart_have_one_that_stands_for_them() -> None:
    decided = policy(
        rule("ashburn", network=["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"]),
        rule("frankfurt", network=["203.0.113.0/24", "2001:db8::/32"]),
        rule("auckland"),
    )
    stands = alike(decided)
    assert stands[ip_network("192.0.2.0/24")] == stands[ip_network("198.51.100.0/24")]
    assert len(set(stands.values())) == 3
    assert stands.keys() == own_networks(decided)
