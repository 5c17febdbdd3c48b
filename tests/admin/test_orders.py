"""The body of a PUT → an override."""

import json

import pytest

from geodns.admin.orders import parse_override
from geodns.admin.refusal import Refused
from geodns.model.pool import State
from geodns.model.verdict import Override

NOW = 1_800_000_000.0  # 2027-01-15T08:00:00Z


def order(**changes: object) -> bytes:
    return json.dumps({"state": "drain", "reason": "new kernel", **changes}).encode()


def refused(body: bytes) -> str:
    with pytest.raises(Refused) as caught:
        parse_override(body, "alice", NOW)
    assert caught.value.status == 400
    return caught.value.sentence


def test_an_order_has_a_state_a_reason_and_an_author() -> None:
    assert parse_override(order(), "alice", NOW) == Override(
        state=State.DRAIN, reason="new kernel", author="alice", set_at=NOW, expires=None
    )


@pytest.mark.parametrize(
    ("expires", "end"),
    [
        (None, None),
        ("2h", NOW + 7200),
        (90, NOW + 90),
        ("90", NOW + 90),
        ("1h30m", NOW + 5400),
        ("2027-01-15T09:00:00Z", NOW + 3600),
        ("2027-01-15T09:00:00+01:00", None),
        ("2027-01-15 10:00:00+01:00", NOW + 3600),
    ],
)
def test_it_ends_after_a_duration_or_at_a_time(expires: object, end: float | None) -> None:
    if end is None and expires is not None:
        assert "that is over" in refused(order(expires=expires))
    else:
        assert parse_override(order(expires=expires), "alice", NOW).expires == end


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "maint"}, "'state' is 'maint'; it has to be up or down or drain"),
        ({"state": None}, "'state' is nothing; it has to be up or down or drain"),
        ({"state": ["up"]}, "'state' is a list; it has to be up or down or drain"),
        ({"reason": None}, "'reason' is missing; say in a few words why, for whoever comes after you"),
        ({"reason": "  "}, "'reason' is missing; say in a few words why, for whoever comes after you"),
        ({"reason": "two\nlines"}, "'reason' has to be one line of at most 200 characters"),
        ({"reason": "x" * 201}, "'reason' has to be one line of at most 200 characters"),
        ({"reason": "\ud800"}, "'reason' has to be one line of at most 200 characters"),
        ({"expires": "soon"}, "'expires' is 'soon'; write 2h, a number of seconds, or a time such as"),
        ({"expires": True}, "'expires' is true; write 2h"),
        ({"expires": [1]}, "'expires' is a list; write 2h"),
        ({"expires": "2027-13-01T00:00:00Z"}, "'expires' is '2027-13-01T00:00:00Z'; write 2h"),
        ({"expires": "2027-02-01T00:00:00"}, "'expires' is '2027-02-01T00:00:00'; write 2h"),
        ({"expires": "2020-01-01T00:00:00Z"}, "and that is over; leave it out for an override that stays"),
        ({"expires": 0}, "'expires' is 0, and that is over"),
        ({"expires": "4000d"}, "'expires' is more than ten years away"),
        ({"expires": -5}, "'expires' is -5; write 2h"),
        ({"expire": "2h"}, "unknown key 'expire'; did you mean 'expires'?"),
    ],
)
def test_an_order_that_is_wrong_is_refused_with_the_way_out(changes: dict[str, object], sentence: str) -> None:
    assert sentence in refused(order(**changes))


@pytest.mark.parametrize("body", [b"", b"{", b"state=drain", b"\xff", b"[" * 4000, b'{"state": "drain"'])
def test_what_is_no_json_is_refused_with_an_example(body: bytes) -> None:
    assert refused(body).startswith('the body is no JSON; send {"state": "drain"')


@pytest.mark.parametrize("body", [b"[]", b"null", b'"drain"', b"NaN"])
def test_what_is_no_mapping_is_refused_with_an_example(body: bytes) -> None:
    assert refused(body).startswith('the body has to be a mapping, such as {"state": "drain"')


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refused(b'{"reson": "x", "expires": "x"}').count(";") > 4
