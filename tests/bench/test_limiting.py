"""The simulation of floods holds what docs/rate-limiting.md says of it."""

import pytest

from bench.limiting import SCENES, played, served
from geodns.answer.speed import SPEED
from geodns.model.rate_limit import RateLimit
from geodns.table.image import Table

PER_SECOND = 20_000 if SPEED == "compiled" else 2000


@pytest.fixture(scope="module")
def table() -> Table:
    return served()


@pytest.mark.parametrize("scene", SCENES)
def test_honest_queries_lose_nothing_for_a_flood_that_names_others(table: Table, scene: str) -> None:
    came = played(table, *SCENES[scene], RateLimit(), per_second=PER_SECOND)
    if "within" not in scene:
        assert came.lost <= 0.001
    assert came.lost <= 0.55  # what is asked twice more gets through, or is sent to TCP
    assert came.full + came.cut + came.lost == pytest.approx(1)


@pytest.mark.skipif(SPEED != "compiled", reason="needs more queries than are simulated interpreted")
def test_a_victim_is_sent_less_than_was_sent_in_its_name(table: Table) -> None:
    for scene in (each for each in SCENES if "as a victim" in each):
        assert played(table, *SCENES[scene], RateLimit(), per_second=PER_SECOND).amplified < 0.6
        assert played(table, *SCENES[scene], None, per_second=PER_SECOND).amplified > 1.2
