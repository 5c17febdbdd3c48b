"""Plan + route → one prebuilt answer. The ticket decides; policy/distribution.py says what the numbers mean."""

from geodns.answer import memory as tallies
from geodns.answer.memory import Memory
from geodns.table import layout


def draw(plans: memoryview, plan: int, route: int, memory: Memory) -> int:
    """At of the drawn answer, 0 where the route has no address of this family. Counts the members it names."""
    offset = plans[plan + layout.PLAN_WORDS + route]
    if offset == 0:
        return 0
    distribution = plan + offset
    ticket = tallies.take_ticket(memory.rotation, plans[distribution + layout.DISTRIBUTION_SLOT])
    turn = ticket // plans[distribution + layout.DISTRIBUTION_TOTAL]
    entry = entry_of(plans, plan, distribution, ticket)
    if plans[entry + layout.ENTRY_VARIANTS] == 0:
        distribution = plan + plans[distribution + layout.DISTRIBUTION_SPARE]
        entry = entry_of(plans, plan, distribution, turn)
        turn = turn // plans[distribution + layout.DISTRIBUTION_TOTAL]
    _tally(plans, plan + plans[entry + layout.ENTRY_TALLIES], memory.counts)
    variant = turn % plans[entry + layout.ENTRY_VARIANTS]
    return plan + plans[entry + layout.ENTRY_SETS] + variant * layout.ANSWER_WORDS


def entry_of(plans: memoryview, plan: int, distribution: int, ticket: int) -> int:
    """At of the entry that owns the ticket's position."""
    total = plans[distribution + layout.DISTRIBUTION_TOTAL]
    turn = ticket // total
    position = (
        ticket * plans[distribution + layout.DISTRIBUTION_STEP] + turn * plans[distribution + layout.DISTRIBUTION_DRIFT]
    )
    position = position % total
    entries = plan + plans[distribution + layout.DISTRIBUTION_ENTRIES]
    low = 0
    high = plans[distribution + layout.DISTRIBUTION_COUNT] - 1
    if high + 1 == total:
        return entries + position * layout.ENTRY_WORDS
    while low < high:
        middle = (low + high) >> 1
        if position < plans[entries + middle * layout.ENTRY_WORDS + layout.ENTRY_UNTIL]:
            high = middle
        else:
            low = middle + 1
    return entries + low * layout.ENTRY_WORDS


def _tally(plans: memoryview, tally: int, counts: memoryview) -> None:
    members = plans[tally]
    while members > 0:
        counts[tallies.PICKS + plans[tally + members]] += 1
        members -= 1
