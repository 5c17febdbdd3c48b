import pytest

from geodns.serve.follow import should_serve


@pytest.mark.parametrize(
    ("newest", "current", "wanted", "expected"),
    [
        (8, 7, 8, True),
        (9, 7, 8, True),  # two came at once
        (7, 7, 8, False),  # 8 is damaged
        (8, 7, 9, True),  # 9 is damaged, and 8 was missed
        (6, 7, 8, False),  # 8 is damaged, and 7 has since been lost
        (20, 20, 10, True),  # an old word that waited for us; what is on the disk counts
        (1, 57, 1, True),  # the state folder was emptied
    ],
)
def test_the_newest_whole_generation_is_served(newest: int, current: int, wanted: int, expected: bool) -> None:
    assert should_serve(newest, current=current, wanted=wanted) is expected
