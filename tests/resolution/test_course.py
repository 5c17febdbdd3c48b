"""How asking for a name outside goes: what is served of it, and when it is asked again."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.model.outside import Resolved
from geodns.resolution.course import LAST_RETRY, LONGEST, SHORTEST, Course, heard, served
from geodns.resolution.outcome import MOST_ADDRESSES, Denied, Failed, Found, Outcome

NOW = 1_800_000_000.0
DAY = 86400.0
NEW = Course()


def found(*addresses: str, ttl: int = 60) -> Found:
    return Found(tuple(map(ip_address, addresses)), ttl)


ONE, OTHER = found("192.0.2.1"), found("192.0.2.2")
KNOWN = heard(NEW, ONE, NOW, 0.0)
REFUSED = Failed("127.0.0.1:53 says REFUSED")


def shown(course: Course, now: float = NOW) -> tuple[list[str], int] | None:
    resolved = served(course, now, DAY)
    return None if resolved is None else (list(map(str, resolved.addresses)), resolved.ttl)


def after(*steps: tuple[float, Outcome], course: Course = KNOWN) -> Course:
    """Each step so many seconds after NOW."""
    for at, outcome in steps:
        course = heard(course, outcome, NOW + at, 0.0)
    return course


def test_nothing_is_served_before_the_first_answer_and_it_is_due_at_once() -> None:
    assert shown(NEW) is None
    assert NEW.ask_at <= NOW


@pytest.mark.parametrize(
    ("ttl", "chance", "wait"),
    [
        pytest.param(60, 0.0, 60, id="as the TTL says"),
        pytest.param(60, 1.0, 66, id="or up to a tenth later, by chance"),
        pytest.param(1800, 1.0, 1810, id="yet at most ten seconds later"),
        pytest.param(0, 0.0, SHORTEST, id="no more often than this"),
        pytest.param(10**6, 0.0, LONGEST, id="and no more seldom"),
    ],
)
def test_a_name_is_asked_for_again_when_its_answer_has_had_its_time(ttl: int, chance: float, wait: float) -> None:
    assert heard(NEW, found("192.0.2.1", ttl=ttl), NOW, chance).ask_at == NOW + wait


def test_addresses_are_served_each_once_and_in_one_order_and_not_too_many() -> None:
    assert shown(heard(NEW, found("192.0.2.9", "192.0.2.1", "192.0.2.9"), NOW, 0.0)) == (["192.0.2.1", "192.0.2.9"], 60)
    many = found(*(f"192.0.2.{number}" for number in range(200)))
    known = heard(NEW, many, NOW, 0.0).known
    assert known is not None
    assert len(known.addresses) == MOST_ADDRESSES


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        pytest.param(57, 60, id="a cache has had it for a while"),
        pytest.param(30, 60, id="down to half"),
        pytest.param(29, 29, id="less is another one"),
        pytest.param(300, 300, id="and so is more"),
    ],
)
def test_what_a_cache_has_taken_of_a_ttl_makes_no_other_answer(came: int, kept: int) -> None:
    assert shown(after((60, found("192.0.2.1", ttl=came)))) == (["192.0.2.1"], kept)
    assert shown(after((60, found("192.0.2.2", ttl=came)))) == (["192.0.2.2"], came), "of other addresses it is theirs"


def test_a_failure_before_the_answers_time_is_over_changes_nothing() -> None:
    course = after((10, REFUSED))
    assert shown(course, NOW + 59) == shown(KNOWN)
    assert not course.is_stale(NOW + 59)


def test_the_last_answer_goes_on_with_a_short_ttl_until_it_is_too_old() -> None:
    long = heard(NEW, found("192.0.2.1", ttl=600), NOW, 0.0)
    course = after((600, REFUSED), course=long)
    assert course.is_stale(NOW + 600)
    assert shown(course, NOW + 600) == (["192.0.2.1"], 30)
    assert shown(course, NOW + 600 + DAY - 1) == (["192.0.2.1"], 30)
    assert shown(course, NOW + 600 + DAY) is None
    assert shown(after((700, ONE), course=course), NOW + 700) == (["192.0.2.1"], 60), "and all is well with an answer"


def test_an_answer_that_nobody_has_come_to_renew_yet_is_not_stale() -> None:
    """Asking takes its time; nobody has failed."""
    assert shown(KNOWN, NOW + 61) == (["192.0.2.1"], 60)


def test_failures_are_asked_again_ever_more_seldom() -> None:
    course, waits, at = KNOWN, [], 60.0
    for _ in range(8):
        course = heard(course, REFUSED, NOW + at, 0.0)
        waits.append(course.ask_at - NOW - at)
        at += waits[-1]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert (course.failing_since, course.failures, course.trouble) == (NOW + 60, 8, REFUSED.why)


def test_a_denial_that_would_take_addresses_away_has_to_come_twice() -> None:
    course = after((60, Denied("NXDOMAIN", 60)))
    assert shown(course, NOW + 60) == (["192.0.2.1"], 60)
    assert course.ask_at == NOW + 65
    assert shown(after((65, Denied("NXDOMAIN", 60)), course=course), NOW + 65) == ([], 60)
    assert shown(after((65, OTHER), course=course), NOW + 65) == (["192.0.2.2"], 60), "it was a mistake"


def test_where_nothing_was_known_a_denial_is_believed_at_once() -> None:
    """Most names have no AAAA, and nobody loses anything."""
    course = heard(NEW, Denied("NODATA", 3600), NOW, 0.0)
    assert (shown(course), course.ask_at, course.trouble) == (([], 3600), NOW + 3600, "NODATA")


def test_a_failure_between_two_denials_is_none_of_them() -> None:
    course = after((60, Denied("NODATA", 60)), (65, REFUSED))
    assert shown(course, NOW + 65) == (["192.0.2.1"], 30)
    assert shown(after((67, Denied("NODATA", 60)), course=course), NOW + 67) == ([], 60)


OUTCOMES = st.one_of(
    st.builds(
        Found,
        st.lists(st.ip_addresses(v=4), min_size=1, max_size=5).map(tuple),
        st.integers(min_value=0, max_value=10**6),
    ),
    st.builds(Denied, st.just("NODATA"), st.integers(min_value=0, max_value=10**6)),
    st.builds(Failed, st.just("timed out")),
)


@given(st.lists(st.tuples(st.floats(min_value=0, max_value=10**5), OUTCOMES)), st.floats(min_value=0, max_value=1))
def test_whatever_comes_it_is_asked_again_in_time_and_known_addresses_stay_until_a_second_word(
    steps: list[tuple[float, Outcome]], chance: float
) -> None:
    course, now, denials = NEW, NOW, 0
    for wait, outcome in steps:
        now += wait
        before, course = course, heard(course, outcome, now, chance)
        assert now + 2 <= course.ask_at <= now + LONGEST + 10
        denials = denials + 1 if isinstance(outcome, Denied) else 0 if isinstance(outcome, Found) else denials
        if (
            before.known
            and before.known.addresses
            and course.known == Resolved((), course.known.ttl if course.known else 0)
        ):
            assert denials >= 2
        if isinstance(outcome, Failed):
            assert course.known == before.known
            assert course.ask_at <= now + LAST_RETRY * 1.1
    assert replace(course) == course
