"""sticky as values: who moves when a member comes or goes, and which part of the clients each member has."""

from array import array
from collections import Counter
from collections.abc import Sequence
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodns.model.pool import Member
from geodns.policy import select
from geodns.policy.rendezvous import enter, shuffle
from geodns.policy.sticky import BUCKETS, exact_costs
from tests.geo.speeds import same_at_both_speeds
from tests.values import member


def members(*weights: int) -> list[Member]:
    return [member(f"m{at}", f"192.0.2.{at % 250 + 1}", weight=weight) for at, weight in enumerate(weights)]


def kept(pool: Sequence[Member], answers: int = 1) -> list[tuple[str, ...]]:
    """For each bucket, the members that its clients get."""
    distribution = select("sticky", pool, answers)
    named = [tuple(one.name for one in draw.members) for draw in distribution.draws]
    return [named[number] for number in distribution.buckets]


def without(pool: Sequence[Member], name: str) -> list[Member]:
    return [one for one in pool if one.name != name]


TEN = members(*[1] * 10)


def test_losing_one_of_ten_moves_its_clients_and_no_others() -> None:
    before, after = kept(TEN), kept(without(TEN, "m3"))
    for was, now in zip(before, after, strict=True):
        assert (now != was) is (was == ("m3",))


def test_the_clients_of_a_lost_member_are_spread_over_all_others() -> None:
    before, after = kept(TEN), kept(without(TEN, "m3"))
    heirs = Counter(now for was, now in zip(before, after, strict=True) if was == ("m3",))
    assert len(heirs) == 9
    assert max(heirs.values()) < 1.3 * sum(heirs.values()) / 9


def test_a_member_that_comes_back_gets_its_clients_back() -> None:
    before = kept(TEN)
    kept(without(TEN, "m3"))
    assert kept([*without(TEN, "m3"), TEN[3]]) == before


@pytest.mark.parametrize("count", [1, 2, 10, 16, 32])
def test_one_member_more_takes_its_part_and_moves_nobody_else(count: int) -> None:
    """At powers of two as anywhere: how many buckets there are does not hang on the pool."""
    before, after = kept(members(*[1] * count)), kept(members(*[1] * (count + 1)))
    moved = [now for was, now in zip(before, after, strict=True) if was != now]
    assert set(moved) == {(f"m{count}",)}
    assert len(moved) / BUCKETS == pytest.approx(1 / (count + 1), rel=0.1)


def test_a_new_weight_moves_clients_to_its_member_only() -> None:
    before, after = kept(members(1, 1, 1, 1)), kept(members(1, 1, 3, 1))
    assert {now for was, now in zip(before, after, strict=True) if was != now} == {("m2",)}


def test_the_order_in_which_members_are_written_is_no_matter() -> None:
    assert kept(TEN[::-1]) == kept(TEN)


@pytest.mark.parametrize(
    ("weights", "deviation"),
    [((1, 1), 0.02), ((1, 1, 1), 0.02), ((3, 1), 0.02), ((1,) * 10, 0.05), (tuple(range(1, 11)), 0.05), ((99, 1), 0.1)],
)
def test_shares_follow_the_weights(weights: tuple[int, ...], deviation: float) -> None:
    shares = select("sticky", members(*weights), 1).shares()
    for at, weight in enumerate(weights):
        assert shares[f"m{at}"] == pytest.approx(weight / sum(weights), rel=deviation)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_no_share_is_further_from_its_weight_than_chance_would_have_it(weights: list[int]) -> None:
    """Five standard deviations of as many independent draws as there are buckets: permutations come closer."""
    shares = select("sticky", members(*weights), 1).shares()
    for at, weight in enumerate(weights):
        wanted = weight / sum(weights)
        assert abs(shares.get(f"m{at}", 0) - wanted) <= 5 * sqrt(wanted * (1 - wanted) / BUCKETS) + 1 / BUCKETS


weighted_pools = st.lists(st.integers(1, 40), min_size=1, max_size=6).map(lambda weights: members(*weights))


@settings(max_examples=20)
@given(weighted_pools, st.integers(1, 7))
def test_several_answers_begin_with_the_member_that_one_answer_names(pool: list[Member], answers: int) -> None:
    several = kept(pool, answers)
    assert [each[:1] for each in several] == kept(pool)
    assert all(len(each) == len(set(each)) == min(answers, len(pool)) for each in several)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 40), min_size=3, max_size=6).map(lambda weights: members(*weights)))
def test_the_second_of_two_is_who_takes_over_when_the_first_is_lost(pool: list[Member]) -> None:
    heirs = {one.name: kept(without(pool, one.name)) for one in pool}
    for bucket, (first, second) in enumerate(kept(pool, 2)):
        assert heirs[first][bucket] == (second,)


def test_the_weights_of_draws_are_how_many_buckets_they_have() -> None:
    distribution = select("sticky", members(2, 1, 1), 2)
    counted = Counter(distribution.buckets)
    assert [draw.weight for draw in distribution.draws] == [counted[at] for at in range(len(distribution.draws))]
    assert distribution.total == BUCKETS


def test_who_is_kept_where_is_the_same_in_every_process_and_on_every_platform() -> None:
    """These were written down once: where they change, an update of geodns moves clients."""
    found = kept([member(name, "192.0.2.1", weight=weight) for name, weight in (("fra1", 3), ("fra2", 1), ("iad1", 2))])
    assert "".join(name[0] + name[-1] for (name,) in found[:24]) == "i1f2i1f1f1i1f1i1f1f2i1f2f1f1f1i1f1i1i1f1i1f1f1i1"


def test_costs_are_no_near_miss_of_another_whole_number() -> None:
    """So that it is no matter how a platform's logarithm rounds its last bits."""
    assert min(abs(cost % 1 - 0.5) for cost in exact_costs()) > 1e-6


makings = st.lists(st.integers(0, 0x7FFF), min_size=6, max_size=6).map(
    lambda numbers: array("H", (number * 2 + 1 if at % 2 == 0 else number for at, number in enumerate(numbers)))
)


@given(makings, st.integers(3, 12))
def test_a_shuffle_is_a_permutation_and_the_same_at_both_speeds(made_of: "array[int]", bits: int) -> None:
    ranks = array("H", bytes(2 << bits))
    same_at_both_speeds("geodns.policy.rendezvous", "shuffle", made_of, ranks)
    shuffle(made_of, ranks)
    assert sorted(ranks) == list(range(1 << bits))


@given(st.data(), st.integers(1, 4), st.lists(st.integers(1, 1_000_000), min_size=1, max_size=5))
def test_the_best_of_each_bucket_are_the_same_at_both_speeds(
    data: st.DataObject, wanted: int, weights: list[int]
) -> None:
    groups = array("I", data.draw(st.lists(st.integers(0, 4), min_size=len(weights), max_size=len(weights))))
    costs = array("I", data.draw(st.lists(st.integers(1, 1 << 24), min_size=8, max_size=8)))
    best, paid = array("H", bytes(16 * wanted)), array("I", bytes(32 * wanted))
    for number in range(len(weights)):
        ranks = array("H", data.draw(st.permutations(range(8))))
        held = min(len(set(groups[:number])), wanted)
        arguments = number, ranks, costs, array("I", weights), groups, held, wanted
        same_at_both_speeds("geodns.policy.rendezvous", "enter", *arguments, best, paid)
        enter(*arguments, best, paid)
