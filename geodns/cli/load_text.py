"""Loads as text."""

from collections.abc import Iterable, Iterator

from geodns.cli.wording import percent
from geodns.control.load_views import LoadView


def load_lines(views: Iterable[LoadView]) -> Iterator[str]:
    for view in views:
        name = f"{view.pool}/{view.member}" if view.member else view.pool
        text = load_text(view.load, view.target, view.share, view.note, is_member=view.member is not None)
        yield f"  load of {name}: {text}"


def load_text(load: float | None, target: float | None, share: float, note: str | None, *, is_member: bool) -> str:
    """`9,200, target 8,000, keeps 70 % of its clients`."""
    known = "unknown" if load is None else amount(load)
    aim = f", target {amount(target)}" if target is not None else ""
    of = "weight" if is_member else "clients"
    kept = "" if share == 1 else f", {'has' if is_member else 'keeps'} {percent(share).strip()} of its {of}"
    return f"{known}{aim}{kept}{f' ({note})' if note else ''}"


def amount(load: float) -> str:
    """Four digits tell enough: `9,213`, `0.7531`."""
    return f"{load:,.0f}" if load >= 1000 else f"{load:.4g}"
