"""Where the steps lead in the end, for loads that are supposed."""

import pytest

from geodns.load.band import Band
from geodns.load.reading import Reading, Seat
from geodns.load.settling import Supposed, settled
from geodns.model.pool import Limit
from tests.load.plant import BAND, TTL, kept_by

LOOSE, TIGHT = Limit(target=1000.0), Limit(target=80.0, most=100.0)


def of_pool(relief: float = 1.0) -> Reading:
    return Reading(seats=(), limit=BAND, ttl=TTL, relief=relief)


@pytest.mark.parametrize(
    ("load", "kept"), [(5000, 1.0), (9000, 1.0), (12_000, 8500 / 12_000), (17_000, 0.5), (1e9, 0.01)]
)
def test_a_pool_keeps_what_brings_it_to_its_aim(load: float, kept: float) -> None:
    assert settled(of_pool(), Supposed(pool=load, members={})).keep.kept == pytest.approx(kept, rel=0.07)


def test_it_is_where_the_loop_itself_comes_to_rest() -> None:
    supposed = settled(of_pool(), Supposed(pool=12_000, members={})).keep.kept
    assert Band(8000, 10_000).target <= supposed * 12_000 <= Band(8000, 10_000).upper
    assert kept_by(lambda _: 12_000, 7200)[-1].kept == pytest.approx(supposed, abs=0.05)


def test_where_nobody_takes_it_nothing_is_left() -> None:
    assert settled(of_pool(relief=0.0), Supposed(pool=20_000, members={})).keep.kept == 1.0


def test_a_member_leaves_to_its_sibling_and_the_pool_keeps_all() -> None:
    reading = Reading(seats=[Seat("a", 1, limit=TIGHT), Seat("b", 1, limit=LOOSE)], ttl=TTL)
    state = settled(reading, Supposed(members={"a": 170.0, "b": 170.0}))
    share = state.parts["a"].eased / (state.parts["a"].eased + 1)
    assert 80 <= 340 * share <= 90.01
    assert state.keep.kept == 1.0


def test_members_of_least_load_are_evened() -> None:
    reading = Reading(seats=[Seat("a", 1), Seat("b", 1)], ttl=TTL, evens=True)
    state = settled(reading, Supposed(members={"a": 100.0, "b": 300.0}))
    a, b = state.parts["a"].evened, state.parts["b"].evened
    assert 100 * a == pytest.approx(300 * b, rel=0.12)
