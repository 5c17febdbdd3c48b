"""Columns, shares, counts and colours."""

import io

import pytest

from geodns.cli.columns import columns
from geodns.cli.paint import Paint
from geodns.cli.wording import counted, lasting, percent


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_cells_stand_below_each_other() -> None:
    assert columns([("a", "bb", "c"), ("aaa", "b", "")], indent="  ") == ["  a    bb  c", "  aaa  b"]


def test_no_rows_are_no_lines() -> None:
    assert columns([]) == []


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0 %"), (0.25, "25 %"), (1 / 3, "33.3 %"), (1.0, "100 %"), (1e-9, "<0.1 %"), (0.99999, ">99.9 %")],
)
def test_a_share_that_is_not_all_or_nothing_is_not_shown_as_that(share: float, shown: str) -> None:
    assert percent(share).strip() == shown


@pytest.mark.parametrize(("number", "words"), [(0, "no problems"), (1, "1 problem"), (2, "2 problems")])
def test_things_are_counted_in_words(number: int, words: str) -> None:
    assert counted(number, "problem") == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "no seconds"),
        (1.5, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7300, "2 hours"),
        (1e7, "115 days"),
    ],
)
def test_a_time_is_told_in_the_largest_unit_of_which_there_are_two(seconds: float, words: str) -> None:
    assert lasting(seconds) == words


@pytest.mark.parametrize(
    ("state", "colour"), [("up", "32"), ("down by ann: disk", "31"), ("drain at f:1:2", "33"), ("partly up", "33")]
)
def test_a_terminal_gets_a_state_in_its_colour(state: str, colour: str) -> None:
    assert Paint(Terminal(), {}).state(state) == f"\x1b[{colour}m{state}\x1b[0m"


@pytest.mark.parametrize(
    ("stream", "environment"),
    [(io.StringIO(), {}), (Terminal(), {"NO_COLOR": "1"}), (Terminal(), {"TERM": "dumb"})],
    ids=["a file", "NO_COLOR", "a dumb terminal"],
)
def test_nobody_else_gets_colours(stream: io.StringIO, environment: dict[str, str]) -> None:
    assert Paint(stream, environment).state("down") == "down"
