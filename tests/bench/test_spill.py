"""The simulation of spilling: three loops, the same with each run, and what docs/time/load.md says of them."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.spill import drawing
from bench.spilling import LOOPS, ours, outcome, played, slew_limited, steps, undamped

SVG = "{http://www.w3.org/2000/svg}"
FOLDER = Path(__file__).parents[2] / "docs" / "time"
PLOT, PAGE = FOLDER / "load.svg", (FOLDER / "load.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lag", [0.3, 0.5, 1.0, 2.0, 3.0])
def test_ours_settles_in_the_band_whatever_resolvers_do(lag: float) -> None:
    came = outcome(played(ours(), steps, 3600, lag=lag))
    assert came.settling is not None
    assert 8000 <= came.low <= came.high <= 10_000
    assert came.shares[1] - came.shares[0] < 0.03


def test_the_others_go_on_swinging() -> None:
    for loop in (undamped, slew_limited):
        came = outcome(played(loop(), steps, 3600))
        assert came.shares[1] - came.shares[0] > 0.1


def test_a_run_is_the_same_each_time() -> None:
    assert played(ours(), steps, 600) == played(ours(), steps, 600)


def test_the_plot_on_the_page_is_that_of_this_code() -> None:
    assert PLOT.read_text(encoding="utf-8") == drawing(), "python -m bench.spill draws it anew"
    panels = [
        each.text for each in ElementTree.fromstring(drawing()).iter(SVG + "text") if each.get("class") == "panel"
    ]
    assert len(panels) == 2 * len(LOOPS)


@pytest.mark.parametrize("lag", [0.3, 1.0, 3.0])
def test_the_figures_on_the_page_are_those_of_this_code(lag: float) -> None:
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| {lag:g} × TTL |"))
    for loop, cell in zip(LOOPS.values(), row.split("|")[2:], strict=False):
        came = outcome(played(loop(), steps, 5400, lag=lag)[:3600])
        assert f"{came.low:,.0f} to {came.high:,.0f}" in cell
        assert came.settling is None or f"after {came.settling} s" in cell or loop is undamped
