"""Report → Markdown."""

import json

import pytest

from bench.__main__ import raw
from bench.table import percent, rows, table
from tests.bench.samples import report, sample

TWO = report(
    sample("geodns", 0, micros=3.0, rate=270_000),
    sample("gdnsd", 0, micros=4.0, rate=240_000),
    sample("geodns", 1, micros=3.4, rate=260_000),
    sample("gdnsd", 1, micros=4.0, rate=250_000),
)


def row(text: str, server: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.startswith(f"| {server} |")]
    return [cell.strip() for cell in lines[0].split("|")[1:-1]]


def test_a_row_has_medians_with_their_range_and_ratios_to_the_references() -> None:
    cells = row(table(TWO), "geodns")
    assert cells[:2] == ["geodns", "265k (260–270) ‡"]
    assert cells[2] == "3.20 (3.00–3.40)"
    assert cells[5] == "0.80 (0.75–0.85)"


def test_what_is_compared_to_itself_has_no_range() -> None:
    assert row(table(TWO), "gdnsd")[5] == "1.00"


def test_the_machine_and_the_versions_are_named() -> None:
    text = table(TWO)
    assert "A <fast> CPU & more, 2 cores (virtual machine), 8 GiB, Debian 12, Linux 6.1" in text
    assert "| gdnsd | 1.0 | one thread |" in text


def test_what_was_not_measured_is_told() -> None:
    assert "- bind: not installed" in table(TWO)


def test_the_shapes_are_apart() -> None:
    text = table(report(sample(), sample(shape="bursts"), sample(shape="steady")))
    assert text.index("192 sockets") < text.index("8 sockets, bursts") < text.index("A steady 20,000")


def test_that_other_programs_ran_meanwhile_is_told() -> None:
    assert "Other programs ran" not in table(TWO)
    assert "in 1 of 2 runs" in table(report(sample(), sample(number=1, waited=0.2)))


@pytest.mark.parametrize(("share", "text"), [(0.0, "0"), (0.25, "25.0%"), (0.00002, "20 ppm")])
def test_few_lost_are_not_none(share: float, text: str) -> None:
    assert percent(share) == text


def test_words_are_aligned_left_and_figures_right() -> None:
    assert rows(["a", "b"], [["x", "1"]]) == ["| a | b |", "| --- | --: |", "| x | 1 |"]


def test_the_raw_figures_have_every_run() -> None:
    read = json.loads(raw(TWO, [sample(), sample(number=1)]))
    assert read["report"]["machine"]["cores"] == 2
    assert [run["round"] for run in read["samples"]] == [0, 1]
    assert read["samples"][0]["asked"]["latency"]["p50"] == 40.0
