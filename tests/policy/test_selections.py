"""The selections as values: the distribution itself, and what a whole round of tickets gives."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.model.pool import Member
from geodns.policy import names, select
from geodns.policy.distribution import MAX_TOTAL, Distribution, Draw, Order, scattered
from tests.values import member


def members(*weights: int) -> list[Member]:
    return [member(chr(ord("a") + at), f"192.0.2.{at + 1}", weight=weight) for at, weight in enumerate(weights)]


def named(draw: Draw) -> str:
    return "".join(each.name for each in draw.members)


def drawn(distribution: Distribution, ticket: int) -> Draw:
    """What the docstring of distribution.py says, in its plainest form."""
    rounds = ticket // distribution.total
    position = (ticket * distribution.step + rounds * distribution.drift) % distribution.total
    for draw in distribution.draws:
        if position < draw.weight:
            return draw
        position -= draw.weight
    raise AssertionError("a position beyond the total")


def positions(distribution: Distribution, round_: int) -> set[int]:
    total = distribution.total
    return {
        (ticket * distribution.step + round_ * distribution.drift) % total
        for ticket in range(round_ * total, (round_ + 1) * total)
    }


def test_the_registered_selections_are_what_zone_files_may_name() -> None:
    assert set(names()) >= {"round_robin", "weighted", "random", "sticky", "all"}


@pytest.mark.parametrize(
    ("selection", "weights", "answers", "draws"),
    [
        ("round_robin", (1, 1, 1), 1, "a:1 b:1 c:1"),
        ("round_robin", (9, 1, 1), 1, "a:1 b:1 c:1"),  # weights are not looked at
        ("round_robin", (1, 1, 1), 2, "ab:1 bc:1 ca:1"),
        ("round_robin", (1, 1), 5, "ab:1 ba:1"),
        ("round_robin", (1,), 3, "a:1"),
        ("all", (1, 1, 1), 1, "abc:1 bca:1 cab:1"),
        ("all", (5, 1), 1, "ab:1 ba:1"),
        ("weighted", (3, 1), 1, "a:3 b:1"),
        ("weighted", (30, 10), 1, "a:3 b:1"),
        ("weighted", (7,), 1, "a:1"),
        ("least_load", (3, 1), 1, "a:3 b:1"),  # nobody has reported
        ("weighted", (3, 1), 2, "ab:3 ba:1"),
        ("weighted", (3, 1), 9, "ab:3 ba:1"),
        # a is too heavy to be left out of any pair, and comes first as often as its weight says: 8 of 10.
        ("weighted", (8, 1, 1), 2, "ab:4 ba:1 ac:4 ca:1"),
        ("weighted", (1, 1, 1, 1), 2, "ac:1 ca:1 bd:1 db:1"),
        ("weighted", (4, 4, 1, 1), 2, "ab:3 ba:3 ac:1 ca:1 bd:1 db:1"),
    ],
)
def test_a_selection_is_a_distribution(selection: str, weights: tuple[int, ...], answers: int, draws: str) -> None:
    distribution = select(selection, members(*weights), answers)
    assert " ".join(f"{named(draw)}:{draw.weight}" for draw in distribution.draws) == draws


@pytest.mark.parametrize("answers", [1, 2, 3])
def test_round_robin_starts_each_answer_one_member_later(answers: int) -> None:
    distribution = select("round_robin", members(1, 1, 1, 1), answers)
    firsts = "".join(named(drawn(distribution, ticket))[0] for ticket in range(8))
    assert firsts == "abcdabcd"


def test_all_holds_every_address_of_every_member() -> None:
    several = [member("a", "192.0.2.1", "192.0.2.2", "2001:db8::1"), member("b", "192.0.2.3")]
    assert select("all", several, 1).addresses == 4


def test_weighted_answers_are_mixed_rather_than_in_blocks() -> None:
    distribution = select("weighted", members(50, 50), 1)
    answers = "".join(named(drawn(distribution, ticket)) for ticket in range(100))
    assert "aaa" not in answers
    assert "bbb" not in answers


def test_who_always_asks_twice_does_not_always_meet_the_same_member() -> None:
    distribution = select("weighted", members(1, 1), 1)
    firsts = {named(drawn(distribution, ticket)) for ticket in range(0, 20, 2)}
    assert firsts == {"a", "b"}


weights = st.lists(st.integers(1, 40), min_size=1, max_size=6)
widths = st.integers(1, 7)
selections = st.sampled_from(["round_robin", "weighted", "random", "all"])
in_turn = st.sampled_from(["round_robin", "weighted", "all"])


@given(weights, widths)
def test_weighted_shares_are_exact_after_every_round(each: list[int], answers: int) -> None:
    """The member that comes first: that one most clients take."""
    pool = members(*each)
    distribution = select("weighted", pool, answers)
    firsts: Counter[str] = Counter()
    for draw in distribution.draws:
        firsts[draw.members[0].name] += draw.weight
    for one in pool:
        assert Fraction(firsts[one.name], distribution.total) == Fraction(one.weight, sum(each))


def inclusion(each: Sequence[int], answers: int) -> list[Fraction]:
    """Madow's: in proportion to the weight; where that would exceed 1 it is 1, and the others share what is left."""
    certain: set[int] = set()
    while True:
        rest = sum(weight for at, weight in enumerate(each) if at not in certain)
        left = answers - len(certain)
        over = {at for at, weight in enumerate(each) if at not in certain and weight * left >= rest}
        if not over or left <= 0:
            return [Fraction(1) if at in certain else Fraction(max(left, 0) * w, rest) for at, w in enumerate(each)]
        certain |= over


