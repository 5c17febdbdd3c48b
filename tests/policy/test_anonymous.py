"""What parts the clients, whoever the pools are: policies that differ in names alone are drawn once."""

from collections.abc import Callable

import pytest

from geodns.model.policy import Nearest, Policy, Rule
from geodns.model.pool import PoolName
from geodns.policy.anonymous import anonymous
from geodns.table.lands import Land, Lands, draw_land, draw_lands
from tests.values import HERE, atlas, member, place, policy, pool, rule, zone

WORLD = atlas({"8.0.0.0/8": place("EU/DE", (52, 13)), "9.0.0.0/8": place("NA/US", (38, -100))})
POOLS = tuple(
    pool(name, member(name, "192.0.2.1"), at=at)
    for name, at in (("eu", (50, 9)), ("us", (39, -77)), ("eu2", (50, 9)), ("us2", (39, -77)), ("ap", (36, 140)))
)
BY_NAME = {each.name: each for each in POOLS}


def drawn(*policies: Policy) -> tuple[Lands, int]:
    """The lands, and how many of them had to be made."""
    made: list[str] = []

    def keep(digest: str, make: Callable[[], Land]) -> Land:
        made.append(digest)
        return make()

    return draw_lands([zone(pools=POOLS, policies=policies)], WORLD, keep), len(made)


def nearest(*pools: str, biased: str) -> Rule:
    names = tuple(map(PoolName, pools))
    return Rule(pools=Nearest(names, biases=((PoolName(biased), 20),)), source=HERE)


A = policy(rule("eu", "us", country=["DE"]), rule("us"), name="a")
OTHERS = policy(rule("eu2", "us2", country=["DE"]), rule("us2"), name="b")
NEAR = policy(rule("us", country=["DE"]), nearest("us", "eu", biased="eu"), name="a", fallback="ap")
NEAR2 = policy(rule("us2", country=["DE"]), nearest("us2", "eu2", biased="eu2"), name="b", fallback="us")


@pytest.mark.parametrize(("one", "other"), [(A, OTHERS), (NEAR, NEAR2)])
def test_policies_that_differ_in_names_alone_are_drawn_once_and_keep_their_routes(one: Policy, other: Policy) -> None:
    lands, made = drawn(one, other)
    assert made == 1
    assert lands.lands == (draw_land(one, BY_NAME, WORLD), draw_land(other, BY_NAME, WORLD))
    assert lands.lands[0].block is lands.lands[1].block
    assert lands.lands[0].routes != lands.lands[1].routes


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(policy(rule("us", "eu", country=["DE"]), rule("us"), name="b"), id="another order"),
        pytest.param(policy(rule("eu2", "us", country=["DE"]), rule("eu2"), name="b"), id="another of them at the end"),
        pytest.param(policy(rule("eu", "us", country=["FR"]), rule("us"), name="b"), id="another country"),
        pytest.param(policy(rule("eu", "us", country=["DE"], fence=True), rule("us"), name="b"), id="a fence"),
    ],
)
def test_what_parts_clients_otherwise_is_drawn_by_itself(other: Policy) -> None:
    lands, made = drawn(A, other)
    assert made == 2
    assert lands.lands == (draw_land(A, BY_NAME, WORLD), draw_land(other, BY_NAME, WORLD))


def test_pools_elsewhere_are_others_to_nearest_only() -> None:
    near, far = (policy(rule(name, "us", nearest=True), name=name) for name in ("eu", "ap"))
    assert drawn(near, far)[1] == 2
    in_order, farther = (policy(rule(name, "us"), name=name) for name in ("eu", "ap"))
    assert drawn(in_order, farther)[1] == 1


def test_policies_with_the_same_rules_are_one_land() -> None:
    again = policy(*A.rules, name="again", answers=3)
    lands, _ = drawn(A, again)
    assert len(lands.lands) == 1
    assert set(lands.of_policy.values()) == {0}


def test_every_pool_has_a_number_in_the_order_of_the_rules() -> None:
    plain = anonymous(NEAR, BY_NAME)
    assert plain.names == ("us", "eu", "ap")
    assert plain.policy.fallback == "2"
    assert {number: each.name for number, each in plain.pools.items()} == {"0": "us", "1": "eu", "2": "ap"}
