"""When changed pools are published, in virtual time."""

import pytest

from geodns.control.gathering import APART, MOMENT, Gathering
from geodns.model.pool import PoolName
from geodns.model.verdict import PoolKey
from tests.values import ORIGIN

EU, US, AP = (ORIGIN, PoolName("eu")), (ORIGIN, PoolName("us")), (ORIGIN, PoolName("ap"))
Published = list[tuple[float, set[PoolKey]]]


def played(*changes: tuple[float, str, PoolKey]) -> Published:
    """(when, what of, which pool) → what is published when, by somebody who is always on time."""
    gathering, published = Gathering(), Published()

    def publish_until(now: float) -> None:
        while gathering.due is not None and gathering.due <= now:
            at = gathering.due
            published.append((round(at, 6), set(gathering.take(at))))

    for at, what, pool in changes:
        publish_until(at)
        tell = gathering.flipped if what == "flip" else gathering.stirred
        tell([pool], at)
    publish_until(1e9)
    return published


@pytest.mark.parametrize(
    ("sentence", "changes", "published"),
    [
        ("a flip goes out at once", [(5.0, "flip", EU)], [(5.0 + MOMENT, {EU})]),
        (
            "those that fall in the same moment are one generation",
            [(5.0, "flip", EU), (5.005, "flip", US)],
            [(5.0 + MOMENT, {EU, US})],
        ),
        (
            "what follows within the second is gathered to its end",
            [(5.0, "flip", EU), (5.1, "flip", US), (5.9, "flip", AP)],
            [(5.0 + MOMENT, {EU}), (5.0 + MOMENT + APART, {US, AP})],
        ),
        (
            "after a quiet second it goes out at once again",
            [(5.0, "flip", EU), (6.1, "flip", US)],
            [(5.0 + MOMENT, {EU}), (6.1 + MOMENT, {US})],
        ),
        ("another time to the next flip can wait", [(5.0, "stir", EU)], [(5.0 + APART, {EU})]),
        (
            "and goes along with a flip",
            [(5.0, "stir", EU), (5.2, "flip", US)],
            [(5.2 + MOMENT, {EU, US})],
        ),
        (
            "it holds up no flip",
            [(5.0, "stir", EU), (6.3, "flip", US)],
            [(5.0 + APART, {EU}), (6.3 + MOMENT, {US})],
        ),
        ("a pool that flips back in the same moment is named once", [(5.0, "flip", EU)] * 2, [(5.0 + MOMENT, {EU})]),
    ],
)
def test_changes_are_published_when_they_should_be(
    sentence: str, changes: list[tuple[float, str, PoolKey]], published: Published
) -> None:
    assert played(*changes) == [(round(at, 6), pools) for at, pools in published], sentence


def test_a_fault_that_goes_on_makes_a_generation_a_second() -> None:
    flips = [(number / 100, "flip", (ORIGIN, PoolName(f"p{number}"))) for number in range(1000)]
    published = played(*flips)
    assert len(published) == 11
    assert sum(len(pools) for _, pools in published) == 1000


def test_nothing_is_taken_before_it_is_time() -> None:
    gathering = Gathering()
    gathering.flipped([EU], 5.0)
    assert not gathering.take(5.0)
    assert gathering.take(5.0 + MOMENT) == {EU}
    assert gathering.due is None
    assert not gathering.take(99.0)


def test_what_was_refused_is_tried_again_and_goes_along_with_what_comes_sooner() -> None:
    gathering = Gathering()
    gathering.refused([EU], 15.0)
    assert gathering.due == 15.0
    assert not gathering.take(14.0)
    gathering.flipped([US], 12.0)
    assert gathering.take(12.0 + MOMENT) == {EU, US}


def test_a_flip_of_a_target_that_no_pool_has_is_nothing_to_publish() -> None:
    gathering = Gathering()
    gathering.flipped([], 5.0)
    assert gathering.due is None
