"""Pools of pools: who of them answers, and with which share."""

from fractions import Fraction
from math import inf

import pytest

from geodns.model.pool import Family, Pool, PoolName, State
from geodns.model.verdict import Outlook
from geodns.policy import select
from geodns.policy.availability import Availability, availability
from geodns.policy.nesting import merged
from tests.values import ORIGIN, check, member, of_pools, outlook, pool

CHECK = check(interval=10.0)
OLD = pool("old", member("a", "192.0.2.1", weight=3), member("b", "192.0.2.2"), check=CHECK)
NEW = pool("new", member("c", "192.0.2.3", "2001:db8::3"), check=CHECK)
SPARE = pool("spare", member("d", "192.0.2.4"))
ALL_OLD = ((CHECK, "192.0.2.1"), (CHECK, "192.0.2.2"))


CANARY = of_pools("canary", (OLD, 95), (NEW, 5))


def seen(asked: Pool, said: Outlook = outlook(), family: Family = Family.IPV4) -> Availability:  # noqa: B008
    return availability(ORIGIN, asked, family, said)


def shares(view: Availability) -> dict[str, Fraction]:
    total = sum(each.weight for each in view.up.own)
    return {f"{each.home}/{each.name}": Fraction(each.weight, total) for each in view.up.own}


def test_a_pool_s_share_is_its_weight_s_and_within_it_its_members_weights_decide() -> None:
    assert shares(seen(CANARY)) == {
        "old/a": Fraction(95 * 3, 400),
        "old/b": Fraction(95, 400),
        "new/c": Fraction(5, 100),
    }


def test_a_member_that_fails_leaves_its_share_to_those_of_its_pool() -> None:
    assert shares(seen(CANARY, outlook((CHECK, "192.0.2.1")))) == {
        "old/b": Fraction(95, 100),
        "new/c": Fraction(5, 100),
    }


def test_a_pool_that_fails_leaves_its_share_to_the_other_pools() -> None:
    view = seen(CANARY, outlook(*ALL_OLD))
    assert view.holds
    assert shares(view) == {"new/c": Fraction(1)}


def test_it_fails_when_all_of_its_pools_do_and_says_why_of_each() -> None:
    view = seen(CANARY, outlook(*ALL_OLD, (CHECK, "192.0.2.3")))
    assert not view.holds
    assert view.reason == "old: none of 2 members is up; new: its one member is not up"
    assert [each.name for each in view.admitted.own] == ["a", "b", "c"]


def test_weight_0_is_the_last_resort() -> None:
    asked = of_pools("last", (OLD, 1), (SPARE, 0))
    assert set(shares(seen(asked))) == {"old/a", "old/b"}
    assert shares(seen(asked, outlook(*ALL_OLD))) == {"spare/d": Fraction(1)}


def test_pools_of_pools_may_be_parts_again() -> None:
    outer = of_pools("outer", (CANARY, 1), (SPARE, 1))
    assert shares(seen(outer)) == {
        "old/a": Fraction(95 * 3, 800),
        "old/b": Fraction(95, 800),
        "new/c": Fraction(5, 200),
        "spare/d": Fraction(1, 2),
    }


def test_what_operators_take_out_of_a_part_is_out() -> None:
    assert set(shares(seen(CANARY, outlook(overrides={("old", "a"): State.DRAIN})))) == {"old/b", "new/c"}


def test_it_has_the_families_that_any_part_has() -> None:
    assert CANARY.families() == {Family.IPV4, Family.IPV6}
    assert shares(seen(CANARY, family=Family.IPV6)) == {"new/c": Fraction(1)}


def test_it_could_change_as_soon_as_any_part_could() -> None:
    assert seen(CANARY, outlook(flip_in=7.0)).flip_in == 10.0
    assert seen(of_pools("x", (SPARE, 1))).flip_in == inf


@pytest.mark.parametrize("weights", [(1, 1_000_000), (999_983, 1_000_003), (7, 11)])
def test_shares_stay_right_with_weights_of_any_size(weights: tuple[int, int]) -> None:
    first = (member("a", "192.0.2.1", weight=999_979), member("b", "192.0.2.2", weight=999_961))
    second = (member("c", "192.0.2.3", weight=999_959), member("d", "192.0.2.4", weight=1))
    found = merged([(PoolName("x"), weights[0], first), (PoolName("y"), weights[1], second)])
    total = sum(each.weight for each in found)
    assert sum(each.weight for each in found[:2]) / total == pytest.approx(weights[0] / sum(weights), rel=1e-3)


def test_a_member_that_comes_by_several_ways_is_one_with_all_that_it_gets() -> None:
    a, b = member("a", "192.0.2.1"), member("b", "192.0.2.2")
    x, y = pool("x", a), pool("y", b)
    both = of_pools("both", (x, 1), (of_pools("inner", (x, 1), (y, 1)), 1))
    found = seen(both)
    assert shares(found) == {"x/a": Fraction(3, 4), "y/b": Fraction(1, 4)}
    assert [each.name for each in found.up.own] == ["a", "b"]
    drawn = select("weighted", found.up.own, 2)
    assert all(len({each.name for each in draw.members}) == 2 for draw in drawn.draws), "an answer names nobody twice"


def test_nobody_is_merged_to_nobody() -> None:
    assert merged([]) == ()
    assert merged([(PoolName("x"), 1, ())]) == ()


def test_two_members_of_one_name_keep_different_clients() -> None:
    """In a pool of pools a name may come twice; by its name alone each would have the other's clients."""
    twins = merged([(PoolName("x"), 1, (member("m", "192.0.2.1"),)), (PoolName("y"), 1, (member("m", "192.0.2.2"),))])
    found = select("sticky", twins, 1)
    weights = [draw.weight for draw in found.draws]
    assert sum(weights) == found.total
    assert min(weights) > 0.45 * found.total
