"""Zones that are copied from other servers, as JSON: their serials, and how the copying goes. Pure."""

from collections.abc import Iterable

from geodns.admin.instants import instant
from geodns.admin.members import Json
from geodns.control.copies import CopyView
from geodns.model.name import show


def copy_rows(views: Iterable[CopyView]) -> list[Json]:
    """`serial` null: there is no copy. `served` false: SERVFAIL. `failing_since` null: the primaries answer."""
    return [_row(view) for view in sorted(views, key=lambda view: str(view.secondary))]


def _row(view: CopyView) -> Json:
    course = view.course
    return {
        "zone": str(view.secondary),
        "primaries": list(map(str, view.secondary.primaries)),
        "key": show(view.secondary.key.name) if view.secondary.key else None,
        "serial": course.timers.serial if course.timers else None,
        "served": view.is_served,
        "confirmed": instant(course.confirmed),
        "expires": instant(course.expires),
        "failing_since": instant(course.failing_since),
        "trouble": course.trouble or None,
    }
