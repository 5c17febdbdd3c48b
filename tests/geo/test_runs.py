"""Partitions laid over each other, against a look-up address by address."""

from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.runs import Runs, combine, relabel, uniform

SPACE = 64  # addresses, so that all of them can be asked


@st.composite
def partitions(draw: st.DrawFn) -> Runs:
    starts = sorted({0, *draw(st.lists(st.integers(1, SPACE - 1), max_size=12))})
    return Runs(starts, draw(st.lists(st.integers(0, 2), min_size=len(starts), max_size=len(starts))))


def test_an_address_has_the_value_of_the_run_it_lies_in() -> None:
    runs = Runs((0, 10, 20), (7, 8, 9))
    assert [runs.at(address) for address in (0, 9, 10, 19, 20, 1000)] == [7, 7, 8, 8, 9, 9]


def test_spans_tell_where_each_run_ends() -> None:
    assert list(Runs((0, 10), (7, 8)).spans(4)) == [(0, 10, 7), (10, 16, 8)]


@given(partitions(), partitions())
def test_combined_partitions_say_of_each_address_what_both_say(one: Runs, other: Runs) -> None:
    both = combine(one, other, lambda a, b: a * 10 + b)
    assert [both.at(i) for i in range(SPACE)] == [one.at(i) * 10 + other.at(i) for i in range(SPACE)]


@given(partitions(), partitions())
def test_neighbours_that_come_to_the_same_are_one_run(one: Runs, other: Runs) -> None:
    both = combine(one, other, lambda a, b: (a + b) % 2)
    assert all(a != b for a, b in zip(both.values, both.values[1:], strict=False))
    assert all(a < b for a, b in zip(both.starts, both.starts[1:], strict=False))


@given(partitions(), partitions())
def test_each_pair_of_values_is_asked_for_once(one: Runs, other: Runs) -> None:
    asked: list[tuple[int, int]] = []

    def join(a: int, b: int) -> int:
        asked.append((a, b))
        return 0

    combine(one, other, join)
    assert sorted(asked) == sorted({(one.at(i), other.at(i)) for i in range(SPACE)})


def test_relabelling_merges_what_became_equal() -> None:
    runs = relabel(Runs((0, 1, 2), (5, 6, 7)), lambda value: value // 7)
    assert (list(runs.starts), list(runs.values)) == ([0, 2], [0, 1])


def test_a_uniform_space_is_one_run() -> None:
    assert list(uniform(3).spans(8)) == [(0, 256, 3)]
