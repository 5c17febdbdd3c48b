"""By which timers a zone is copied, and until when the copy is good."""

import pytest

from geodns.secondary.course import LAST_RETRY, LONGEST, SHORTEST, Confirmed, Course, Failed, Timers, heard

NOW = 1_800_000_000.0
TIMERS = Timers(serial=7, refresh=3600, retry=900, expire=86400)
COPIED = heard(Course(), Confirmed(TIMERS), NOW, 0.0)
FAILED = Failed("192.0.2.1:53 does not answer in time")


def test_without_a_copy_it_is_due_at_once_and_nothing_is_served() -> None:
    assert Course().ask_at <= NOW
    assert not Course().is_served(NOW)


@pytest.mark.parametrize(
    ("refresh", "chance", "wait"),
    [
        pytest.param(3600, 0.0, 3600, id="as the SOA says"),
        pytest.param(3600, 1.0, 3240, id="or up to a tenth sooner, by chance"),
        pytest.param(0, 1.0, SHORTEST, id="no more often than this"),
        pytest.param(10**7, 0.0, LONGEST, id="and no more seldom"),
    ],
)
def test_a_copy_is_refreshed(refresh: int, chance: float, wait: float) -> None:
    timers = Timers(serial=7, refresh=refresh, retry=900, expire=86400)
    assert heard(Course(), Confirmed(timers), NOW, chance).ask_at == NOW + wait


def test_where_nobody_answers_it_is_asked_again_after_retry_and_served_until_it_expires() -> None:
    course = heard(COPIED, FAILED, NOW + 3600, 0.0)
    assert course.ask_at == NOW + 3600 + 900
    assert (course.failures, course.failing_since, course.trouble) == (1, NOW + 3600, FAILED.why)
    assert course.is_served(NOW + 86399)
    assert not course.is_served(NOW + 86400)
    again = heard(course, Confirmed(TIMERS), NOW + 90000, 0.0)
    assert again.is_served(NOW + 90000)
    assert again.failures == 0


def test_without_a_copy_failures_are_asked_again_ever_more_seldom() -> None:
    course, waits = Course(), []
    for _ in range(9):
        course = heard(course, FAILED, NOW, 0.0)
        waits.append(course.ask_at - NOW)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, LAST_RETRY]
