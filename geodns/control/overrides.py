"""What operators said of members through the API. Pure: the time is an argument.

An override holds until it expires or is taken back; it outlives reloads and restarts. One for a member that is not
there (any more) is kept, and takes hold when the member comes back.
"""

from collections.abc import Mapping
from dataclasses import asdict

from geodns.model.name import BadName, parse_name, show
from geodns.model.pool import PoolName, State
from geodns.model.verdict import MemberKey, Override

Overrides = Mapping[MemberKey, Override]


def in_force(overrides: Overrides, now: float) -> dict[MemberKey, Override]:
    return {key: said for key, said in overrides.items() if said.expires is None or said.expires > now}


def ordered(overrides: Overrides, key: MemberKey, said: Override | None) -> dict[MemberKey, Override]:
    """With this said of the member last; None: taken back."""
    others = {other: each for other, each in overrides.items() if other != key}
    return others if said is None else {**others, key: said}


def next_expiry(overrides: Overrides) -> float | None:
    return min((said.expires for said in overrides.values() if said.expires is not None), default=None)


def to_json(overrides: Overrides) -> dict[str, object]:
    said = [
        {
            "zone": show(key.zone),
            "pool": key.pool,
            "member": key.member,
            **asdict(override),
            "state": override.state.value,
        }
        for key, override in overrides.items()
    ]
    return {"overrides": said}


def from_json(document: Mapping[str, object]) -> dict[MemberKey, Override]:
    """Entries of another shape are passed over."""
    entries = document.get("overrides")
    found = map(_entry, entries if isinstance(entries, list) else [])
    return dict(pair for pair in found if pair is not None)


def _entry(entry: object) -> tuple[MemberKey, Override] | None:
    match entry:
        case {
            "zone": str(zone),
            "pool": str(pool),
            "member": str(member),
            "state": str(state),
            "reason": str(reason),
            "author": str(author),
            "set_at": int() | float() as set_at,
            "expires": None | int() | float() as expires,
        }:
            try:
                key = MemberKey(parse_name(zone), PoolName(pool), member)
                said = Override(state=State(state), reason=reason, author=author, set_at=set_at, expires=expires)
            except (BadName, ValueError):
                return None
            return key, said
        case _:
            return None
