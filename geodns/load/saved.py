"""States ↔ plain dicts for JSON, so that a restart sends nobody back to where there was too much load.

A file that was damaged or written by another version costs no more than what cannot be read of it.
"""

from collections.abc import Mapping
from dataclasses import asdict

from geodns.load.band import LEAST
from geodns.load.evening import MOST
from geodns.load.fold import State
from geodns.load.keeping import Keep
from geodns.load.members import Part
from geodns.model.name import BadName, parse_name, show
from geodns.model.pool import PoolName
from geodns.model.verdict import PoolKey


def to_json(states: Mapping[PoolKey, State]) -> list[dict[str, object]]:
    return [
        {
            "zone": show(zone),
            "pool": pool,
            "at": state.at,
            "keep": asdict(state.keep),
            "members": {name: asdict(part) for name, part in state.parts.items()},
        }
        for (zone, pool), state in states.items()
    ]


def from_json(saved: object) -> dict[PoolKey, State]:
    found = map(_state, saved if isinstance(saved, list) else [])
    return dict(pair for pair in found if pair is not None)


def _state(entry: object) -> tuple[PoolKey, State] | None:
    match entry:
        case {
            "zone": str(zone),
            "pool": str(pool),
            "at": int() | float() as at,
            "keep": keep,
            "members": dict(members),
        }:
            try:
                parts = {str(name): _part(part) for name, part in members.items()}
                return (parse_name(zone), PoolName(pool)), State(keep=_keep(keep), parts=parts, at=at)
            except (BadName, ValueError):
                return None
    return None


def _keep(entry: object) -> Keep:
    match entry:
        case {
            "kept": int() | float() as kept,
            "felt": int() | float() as felt,
            "demand": None | int() | float() as demand,
            "heard": None | int() | float() as heard,
        }:
            return Keep(kept=_share(kept, 1.0), felt=felt, demand=demand, heard=heard)
    raise ValueError("this is no share of a pool")


def _part(entry: object) -> Part:
    match entry:
        case {
            "eased": int() | float() as eased,
            "evened": int() | float() as evened,
            "felt": None | int() | float() as felt,
            "demand": None | int() | float() as demand,
            "heard": None | int() | float() as heard,
        }:
            return Part(eased=_share(eased, 1.0), evened=_share(evened, MOST), felt=felt, demand=demand, heard=heard)
    raise ValueError("this is no part of a member")


def _share(value: float, most: float) -> float:
    """Whatever stands there, nobody is left without clients by it."""
    return min(most, max(LEAST, value))
