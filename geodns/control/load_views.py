"""What operators are told of load where they ask why an answer is what it is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from geodns.control.reports import Key
from geodns.load.seen import Seen
from geodns.model.verdict import MemberKey


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadView:
    """Of a pool, or of its `member`. `load` None: nobody knows. `share`: what it keeps of its clients or its weight."""

    pool: str
    member: str | None
    load: float | None
    target: float | None
    share: float
    note: str


def views_of(seen: Mapping[Key, Seen]) -> tuple[LoadView, ...]:
    """Each pool before its members; those of whom there is nothing to tell are left out."""
    views = [_view(key, each) for key, each in seen.items()]
    return tuple(view for view in views if view.member is None or _tells(view))


def _view(key: Key, seen: Seen) -> LoadView:
    pool, member = (key.pool, key.member) if isinstance(key, MemberKey) else (key[1], None)
    return LoadView(pool=pool, member=member, load=seen.load, target=seen.target, share=seen.share, note=seen.note)


def _tells(view: LoadView) -> bool:
    return view.load is not None or view.target is not None or view.share != 1 or bool(view.note)
