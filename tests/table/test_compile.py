"""Drafts: which plans use a pool."""

from geodns.model.pool import PoolName
from geodns.model.verdict import CLEAR
from geodns.table.compile import compile_plans, draft_plans
from geodns.table.lands import draw_lands
from geodns.table.slots import Ledgers
from tests.values import ORIGIN, atlas, member, policy, pool, rule, zone

ZONES = [
    zone(
        steered={"a": "first", "b": "second", "c": "third"},
        pools=[
            pool("eu", member("fra1", "192.0.2.1", "2001:db8::1")),
            pool("us", member("iad1", "192.0.2.2")),
            pool("sorry", member("x", "192.0.2.3")),
            pool("unused", member("y", "192.0.2.4")),
        ],
        policies=[
            policy(rule("eu", "us", country=["DE"]), rule("us"), name="first"),
            policy(rule("us"), name="second", fallback="sorry"),
            policy(rule("sorry"), name="third"),
            policy(rule("unused"), name="of nobody"),
        ],
    )
]
LANDS = draw_lands(ZONES, atlas())
SLOTS = Ledgers.empty().for_zones(ZONES).member_slots(ZONES)
DRAFTS = draft_plans(ZONES, LANDS, SLOTS)


def users(*pools: str) -> list[str]:
    numbers = DRAFTS.numbers([(ORIGIN, PoolName(name)) for name in pools])
    return [f"{DRAFTS.drafts[number].key.policy} {DRAFTS.drafts[number].key.asked}" for number in numbers]


def test_a_plan_uses_the_pools_of_its_rules_and_its_fallback() -> None:
    assert users("eu") == ["first A", "first AAAA"]
    assert users("us") == ["first A", "first AAAA", "second A"]
    assert users("sorry") == ["second A", "third A"]


def test_a_plan_that_uses_two_changed_pools_is_named_once() -> None:
    assert users("us", "sorry") == ["first A", "first AAAA", "second A", "third A"]


def test_a_pool_that_answers_for_no_name_is_used_by_no_plan() -> None:
    assert users("unused", "nobody") == []


def test_each_draft_compiles_to_the_plan_of_its_number() -> None:
    assert tuple(DRAFTS.compile(number, CLEAR) for number in range(4)) == compile_plans(ZONES, LANDS, CLEAR, SLOTS)
