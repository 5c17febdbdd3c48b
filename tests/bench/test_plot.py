"""Report → SVG, read by an XML parser."""

from xml.etree import ElementTree

import pytest

from bench.panel import ticks
from bench.plot import plot
from bench.report import Report
from tests.bench.samples import report, sample

SVG = "{http://www.w3.org/2000/svg}"
REPORT = report(
    sample("geodns", 0, micros=3.0),
    sample("geodns", 1, micros=5.0),
    sample("gdnsd", 0, micros=8.0),
    sample("gdnsd", 1, micros=8.0),
)


def drawn(of: Report, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(plot(of)).iter(SVG + tag))


def texts(of: Report) -> list[str]:
    return [each.text or "" for each in drawn(of, "text")]


def test_it_says_what_machine_and_what_versions_it_is_of() -> None:
    words = " ".join(texts(REPORT))
    assert "A <fast> CPU & more" in words
    assert "geodns 1.0, gdnsd 1.0" in words


def test_each_server_has_a_bar_in_each_panel() -> None:
    assert texts(REPORT).count("gdnsd") == 2, "CPU time and rate"


def test_a_bar_is_as_long_as_its_figure() -> None:
    """Median 4 beside 8; system and user time stand end to end."""
    widths = [float(each.get("width", "0")) for each in drawn(REPORT, "rect")[1:5]]
    assert widths[0] + widths[1] == pytest.approx((widths[2] + widths[3]) / 2, abs=0.2)
    assert widths[1] == pytest.approx(0.1 * (widths[0] + widths[1]), abs=0.2)


def test_whiskers_reach_from_the_lowest_to_the_highest_round() -> None:
    whiskers = [each for each in drawn(REPORT, "path") if each.get("class") == "whisker"]
    bar = drawn(REPORT, "rect")[1]
    begin, scale = float(bar.get("x", "0")), float(drawn(REPORT, "rect")[3].get("width", "0")) / (8 * 0.9)
    low = float((whiskers[0].get("d") or "").removeprefix("M").split()[0])
    assert low == pytest.approx(begin + 3.0 * scale, abs=0.5)


def test_everything_is_within_the_picture() -> None:
    root = ElementTree.fromstring(plot(REPORT))
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    for each in root.iter(SVG + "rect"):
        assert float(each.get("x", "0")) + float(each.get("width", "0")) <= width
        assert float(each.get("y", "0")) + float(each.get("height", "0")) <= height


@pytest.mark.parametrize("highest", [0.004, 0.3, 1.0, 3.7, 42.0, 213_000.0, 999_999.0])
def test_ticks_are_few_and_the_last_is_not_less_than_the_highest(highest: float) -> None:
    found = ticks(highest)
    assert found[0] == 0
    assert found[-1] >= highest
    assert 2 <= len(found) <= 4


def test_ticks_of_nothing_are_an_axis_all_the_same() -> None:
    assert ticks(0.0) == [0, 1]


def test_a_bar_far_longer_than_the_others_is_cut_and_keeps_its_figure() -> None:
    many = report(*(sample(name, micros=3.0) for name in "abcd"), sample("slow", micros=60.0))
    assert len([each for each in drawn(many, "path") if each.get("class") == "cut"]) == 1
    assert "60" in texts(many)
    fast = report(*(sample(name, rate=10_000) for name in "abcd"), sample("fast", rate=200_000))
    assert not [each for each in drawn(fast, "path") if each.get("class") == "cut"], "of rates, the best would be cut"
    assert all(float(each.get("width", "0")) < 400 for each in drawn(many, "rect")[1:])


def test_that_other_programs_ran_meanwhile_is_in_the_picture() -> None:
    assert not any("Other programs" in each for each in texts(REPORT))
    assert any("Other programs" in each for each in texts(report(sample(waited=0.5))))