@given(weights, widths)
def test_random_draws_from_what_weighted_draws_from(each: list[int], answers: int) -> None:
    one, other = (select(name, members(*each), answers) for name in ("random", "weighted"))
    assert (one.draws, one.addresses) == (other.draws, other.addresses)
    assert (one.order, other.order) == (Order.AT_RANDOM, Order.IN_TURN)


@given(weights, widths)
def test_members_are_included_in_proportion_to_their_weights(each: list[int], answers: int) -> None:
    distribution = select("weighted", members(*each), answers)
    found = [Fraction(0)] * len(each)
    for draw in distribution.draws:
        for one in draw.members:
            found[ord(one.name) - ord("a")] += Fraction(draw.weight, distribution.total)
    assert found == inclusion(each, answers)


@given(selections, weights, widths)
def test_no_member_comes_twice_in_one_draw_and_no_draw_is_short(selection: str, each: list[int], answers: int) -> None:
    width = len(each) if selection == "all" else min(answers, len(each))
    for draw in select(selection, members(*each), answers).draws:
        assert len(draw.members) == len({one.name for one in draw.members}) == width
        assert draw.weight > 0


@given(in_turn, st.lists(st.integers(1, 40), min_size=1, max_size=4), st.integers(1, 2), st.integers(0, 3))
def test_every_position_is_met_once_in_a_round(selection: str, each: list[int], answers: int, round_: int) -> None:
    distribution = select(selection, members(*each), answers)
    assert positions(distribution, round_) == set(range(distribution.total))


@given(st.lists(st.integers(1, 2**40), min_size=1, max_size=5))
def test_weights_beyond_what_a_table_holds_are_scaled_down(each: list[int]) -> None:
    distribution = scattered([Draw(weight, (one,)) for weight, one in zip(each, members(*each), strict=True)], 1)
    assert distribution.total <= MAX_TOTAL + len(each)
    for draw, weight in zip(distribution.draws, each, strict=True):
        assert abs(Fraction(draw.weight, distribution.total) - Fraction(weight, sum(each))) < Fraction(1, 10**6)


def test_shares_tell_how_often_an_answer_names_each_member() -> None:
    assert select("weighted", members(3, 1), 1).shares() == {"a": 0.75, "b": 0.25}
    assert select("all", members(3, 1), 1).shares() == {"a": 1.0, "b": 1.0}


@pytest.mark.parametrize(
    ("weights", "evenings", "strengths", "shares"),
    [
        ((1, 1), (1.5, 0.5), (1.0, 1.0), [0.75, 0.25]),
        ((2, 1), (0.75, 1.5), (1.0, 1.0), [0.5, 0.5]),
        ((1, 1), (1.5, 0.5), (0.5, 1.0), [0.6, 0.4]),  # one that warms up
    ],
)
def test_least_load_goes_by_what_evens_the_load(
    weights: tuple[int, ...], evenings: tuple[float, ...], strengths: tuple[float, ...], shares: list[float]
) -> None:
    laden = [
        replace(each, evening=evening, strength=strength)
        for each, evening, strength in zip(members(*weights), evenings, strengths, strict=True)
    ]
    assert list(select("least_load", laden, 1).shares().values()) == pytest.approx(shares)
    others = select("weighted", [replace(each, strength=1.0) for each in laden], 1)
    assert others.shares() == select("weighted", members(*weights), 1).shares(), "no other selection looks at it"
