"""Courses ↔ plain dicts for JSON, so that a restart knows the last good answers.

Rules:
- Answers only: failures are counted anew.
- What was damaged or written by another version costs no more than what cannot be read of it.
"""

from collections.abc import Mapping
from ipaddress import ip_address

from geodns.model.name import BadName, parse_name, show
from geodns.model.outside import Question, Resolved
from geodns.model.pool import ADDRESS_FAMILIES
from geodns.resolution.course import Course

_FAMILIES = {family.rtype: family for family in ADDRESS_FAMILIES}


def to_json(courses: Mapping[Question, Course]) -> dict[str, object]:
    """`{"lb.example.net. A": {"addresses": ["192.0.2.1"], "ttl": 60, "good_until": 1790000000.0}}`"""
    return {
        f"{show(name)} {family.rtype}": {
            "addresses": list(map(str, course.known.addresses)),
            "ttl": course.known.ttl,
            "good_until": course.good_until,
        }
        for (name, family), course in courses.items()
        if course.known is not None
    }


def from_json(document: Mapping[str, object]) -> dict[Question, Course]:
    """What `to_json` wrote; entries that make no sense are left out."""
    read = {}
    for key, entry in document.items():
        question, course = _question(key), _course(entry)
        if question is not None and course is not None:
            read[question] = course
    return read


def _question(key: str) -> Question | None:
    name, _, rtype = key.rpartition(" ")
    try:
        return (parse_name(name), _FAMILIES[rtype])
    except (BadName, KeyError):
        return None


def _course(entry: object) -> Course | None:
    match entry:
        case {"addresses": list(addresses), "ttl": int(ttl), "good_until": int() | float() as good_until}:
            try:
                known = Resolved(tuple(ip_address(each) for each in addresses), ttl)
            except ValueError:
                return None
            return Course(known=known, good_until=good_until, ask_at=good_until)
    return None
