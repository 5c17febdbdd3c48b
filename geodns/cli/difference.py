"""A difference as text: names that change, then for names that move together where their clients go."""

from collections.abc import Iterator, Sequence

from geodns.cli.columns import columns
from geodns.cli.weighing import measured
from geodns.cli.wording import percent
from geodns.control.diff import Difference
from geodns.control.moves import Move

_MOST_NAMES = 8  # of those that move together; the JSON form has all


def text_of(found: Difference) -> str:
    lines = [*_names(found), *_moves(found)]
    return "\n".join([*lines, *_measured(found)]) if lines else "no difference"


def _measured(found: Difference) -> Iterator[str]:
    if found.queries and found.moves:
        yield f"shares are of the queries measured: {measured(found.queries)}"


def _names(found: Difference) -> list[str]:
    return columns([(each.name, each.change) for each in found.names])


def _moves(found: Difference) -> Iterator[str]:
    for each in found.moves:
        yield f"{_shown(each.names)} {each.type}"
        yield from columns([*_rows("IPv4", each.ipv4), *_rows("IPv6", each.ipv6)], indent="  ")


def _shown(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _rows(clients: str, moves: Sequence[Move]) -> Iterator[tuple[str, ...]]:
    for move in moves:
        whose = "clients" if move.queries is None else "queries"
        queries = [] if move.queries is None else [f"{move.queries:,.0f}"]
        yield f"{clients} {whose}", percent(move.share), *queries, f"{move.before} → {move.after}"
