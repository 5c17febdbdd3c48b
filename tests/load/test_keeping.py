"""A pool's load → the part of its clients that it keeps."""

from itertools import pairwise

import pytest

from geodns.load.band import Band, band_of
from geodns.load.fold import advanced, begun
from geodns.load.reading import Reading, Report, Seat
from geodns.model.pool import Limit
from tests.load.plant import BAND, TTL, Moment, kept_by

LAGS = [0.3, 0.5, 1.0, 2.0, 3.0]  # times the TTL that is assumed


def shares(moments: list[Moment]) -> set[float]:
    return {round(moment.kept, 6) for moment in moments}


@pytest.mark.parametrize("lag", LAGS)
@pytest.mark.parametrize("demand", [9_500, 12_000, 16_000, 40_000])
def test_it_comes_to_rest_within_the_band(demand: int, lag: float) -> None:
    """No limit cycle: in the last half of two hours nothing moves any more."""
    moments = kept_by(lambda _: demand, 7200, lag=lag)
    last = moments[len(moments) // 2 :]
    assert len(shares(last)) == 1
    assert all(0.99 * 8000 <= moment.load <= 9000 * 1.01 for moment in last)


@pytest.mark.parametrize("lag", [0.01, 0.03, 0.1, 5.0, 8.0, 12.0])
def test_it_comes_to_rest_even_where_the_ttl_tells_little_of_the_lag(lag: float) -> None:
    moments = kept_by(lambda _: 12_000, 14_400, lag=lag)
    assert len(shares(moments[-720:])) == 1
    assert all(7900 <= moment.load <= 9000 for moment in moments[-720:])


@pytest.mark.parametrize("lag", LAGS)
def test_what_it_leaves_stays_near_what_is_needed_on_the_way(lag: float) -> None:
    moments = kept_by(lambda _: 12_000, 7200, lag=lag)
    assert min(moment.load for moment in moments) >= (7900 if lag <= 2 else 7700)


@pytest.mark.parametrize("demand", [0, 5000, 8000, 9000])
def test_below_the_middle_of_the_band_it_keeps_everybody(demand: int) -> None:
    assert shares(kept_by(lambda _: demand, 3600)) == {1.0}


def test_a_demand_that_doubles_is_met_within_three_times_the_ttl() -> None:
    moments = kept_by(lambda second: 8500 if second < 1800 else 17_000, 5400)
    assert shares(moments[:180]) == {1.0}
    assert all(moment.load <= 10_000 for moment in moments[180 + 18 :])


def test_above_max_steps_are_five_times_the_slew_and_below_it_no_larger_than_that() -> None:
    urgent = kept_by(lambda _: 30_000, 60)
    assert [round(moment.kept, 3) for moment in urgent] == [1.0, 0.9, 0.8, 0.7, 0.6, 0.5]
    calm = kept_by(lambda _: 9900, 60)
    assert [round(moment.kept, 3) for moment in calm][:4] == [1.0, 0.98, 0.96, 0.94]


@pytest.mark.parametrize("lag", LAGS)
def test_it_gives_back_when_the_demand_falls_and_ends_with_all(lag: float) -> None:
    moments = kept_by(lambda second: 12_000 if second < 3600 else 6000, 7200, lag=lag)
    assert moments[359].kept < 0.8
    back = [moment.kept for moment in moments[360:]]
    assert back[-1] == 1.0
    assert all(after - before <= 0.0201 for before, after in pairwise(back))


def test_it_never_leaves_all() -> None:
    assert min(moment.kept for moment in kept_by(lambda _: 10**9, 3600)) == 0.01


def test_where_nobody_takes_what_it_leaves_it_leaves_nothing() -> None:
    assert shares(kept_by(lambda _: 20_000, 3600, relief=0.0)) == {1.0}


def test_where_some_of_its_ways_have_nobody_else_the_others_bear_it() -> None:
    moments = kept_by(lambda _: 10_000, 7200, relief=0.5)
    assert 8000 <= moments[-1].load <= 9001
    assert len(shares(moments[360:])) == 1


def test_a_pool_that_is_held_for_want_of_reports_goes_on_when_they_come_back() -> None:
    reading = Reading(seats=(), report=Report(12_000, 0, 60), limit=BAND, ttl=TTL)
    state = advanced(begun(0.0), reading, 0)
    for second in range(60, 600, 10):
        held = advanced(state, reading, second)
        assert held.keep.kept == state.keep.kept == 0.9
        state = held
    fresh = Reading(seats=(), report=Report(10_800, 600, 660), limit=BAND, ttl=TTL)
    assert advanced(state, fresh, 600).keep.kept < 0.9


def test_a_pool_that_has_no_target_any_more_gets_its_clients_back_step_by_step() -> None:
    state = advanced(begun(0.0), Reading(seats=(), report=Report(12_000, 0, 60), limit=BAND, ttl=TTL), 0)
    plain = Reading(seats=(), ttl=TTL)
    kept = []
    for second in range(10, 80, 10):
        state = advanced(state, plain, second)
        kept.append(round(state.keep.kept, 2))
    assert kept == [0.92, 0.94, 0.96, 0.98, 1.0, 1.0, 1.0]


def test_a_pool_that_has_failed_keeps_its_share_until_it_is_back() -> None:
    limit = Limit(target=8000.0)
    busy = Reading(seats=[Seat("a", 1, Report(12_000, 0, 60), limit)], ttl=TTL)
    state = advanced(begun(0.0), busy, 0)
    for second in range(10, 300, 10):
        state = advanced(state, Reading(seats=[Seat("a", 0, None, limit)], ttl=TTL), second)
    assert state.keep.kept == 0.9


def test_a_clock_that_was_put_back_moves_nothing() -> None:
    state = begun(1000.0)
    after = advanced(state, Reading(seats=(), report=Report(12_000, 0, 5000), limit=BAND, ttl=TTL), 500)
    assert after.keep == state.keep


def test_without_a_max_it_is_a_quarter_above_the_target() -> None:
    assert band_of(Limit(target=100.0)) == Band(100.0, 125.0)
    assert band_of(Limit()) is None
    assert band_of(None) is None
