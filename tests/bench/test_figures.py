"""Samples → medians, ranges and ratios."""

from dataclasses import replace

import pytest

from bench.figures import figures, spread
from tests.bench.samples import asked, figure, sample


def test_a_spread_is_the_median_and_the_range() -> None:
    found = spread([5.0, 1.0, 3.0])
    assert (found.middle, found.low, found.high) == (3.0, 1.0, 5.0)


def test_cpu_time_is_told_for_each_query() -> None:
    assert figure(sample(rate=100_000, micros=5.0)).cpu.middle == pytest.approx(5.0)


def test_ratios_are_taken_within_a_round() -> None:
    """The machine is half as fast in the second round; for both, so the ratio stays."""
    ours = [sample("geodns", 0, micros=3.0), sample("geodns", 1, micros=6.0)]
    theirs = [sample("gdnsd", 0, micros=4.0), sample("gdnsd", 1, micros=8.0)]
    ratio = figures([*ours, *theirs])[0].cpu_ratios["gdnsd"]
    assert (ratio.low, ratio.middle, ratio.high) == pytest.approx((0.75, 0.75, 0.75))


def test_rates_have_ratios_too() -> None:
    found = figures([sample("geodns", rate=300_000), sample("nsd", rate=200_000)])[0]
    assert found.rate_ratios["nsd"].middle == pytest.approx(1.5)
    assert "gdnsd" not in found.rate_ratios, "it did not run"


def test_a_round_that_only_one_of_them_had_makes_no_ratio() -> None:
    assert figures([sample("geodns", 0), sample("gdnsd", 1)])[0].cpu_ratios == {}


def test_other_workloads_and_shapes_are_other_figures() -> None:
    made = figures([sample(), sample(shape="bursts"), sample(workload="geo"), sample(number=1)])
    assert [(each.workload, each.shape) for each in made] == [
        ("static", "single"),
        ("static", "bursts"),
        ("geo", "single"),
    ]


def test_the_share_of_user_time_is_pooled_over_the_rounds() -> None:
    """A tick that samples 250 times a second sees little of it in one of them."""
    assert figure(sample(user=0.0), sample(number=1, user=0.2)).user == pytest.approx(4.0 * 0.1)


def test_loss_is_the_share_of_all_questions() -> None:
    found = figure(sample(rate=90_000, lost=10_000), sample(number=1, rate=100_000))
    assert found.loss == pytest.approx(10_000 / 200_000)


def test_a_run_without_an_answer_is_no_figure() -> None:
    assert figures([sample(rate=0.0, lost=10)]) == []


def test_how_busy_a_server_is_counts_against_the_time_of_the_load() -> None:
    assert figure(sample(rate=200_000, micros=4.0)).busy == pytest.approx(0.8)


def test_a_run_is_disturbed_by_what_the_server_or_the_load_lost() -> None:
    assert sample().disturbance == 0.0
    assert sample(waited=0.2).disturbance == pytest.approx(0.2)
    without_core = replace(sample(waited=0.2), asked=replace(asked(), core_share=0.7))
    assert without_core.disturbance == pytest.approx(0.3)
