"""One target: results in, verdict out."""

from functools import reduce

import pytest

from geodns.health.history import UNJUDGED, History, observe, remembered, standing
from geodns.model.verdict import Verdict
from tests.health.samples import check

UP, DOWN, UNKNOWN = Verdict.UP, Verdict.DOWN, Verdict.UNKNOWN


def after(results: str, start: History = UNJUDGED, *, frozen: bool = False) -> History:
    """The history after these results, one every ten seconds: `+` passed, `-` failed."""
    steps = enumerate(results, start=1)
    return reduce(
        lambda history, step: observe(history, step[1] == "+", step[0] * 10.0, check(), frozen=frozen), steps, start
    )


@pytest.mark.parametrize(
    ("sentence", "results", "verdict", "streak"),
    [
        ("nobody was asked", "", UNKNOWN, 0),
        ("the first pass takes a new member up", "+", UP, 0),
        ("the first failure takes a new member down", "-", DOWN, 0),
        ("one failure changes nothing", "+-", UP, 1),
        ("two failures change nothing", "+--", UP, 2),
        ("three failures take a member down", "+---", DOWN, 0),
        ("a pass in between starts the count anew", "+--+--", UP, 2),
        ("one pass does not bring a member back", "-+", DOWN, 1),
        ("two passes bring it back", "-++", UP, 0),
        ("a failure in between starts that count anew", "-+-+", DOWN, 1),
        ("a member that flaps at every probe stays what it was", "+-+-+-+-", UP, 1),
        ("more failures confirm what is known", "+------", DOWN, 0),
    ],
)
def test_results_in_a_row_decide(sentence: str, results: str, verdict: Verdict, streak: int) -> None:
    history = after(results)
    assert (history.verdict, history.streak) == (verdict, streak), sentence


def test_the_verdict_dates_from_the_result_that_changed_it() -> None:
    assert after("+---").since == 40.0
    assert after("+-----").since == 40.0


def test_the_last_result_is_kept_for_the_operator() -> None:
    history = observe(after("+"), False, 17.0, check(), "connection refused", 0.25)
    assert (history.last_ok, history.asked, history.took, history.detail) == (False, 17.0, 0.25, "connection refused")
    assert repr(history) == "<History up since 10, 1 against it: connection refused>"


def test_a_frozen_member_is_not_taken_down_but_its_failures_are_counted() -> None:
    held = after("----", after("+"), frozen=True)
    assert (held.verdict, held.streak) == (UP, 4)
    assert after("-", held).verdict is DOWN


def test_a_frozen_member_that_was_never_judged_stays_unknown() -> None:
    assert after("--", frozen=True).verdict is UNKNOWN


def test_a_frozen_member_may_still_come_up() -> None:
    assert after("++", after("-"), frozen=True).verdict is UP


@pytest.mark.parametrize(
    ("results", "flip_in"),
    [("", 10.0), ("+", 30.0), ("+-", 20.0), ("+--", 10.0), ("-", 20.0), ("-+", 10.0)],
)
def test_a_verdict_could_flip_after_the_probes_that_are_left(results: str, flip_in: float) -> None:
    assert standing(after(results), check()).flip_in == flip_in


def test_a_held_verdict_could_flip_with_the_next_probe() -> None:
    assert standing(after("-----", after("+"), frozen=True), check()).flip_in == 10.0


def test_after_a_restart_the_verdict_stands_until_results_in_a_row_change_it() -> None:
    down = remembered(after("+---+"))
    assert (down.verdict, down.streak, down.last_ok) == (DOWN, 0, None)
    assert after("+", down).verdict is DOWN
    assert after("++", down).verdict is UP
