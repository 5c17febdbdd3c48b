"""The figures of docs/selections/sticky.md: whoever moves had to."""

import pytest

from bench.disruption import Change, changes, moved


@pytest.mark.parametrize(
    "change", [each for count in (2, 5, 20) for each in changes(count, 0)], ids=lambda each: each.what
)
def test_about_the_least_moves_and_nobody_needlessly(change: Change) -> None:
    part, needless = moved(change)
    assert part == pytest.approx(change.ideal(), rel=0.1, abs=0.003)
    assert needless == 0
