"""Policies within policies: as all of a rule, as a step of its order, and with a share."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from geodns.model.policy import Blend, Made, Ordered, Policy, Route, Rule
from geodns.model.pool import Family, PoolName
from geodns.policy.choice import choose
from geodns.policy.making import with_made
from geodns.policy.route import own_networks, route_of
from geodns.policy.supposing import suppose_down
from tests.values import HERE, ORIGIN, member, place, policy, pool, rule

POOLS = {
    each.name: each
    for each in (
        pool("frankfurt", member("a", "192.0.2.1")),
        pool("ashburn", member("b", "192.0.2.2")),
        pool("auckland", member("c", "192.0.2.3")),
        pool("nowhere", member("d", "192.0.2.4")),
        pool("frankfurt2", member("e", "192.0.2.5")),
    )
}


def names(*pools: str) -> tuple[PoolName, ...]:
    return tuple(map(PoolName, pools))


GERMAN = policy(
    rule("frankfurt", "ashburn", country=["DE"]),
    rule("frankfurt", country=["AT"], fence=True),
    rule(country=["KP"]),
    rule("auckland"),
    name="german",
    fallback="nowhere",
)


def within(*steps: PoolName | Blend, fence: bool = False) -> Policy:
    return policy(Rule(pools=Ordered(steps), fence=fence, source=HERE))


@pytest.mark.parametrize(
    ("where", "order", "fence"),
    [
        pytest.param("EU/DE", "frankfurt ashburn", False, id="its pools"),
        pytest.param("EU/AT", "frankfurt", True, id="its fence"),
        pytest.param("AS/KP", "", False, id="no address is no address"),
        pytest.param("EU/FR", "auckland", False, id="its rule for everybody"),
    ],
)
def test_a_rule_may_leave_it_to_another_policy(where: str, order: str, fence: bool) -> None:
    assert route_of(within(Blend(((GERMAN, 1),))), POOLS, place(where)) == Route(names(*order.split()), fence)


@pytest.mark.parametrize(
    ("where", "order"),
    [
        pytest.param("EU/DE", "frankfurt ashburn nowhere frankfurt2", id="its pools, its fallback, then the next step"),
        pytest.param("EU/AT", "frankfurt frankfurt2", id="whose fence keeps the fallback out"),
        pytest.param("AS/KP", "frankfurt2", id="no address is no pool of the order"),
    ],
)
def test_a_policy_may_be_a_step_of_the_order(where: str, order: str) -> None:
    steps = within(Blend(((GERMAN, 1),)), PoolName("frankfurt2"), PoolName("frankfurt"))
    expected = tuple(dict.fromkeys((*names(*order.split()), PoolName("frankfurt"))))
    assert route_of(steps, POOLS, place(where)).pools == expected


def test_a_policy_may_share_by_weight_and_its_order_is_one_pool_then() -> None:
    shared = within(Blend(((GERMAN, 95), (PoolName("frankfurt2"), 5))))
    order, whole = (
        PoolName("(frankfurt → ashburn → nowhere)"),
        PoolName("(frankfurt → ashburn → nowhere) 95 + frankfurt2 5"),
    )
    route = route_of(shared, POOLS, place("EU/DE"))
    assert route == Route(
        (whole,),
        made=(
            Made(order, tuple((name, 1) for name in names("frankfurt", "ashburn", "nowhere")), in_order=True),
            Made(whole, ((order, 95), (PoolName("frankfurt2"), 5))),
        ),
    )
    made = with_made(POOLS, [route])
    assert [leaf.name for leaf in made[whole].leaves()] == ["frankfurt", "ashburn", "nowhere", "frankfurt2"]
    assert route_of(shared, POOLS, place("EU/AT")).pools == names("frankfurt 95 + frankfurt2 5")


def test_where_both_come_to_the_same_pool_it_is_that_pool() -> None:
    shared = within(Blend(((GERMAN, 95), (PoolName("frankfurt"), 5))))
    assert route_of(shared, POOLS, place("EU/AT")) == Route(names("frankfurt"))
    twice = within(Blend(((GERMAN, 95), (replace(GERMAN, name="other"), 5))), PoolName("frankfurt2"))
    assert route_of(twice, POOLS, place("EU/DE")) == Route(names("frankfurt", "ashburn", "nowhere", "frankfurt2"))


def test_what_a_policy_names_is_what_all_within_it_name() -> None:
    outer = within(Blend(((GERMAN, 1), (PoolName("frankfurt2"), 5))))
    assert outer.pools() == names("frankfurt2", "frankfurt", "ashburn", "auckland", "nowhere")
    inner = policy(rule("ashburn", network=["192.0.2.0/24"]), rule("auckland"))
    assert own_networks(within(Blend(((inner, 1),)))) == {ip_network("192.0.2.0/24")}


# ── who answers ───────────────────────────────────────────────────────────────────────────────────────────────────


def shares_with(*down: str) -> dict[str, float]:
    shared = within(Blend(((GERMAN, 95), (PoolName("frankfurt2"), 5))))
    pools, outlook = suppose_down(POOLS, frozenset(down))
    choice = choose(ORIGIN, route_of(shared, pools, place("EU/DE")), shared, pools, Family.IPV4, outlook)
    return {pool: float(share) for pool, share in choice.by_pool()}


@pytest.mark.parametrize(
    ("down", "shares"),
    [
        ("", {"frankfurt": 0.95, "frankfurt2": 0.05}),
        ("frankfurt", {"ashburn": 0.95, "frankfurt2": 0.05}),
        ("frankfurt ashburn", {"nowhere": 0.95, "frankfurt2": 0.05}),
        ("frankfurt ashburn nowhere", {"frankfurt2": 1.0}),
        ("frankfurt2", {"frankfurt": 1.0}),
        ("frankfurt ashburn nowhere frankfurt2", {"frankfurt": 0.95, "frankfurt2": 0.05}),  # fails open
    ],
)
def test_an_order_within_a_share_fails_over_by_itself(down: str, shares: dict[str, float]) -> None:
    assert shares_with(*down.split()) == shares
