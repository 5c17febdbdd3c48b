"""Names outside as JSON: what they have now, who leads to them, and how asking goes. Pure."""

from collections.abc import Iterable

from geodns.admin.instants import instant
from geodns.admin.members import Json
from geodns.control.outside import OutsideView
from geodns.model.name import show


def outside_rows(views: Iterable[OutsideView]) -> list[Json]:
    """`state`: fresh, stale, or unresolved, which is SERVFAIL. `failing_since` null: the last answer was a good one."""
    return [_row(view) for view in sorted(views, key=lambda view: (show(view.name), view.rtype))]


def _row(view: OutsideView) -> Json:
    course, resolved = view.course, view.resolved
    return {
        "alias": show(view.name),
        "type": view.rtype,
        "owners": sorted(map(show, view.users.owners)),
        "state": "unresolved" if resolved is None else "stale" if view.is_stale else "fresh",
        "addresses": list(map(str, resolved.addresses)) if resolved else [],
        "ttl": resolved.ttl if resolved else None,
        "good_until": instant(course.good_until),
        "failing_since": instant(course.failing_since),
        "trouble": course.trouble or None,
    }
