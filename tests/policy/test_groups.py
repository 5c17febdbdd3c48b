"""Groups: of members that share their fate an answer names one, under every selection that chooses."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodns.model.pool import Member, PoolName
from geodns.policy import select
from geodns.policy.distribution import Distribution, Draw
from geodns.policy.groups import grouped
from geodns.policy.nesting import merged
from tests.policy.test_selections import inclusion
from tests.values import member

BY_WEIGHT = ["weighted", "random"]
CHOOSING = ["round_robin", *BY_WEIGHT, "sticky"]


def members(text: str) -> list[Member]:
    """`a1:3` is member a1 of the group a with weight 3; `-1` one without a group."""
    made = []
    for at, each in enumerate(text.split(), start=1):
        name, _, weight = each.partition(":")
        group = None if name.startswith("-") else name[0]
        made.append(member(name, f"192.0.2.{at}", weight=int(weight or 1), group=group))
    return made


def shown(draw: Draw) -> str:
    return f"{''.join(one.name for one in draw.members)}:{draw.weight}"


@pytest.mark.parametrize(
    ("selection", "pool", "answers", "draws"),
    [
        ("weighted", "a1 a2 b1 b2", 1, "a1:1 a2:1 b1:1 b2:1"),
        ("weighted", "a1 a2 b1 b2", 2, "a1b1:1 b1a1:1 a2b2:1 b2a2:1"),
        ("random", "a1 a2 b1 b2", 2, "a1b1:1 b1a1:1 a2b2:1 b2a2:1"),
        ("round_robin", "a1:9 a2 b1 b2", 2, "a1b1:1 b1a1:1 a2b2:1 b2a2:1"),
        ("weighted", "a1 a2 b1", 3, "a1b1:2 b1a1:1 a2b1:2 b1a2:1"),  # two groups: two answers, of three parts each
        ("weighted", "a1 a2 a3", 2, "a1:1 a2:1 a3:1"),  # one group
        ("round_robin", "a1 a2 a3", 2, "a1:1 a2:1 a3:1"),
        ("weighted", "-1 -2", 2, "-1-2:1 -2-1:1"),
        ("all", "a1 a2 b1", 1, "a1a2b1:1 a2b1a1:1 b1a1a2:1"),  # whatever the groups
    ],
)
def test_an_answer_names_one_of_each_group(selection: str, pool: str, answers: int, draws: str) -> None:
    assert " ".join(map(shown, select(selection, members(pool), answers).draws)) == draws


def test_where_there_are_groups_no_second_address_of_a_member_fills_the_answer() -> None:
    one = member("a1", "192.0.2.1", "192.0.2.2", group="a")
    other = member("b1", "192.0.2.3", "192.0.2.4", group="b")
    for selection in CHOOSING:
        assert select(selection, [one, other], 4).addresses == 2
    assert select("weighted", [member("a1", "192.0.2.1", "192.0.2.2"), member("b1", "192.0.2.3")], 4).addresses == 4
    assert select("all", [one, other], 1).addresses == 4


@st.composite
def pools(draw_: st.DrawFn) -> list[Member]:
    made = []
    for at, weight in enumerate(draw_(st.lists(st.integers(1, 12), min_size=1, max_size=7))):
        group = draw_(st.sampled_from([None, "x", "y", "z"]))
        made.append(member(f"m{at}", f"192.0.2.{at + 1}", weight=weight, group=group))
    return made


def included(distribution: Distribution) -> dict[str, Fraction]:
    found: Counter[str] = Counter()
    for draw in distribution.draws:
        found.update({one.name: draw.weight for one in draw.members})
    return {name: Fraction(weight, distribution.total) for name, weight in found.items()}


def wanted(pool: Sequence[Member], answers: int) -> dict[str, Fraction]:
    """A group as its weight says, or always; a member as often as it has of its group's weight."""
    groups = grouped(pool)
    weights = [sum(one.weight for one in group) for group in groups]
    parts = inclusion(weights, min(answers, len(groups)))
    return {
        one.name: part * one.weight / weight
        for group, weight, part in zip(groups, weights, parts, strict=True)
        for one in group
    }


@given(st.sampled_from(BY_WEIGHT), pools(), st.integers(2, 5))
def test_groups_are_included_by_their_weights_and_members_within_them_by_theirs(
    selection: str, pool: list[Member], answers: int
) -> None:
    assert included(select(selection, pool, answers)) == wanted(pool, answers)


@given(st.sampled_from(BY_WEIGHT), pools(), st.integers(2, 5))
def test_who_comes_first_goes_by_weight_whatever_the_groups(selection: str, pool: list[Member], answers: int) -> None:
    distribution = select(selection, pool, answers)
    firsts: Counter[str] = Counter()
    for draw in distribution.draws:
        firsts[draw.members[0].name] += draw.weight
    for one in pool:
        assert Fraction(firsts[one.name], distribution.total) == Fraction(one.weight, sum(m.weight for m in pool))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CHOOSING), pools(), st.integers(1, 5))
def test_no_group_comes_twice_and_no_answer_is_shorter_than_it_has_to_be(
    selection: str, pool: list[Member], answers: int
) -> None:
    for draw in select(selection, pool, answers).draws:
        assert len(grouped(draw.members)) == len(draw.members) == min(answers, len(grouped(pool)))


def test_there_are_about_as_many_draws_as_members_however_many_groups_are_always_there() -> None:
    """Each combination by itself would be 6 · 10 · 15, each in three orders."""
    pool = members(" ".join(f"{group}{n}" for group, count in (("a", 6), ("b", 10), ("c", 15)) for n in range(count)))
    assert len(select("weighted", pool, 3).draws) <= 3 * len(pool)


@settings(max_examples=20, deadline=None)
@given(pools())
def test_sticky_begins_with_the_client_s_own_member_and_goes_on_with_its_best_of_other_groups(
    pool: list[Member],
) -> None:
    """The second is who takes over when all of the first one's group is lost."""

    def kept(members: Sequence[Member], answers: int) -> list[list[str]]:
        distribution = select("sticky", members, answers)
        draws = [[one.name for one in draw.members] for draw in distribution.draws]
        return [draws[number] for number in distribution.buckets]

    pairs = kept(pool, 2)
    assert [pair[:1] for pair in pairs] == kept(pool, 1)
    for group in grouped(pool) if len(grouped(pool)) > 1 else ():
        lost = {one.name for one in group}
        heirs = kept([one for one in pool if one.name not in lost], 1)
        assert all(pair[1:] == heir for pair, heir in zip(pairs, heirs, strict=True) if pair[0] in lost)


def test_groups_go_by_name_over_all_pools_of_a_pool() -> None:
    old, new = tuple(members("a1 b1")), tuple(members("a2 -1"))
    pool = merged([(PoolName("old"), 1, old), (PoolName("new"), 1, new)])
    assert [[one.name for one in group] for group in grouped(pool)] == [["a1", "a2"], ["b1"], ["-1"]]
    assert all({"a1", "a2"} != {one.name for one in draw.members} for draw in select("weighted", pool, 2).draws)
