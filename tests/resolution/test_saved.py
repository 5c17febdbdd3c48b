"""What of courses outlives a restart."""

import json
from ipaddress import ip_address

import pytest

from geodns.model.name import parse_name
from geodns.model.outside import Resolved
from geodns.model.pool import Family
from geodns.resolution.course import Course
from geodns.resolution.saved import from_json, to_json

LB = parse_name("lb.example.net.")
KNOWN = Course(known=Resolved((ip_address("192.0.2.1"),), 60), good_until=1000.5, ask_at=1003.0)
NOTHING = Course(known=Resolved((), 300), good_until=2000.0, ask_at=2000.0)
FAILING = Course(failures=3, failing_since=900.0, trouble="timed out", ask_at=1010.0)


def test_answers_are_kept_and_failures_are_counted_anew() -> None:
    written = json.loads(json.dumps(to_json({(LB, Family.IPV4): KNOWN, (LB, Family.IPV6): NOTHING})))
    assert written["lb.example.net. A"] == {"addresses": ["192.0.2.1"], "ttl": 60, "good_until": 1000.5}
    assert from_json(written) == {
        (LB, Family.IPV4): Course(known=KNOWN.known, good_until=1000.5, ask_at=1000.5),
        (LB, Family.IPV6): NOTHING,
    }
    assert to_json({(LB, Family.IPV4): FAILING}) == {}


@pytest.mark.parametrize(
    "document",
    [
        {"lb.example.net. A": 7},
        {"lb.example.net. A": {"addresses": ["no"], "ttl": 1, "good_until": 1.0}},
        {"lb.example.net. A": {"addresses": [], "ttl": "1", "good_until": 1.0}},
        {"lb.example.net. MX": {"addresses": [], "ttl": 1, "good_until": 1.0}},
        {"lb..net. A": {"addresses": [], "ttl": 1, "good_until": 1.0}},
        {"": {"addresses": [], "ttl": 1, "good_until": 1.0}},
    ],
)
def test_what_makes_no_sense_is_left_out(document: dict[str, object]) -> None:
    assert from_json(document) == {}
