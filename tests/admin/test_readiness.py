import pytest

from geodns.admin.readiness import why_not_ready
from geodns.control.workers import Word

ASKED = 100.0
SERVES_4 = Word(generation=4, pid=11, heard=100.1)


@pytest.mark.parametrize(
    ("generation", "words", "reason"),
    [
        (0, [], "no generation is published yet"),
        (5, [SERVES_4], "worker 0 serves generation 4, the current one is 5"),
        (4, [SERVES_4, Word(generation=4, heard=99.0)], "worker 1 does not answer"),
        (4, [SERVES_4, Word()], "worker 1 does not answer"),
        (
            5,
            [Word(generation=4, heard=100.1, refused="bad checksum")],
            "worker 0 serves generation 4, and refused a newer one: bad checksum",
        ),
        (4, [SERVES_4], "not every worker said in time that it serves generation 4"),
        (
            5,
            [SERVES_4, SERVES_4],
            "worker 0 serves generation 4, the current one is 5; worker 1 serves generation 4, the current one is 5",
        ),
    ],
)
def test_what_keeps_us_from_being_ready_is_said(generation: int, words: list[Word], reason: str) -> None:
    assert why_not_ready(generation, words, ASKED) == reason
