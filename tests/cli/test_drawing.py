"""Parts of the picture: colours and stripes, names beside dots, paths."""

import pytest

from geodns.cli.marks import Box, place
from geodns.cli.palette import COLOURS, Palette
from geodns.cli.svg import path, text, title
from geodns.control.reach import Answerer, Part, Parts
from geodns.model.pool import PoolName

A, B, C = map(PoolName, "abc")
PALETTE = Palette((A, B, C, None))


def parts(*shares: tuple[Answerer, float]) -> Parts:
    return tuple(Part(pool, 1, share) for pool, share in shares)


@pytest.mark.parametrize(
    ("shares", "fill"),
    [
        ([], "empty"),
        ([(B, 1.0)], "p1"),
        ([(None, 1.0)], "nobody"),
        ([(A, 0.5), (B, 0.5)], "p0_8-p1_8"),
        ([(B, 0.7), (None, 0.3)], "p1_12-nobody_4"),
        ([(A, 0.98), (B, 0.02)], "p0_14-p1_2"),
        ([(A, 0.995), (B, 0.005)], "p0"),
        ([(A, 0.4), (B, 0.35), (C, 0.25)], "p0_7-p1_5-p2_4"),
        ([(A, 0.34), (B, 0.33), (C, 0.33)], "p0_6-p1_5-p2_5"),
        ([(A, 0.4), (B, 0.3), (C, 0.2), (None, 0.1)], "p0_9-p1_4-p2_3"),
    ],
)
def test_a_fill_is_a_pool_or_stripes_as_wide_as_the_shares(shares: list[tuple[Answerer, float]], fill: str) -> None:
    assert PALETTE.fill(parts(*shares)) == fill


def test_up_to_as_many_pools_as_colours_have_one_each_and_no_pattern() -> None:
    palette = Palette(tuple(PoolName(f"pool{number}") for number in range(len(COLOURS))))
    assert list(palette.patterns([])) == []
    styles = "".join(palette.styles([]))
    assert all(f".p{number} {{ fill: {colour}; }}" in styles for number, colour in enumerate(COLOURS))


def test_more_pools_than_colours_have_patterns_that_differ() -> None:
    palette = Palette(tuple(PoolName(f"pool{number}") for number in range(4 * len(COLOURS))))
    patterns = list(palette.patterns([]))
    assert len({pattern.partition(">")[2] for pattern in patterns}) == 3 * len(COLOURS)
    assert ".p7 { fill: url(#p7); }" in list(palette.styles([]))


@pytest.mark.parametrize(
    ("points", "lefts"),
    [
        ([(100, 100)], [108]),
        ([(100, 100), (130, 100)], [42, 138]),  # the second one's dot is where the first one's name would be
        ([(100, 100), (100, 100), (100, 100)], [108, 42, 75]),  # in one place: right, left and below
    ],
)
def test_names_give_way_to_dots(points: list[tuple[float, float]], lefts: list[float]) -> None:
    assert [box.left for box in place(points, [50] * len(points))] == lefts


def test_boxes_meet_where_they_overlap_and_not_where_they_touch() -> None:
    box = Box(0, 0, 10, 10)
    assert box.meets(Box(9, 9, 5, 5))
    assert not box.meets(Box(10, 0, 5, 5))


def test_a_path_is_written_in_tenths_without_points_that_fall_together() -> None:
    assert path([[(1, 2), (1.04, 2), (0.5, 1.25), (3, 1.2)]]) == "M1 2l-.5-.8 2.5 0z"
    assert path([[(0, 0), (10, -10)], [(5.5, 5), (5.5, 6)]], closed=False) == "M0 0l10-10M5.5 5l0 1"


def test_words_are_escaped() -> None:
    assert text(1, 2, "<a&b>") == '<text x="1.0" y="2.0" class="" text-anchor="start">&lt;a&amp;b&gt;</text>'
    assert title(["a", "<b>"]) == "<title>a\n&lt;b&gt;</title>"
