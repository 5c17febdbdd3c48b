"""Members' loads → what of its weight each one has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.load.easing import filled
from geodns.load.fold import State, advanced, begun
from geodns.load.members import shares_of
from geodns.load.reading import Reading, Report, Seat
from geodns.load.result import has_moved
from geodns.model.pool import Limit
from tests.load.plant import TTL, shared_by

LAGS = [0.3, 1.0, 3.0]


def seat(name: str, weight: float = 1, target: float | None = None, most: float | None = None) -> Seat:
    return Seat(name, weight, limit=Limit(target=target, most=most) if target else None)


def factors(state: State) -> dict[str, float]:
    return {name: round(part.eased, 2) for name, part in state.parts.items()}


@pytest.mark.parametrize("lag", LAGS)
def test_what_one_cannot_bear_goes_to_its_siblings(lag: float) -> None:
    """Of 300 each has 100; a bears 80 to 100, the others are free."""
    (*_, state), loads = shared_by(
        [seat("a", target=80, most=100), seat("b"), seat("c")], [300, 300, 300], 7200, lag=lag
    )
    assert 78 <= loads[0] <= 91
    assert loads[1] == pytest.approx(loads[2])
    assert factors(state)["b"] == factors(state)["c"] == 1.0


def test_all_of_them_below_their_targets_have_their_weights() -> None:
    (*_, state), loads = shared_by([seat("a", 3, 400), seat("b", 1, 400)], [400, 400], 3600)
    assert factors(state) == {"a": 1.0, "b": 1.0}
    assert loads == pytest.approx([300, 100])


@pytest.mark.parametrize("lag", LAGS)
def test_where_all_have_too_much_they_bear_it_by_their_targets_and_do_not_wind_down(lag: float) -> None:
    """A small machine and a large one, with the same weight in the file."""
    (*_, state), loads = shared_by([seat("small", target=50), seat("large", target=150)], [400, 400], 7200, lag=lag)
    assert loads[1] / loads[0] == pytest.approx(3, rel=0.1)
    assert max(part.eased for part in state.parts.values()) == 1.0


def test_one_whose_siblings_take_it_gets_it_back_when_they_can_no_more() -> None:
    """First a alone has a target; then b and c are gone, and a has to bear what there is."""
    (*_, state), _ = shared_by([seat("a", target=80), seat("b"), seat("c")], [300, 300, 300], 3600)
    assert factors(state)["a"] < 0.9
    alone = [Seat("a", 1, Report(300, 3600, 4000), Limit(target=80)), Seat("b", 0), Seat("c", 0)]
    assert advanced(state, Reading(seats=alone, ttl=TTL), 3600).parts["a"].eased == 1.0, "in relation to the others"


@pytest.mark.parametrize(
    ("sentence", "targets", "costs", "evens"),
    [
        ("one has too much", (80, None, None), (300, 300, 300), False),
        ("all have", (80, 100, 120), (600, 600, 600), False),
        ("the loads are evened", (None, None, None), (300, 600, 300), True),
    ],
)
def test_the_noise_of_reports_moves_nothing_once_it_has_settled(
    sentence: str, targets: tuple[float | None, ...], costs: tuple[float, ...], evens: bool
) -> None:
    seats = [seat(name, target=target) for name, target in zip("abc", targets, strict=True)]
    states, _ = shared_by(seats, costs, 7200, evens=evens, noise=(1.02, 0.97, 1.03, 1.0, 0.98, 0.99, 1.01))
    last = states[len(states) // 2 :]
    assert not any(has_moved(last[0], state) for state in last), sentence


def test_a_silent_member_keeps_what_it_has() -> None:
    (*_, state), _ = shared_by([seat("a", target=80), seat("b")], [200, 200], 3600)
    silent = [Seat("a", 1, None, Limit(target=80)), Seat("b", 1, Report(120, 3600, 3700))]
    after = state
    for second in range(3600, 4200, 10):
        after = advanced(after, Reading(seats=silent, ttl=TTL), second)
    assert after.parts["a"].eased == state.parts["a"].eased < 1


def test_a_member_without_a_target_any_more_moves_back_to_its_weight() -> None:
    (*_, state), _ = shared_by([seat("a", target=80), seat("b")], [240, 240], 3600)
    free = [Seat("a", 1), Seat("b", 1)]
    for second in range(3600, 4200, 10):
        state = advanced(state, Reading(seats=free, ttl=TTL), second)
    assert factors(state) == {"a": 1.0, "b": 1.0}


@pytest.mark.parametrize("lag", LAGS)
def test_least_load_evens_the_load_for_the_weight(lag: float) -> None:
    """b costs twice as much a client, c has twice the weight: then all have the same load for their weight."""
    seats, costs = [seat("a"), seat("b"), seat("c", 2)], [400.0, 800.0, 400.0]
    (*_, state), loads = shared_by(seats, costs, 7200, lag=lag, evens=True)
    per_weight = [load / each.weight for load, each in zip(loads, seats, strict=True)]
    assert max(per_weight) / min(per_weight) < 1.12
    mean = sum(each.weight * state.parts[each.name].evened for each in seats) / 4
    assert mean == pytest.approx(1.0), "the pool keeps its share of a pool of pools"


def test_without_reports_least_load_leaves_the_weights() -> None:
    state = begun(0.0)
    for second in range(0, 600, 10):
        state = advanced(state, Reading(seats=[Seat("a", 1), Seat("b", 3)], ttl=TTL, evens=True), second)
    assert {part.evened for part in state.parts.values()} == {1.0}


def test_a_member_that_is_new_begins_with_its_weight_and_one_that_left_is_forgotten() -> None:
    state = advanced(begun(0.0), Reading(seats=[Seat("a", 1), Seat("b", 1)], ttl=TTL), 0)
    after = advanced(state, Reading(seats=[Seat("a", 1), Seat("c", 2)], ttl=TTL), 10)
    assert set(after.parts) == {"a", "c"}
    assert after.parts["c"].felt == pytest.approx(2 / 3)


weights = st.lists(st.tuples(st.floats(0.1, 100), st.floats(0.01, 10)), min_size=1, max_size=8)


@given(weights)
def test_shares_come_to_one_and_nobody_is_filled_beyond_its_most_while_others_have_room(
    members: list[tuple[float, float]],
) -> None:
    names = [str(number) for number in range(len(members))]
    most = dict(zip(names, (each for _, each in members), strict=True))
    found = filled(dict(zip(names, (weight for weight, _ in members), strict=True)), most)
    assert sum(found.values()) == pytest.approx(1)
    if sum(most.values()) > 1:
        assert all(found[name] <= most[name] * (1 + 1e-9) for name in names)


reports = st.lists(
    st.lists(st.none() | st.floats(0, 1e6), min_size=3, max_size=3), min_size=1, max_size=40
)  # of three members, look by look


@given(reports, st.booleans(), st.sampled_from([(1, 1, 1), (3, 1, 0.5), (1, 0, 2)]))
def test_whatever_is_reported_shares_are_conserved(
    looks: list[list[float | None]], evens: bool, weights: tuple[float, ...]
) -> None:
    state = begun(0.0)
    limits = [Limit(target=100.0, most=120.0), Limit(target=50.0), None]
    for number, loads in enumerate(looks, start=1):
        now = number * 10.0
        seats = [
            Seat(name, weight, None if load is None else Report(load, now, now + 60), limit)
            for name, weight, load, limit in zip("abc", weights, loads, limits, strict=True)
        ]
        reading = Reading(seats=seats, limit=Limit(target=150.0), ttl=TTL, evens=evens)
        state = advanced(state, reading, now)
        answering = [seat for seat in seats if seat.weight > 0]
        assert sum(shares_of(state.parts, seats, evens=evens).values()) == pytest.approx(1)
        assert 0.01 <= state.keep.kept <= 1
        assert max(state.parts[seat.name].eased for seat in answering) == pytest.approx(1)
        assert all(0 < part.eased <= 1 and part.evened > 0 for part in state.parts.values())
        mean = sum(seat.weight * state.parts[seat.name].evened for seat in answering) / sum(weights)
        assert mean == pytest.approx(1, abs=0.05)
