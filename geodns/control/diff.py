"""Two editions → what an edit does: what changes, and the share of addresses, or of queries, that moves. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from geodns.control.changes import NameChange, changes_between
from geodns.control.edition import Edition
from geodns.control.moves import Move, Moves, moves_between
from geodns.control.weights import Weights
from geodns.model.name import show


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`queries`: how many were measured, by family; None where shares are of the address space."""

    names: tuple[NameChange, ...]
    moves: tuple[Moves, ...]
    queries: Mapping[str, float] | None = None

    def __bool__(self) -> bool:
        return bool(self.names or self.moves)


def difference(old: Edition, new: Edition, weights: Weights | None = None) -> Difference:
    """`weights`: where given, shares are of these queries."""
    before = {zone.name: zone for zone in old.inputs.zones}
    after = {zone.name: zone for zone in new.inputs.zones}
    names: list[NameChange] = []
    moves: list[Moves] = []
    for name in sorted(before.keys() | after.keys(), key=show):
        if name not in after:
            names.append(NameChange(name=show(name), change="zone removed"))
        elif name not in before:
            names.append(NameChange(name=show(name), change="zone added"))
        else:
            names += changes_between(before[name], after[name])
            moves += moves_between(old, before[name], new, after[name], weights)
    return Difference(names=tuple(names), moves=tuple(moves), queries=weights.totals if weights else None)


def to_json(found: Difference) -> Mapping[str, object]:
    def shares(moves: tuple[Move, ...]) -> list[dict[str, object]]:
        return [_move(move) for move in moves]

    queries = {} if found.queries is None else {"queries": found.queries}
    return {
        **queries,
        "names": [{"name": each.name, "change": each.change} for each in found.names],
        "moves": [
            {"names": list(each.names), "type": each.type, "ipv4": shares(each.ipv4), "ipv6": shares(each.ipv6)}
            for each in found.moves
        ],
    }


def _move(move: Move) -> dict[str, object]:
    queries = {} if move.queries is None else {"queries": move.queries}
    return {"from": move.before, "to": move.after, "share": move.share, **queries}
