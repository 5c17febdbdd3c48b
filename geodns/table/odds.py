"""A compiled distribution read back: with what odds does each member answer? For explain and diff."""

from collections import defaultdict
from collections.abc import Iterator

from geodns.table import layout
from geodns.table.image import Table


def plan_at(table: Table, number: int) -> int:
    return table.plans[table.plans[layout.PLANS_TABLE] + number]


def territory_at(table: Table, number: int) -> int:
    return table.territories[table.territories[layout.TERRITORIES_TABLE] + number]


def odds(table: Table, plan: int, route: int) -> dict[int, float]:
    """Where each member is counted → the share of answers that name it. Empty: the route has no address.

    With several addresses in an answer the shares add up to more than 1.
    """
    offset = table.plans[plan + layout.PLAN_WORDS + route]
    return _odds(table, plan, plan + offset) if offset > layout.ROUTE_UNRESOLVED else {}


def _odds(table: Table, plan: int, distribution: int) -> dict[int, float]:
    words = table.plans
    total = words[distribution + layout.DISTRIBUTION_TOTAL]
    found: defaultdict[int, float] = defaultdict(float)
    lacking = 0
    for weight, entry in _entries(words, plan, distribution):
        if words[entry + layout.ENTRY_VARIANTS] == 0:
            lacking += weight
            continue
        tally = plan + words[entry + layout.ENTRY_TALLIES]
        for slot in words[tally + 1 : tally + 1 + words[tally]]:
            found[slot] += weight / total
    if lacking and words[distribution + layout.DISTRIBUTION_SPARE]:
        spare = plan + words[distribution + layout.DISTRIBUTION_SPARE]
        for slot, share in _odds(table, plan, spare).items():
            found[slot] += share * lacking / total
    return dict(found)


def _entries(words: memoryview, plan: int, distribution: int) -> Iterator[tuple[int, int]]:
    """(positions, at) of each entry."""
    first = plan + words[distribution + layout.DISTRIBUTION_ENTRIES]
    before = 0
    for number in range(words[distribution + layout.DISTRIBUTION_COUNT]):
        entry = first + number * layout.ENTRY_WORDS
        until = words[entry + layout.ENTRY_UNTIL]
        yield until - before, entry
        before = until
