"""Plan + route → one prebuilt answer. The ticket decides, or the client; policy/distribution.py says what the numbers
mean."""

from geodns.answer import cells, key
from geodns.answer import memory as tallies
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.table import layout


def draw(plans: memoryview, plan: int, query: Query, memory: Memory) -> int:
    """At of the drawn answer, 0 where there is none for this family. Counts the members it names."""
    offset = plans[plan + layout.PLAN_WORDS + query.route]
    if offset == 0:
        return 0
    distribution = plan + offset
    if plans[distribution + layout.DISTRIBUTION_BUCKETS] != 0:
        return _draw_by_client(plans, plan, distribution, query, memory)
    ticket = tallies.take_ticket(memory, plans[distribution + layout.DISTRIBUTION_SLOT])
    position = position_of(plans, distribution, ticket)
    entry = entry_at(plans, plan, distribution, position)
    variants = plans[entry + layout.ENTRY_VARIANTS]
    if variants == 0:
        if plans[distribution + layout.DISTRIBUTION_SPARE] == 0:
            return 0
        ticket = _turn(plans, plan, distribution, entry, ticket, position)
        distribution = plan + plans[distribution + layout.DISTRIBUTION_SPARE]
        position = position_of(plans, distribution, ticket)
        entry = entry_at(plans, plan, distribution, position)
        variants = plans[entry + layout.ENTRY_VARIANTS]
    variant = 0
    if variants > 1:
        variant = _turn(plans, plan, distribution, entry, ticket, position) % variants
    _tally(plans, plan + plans[entry + layout.ENTRY_TALLIES], memory)
    return plan + plans[entry + layout.ENTRY_SETS] + variant * layout.ANSWER_WORDS


def _draw_by_client(plans: memoryview, plan: int, distribution: int, query: Query, memory: Memory) -> int:
    """The client's bucket says which entry, and what is left of its key which of the entry's addresses."""
    hashed = key.key_of(query, plans[distribution + layout.DISTRIBUTION_PREFIXES])
    entry = entry_of(plans, plan, distribution, hashed)
    if plans[entry + layout.ENTRY_VARIANTS] == 0:
        if plans[distribution + layout.DISTRIBUTION_SPARE] == 0:
            return 0
        distribution = plan + plans[distribution + layout.DISTRIBUTION_SPARE]
        entry = entry_of(plans, plan, distribution, hashed)
    turn = hashed // plans[distribution + layout.DISTRIBUTION_TOTAL]
    variant = turn % plans[entry + layout.ENTRY_VARIANTS]
    _tally(plans, plan + plans[entry + layout.ENTRY_TALLIES], memory)
    return plan + plans[entry + layout.ENTRY_SETS] + variant * layout.ANSWER_WORDS


def entry_of(plans: memoryview, plan: int, distribution: int, hashed: int) -> int:
    """At of the entry that a client with this key gets."""
    bucket = hashed & (plans[distribution + layout.DISTRIBUTION_TOTAL] - 1)
    width = plans[distribution + layout.DISTRIBUTION_WIDTH]
    several = plans[plan + plans[distribution + layout.DISTRIBUTION_BUCKETS] + (bucket >> (5 - width))]
    number = several >> (bucket << width & 31) & (1 << (1 << width)) - 1
    return plan + plans[distribution + layout.DISTRIBUTION_ENTRIES] + number * layout.ENTRY_WORDS


def position_of(plans: memoryview, distribution: int, ticket: int) -> int:
    total = plans[distribution + layout.DISTRIBUTION_TOTAL]
    rounds = ticket // total
    steps = ticket * plans[distribution + layout.DISTRIBUTION_STEP]
    return (steps + rounds * plans[distribution + layout.DISTRIBUTION_DRIFT]) % total


def entry_at(plans: memoryview, plan: int, distribution: int, position: int) -> int:
    """At of the entry that owns the position."""
    entries = plan + plans[distribution + layout.DISTRIBUTION_ENTRIES]
    low = 0
    high = plans[distribution + layout.DISTRIBUTION_COUNT] - 1
    if high + 1 == plans[distribution + layout.DISTRIBUTION_TOTAL]:
        return entries + position * layout.ENTRY_WORDS
    while low < high:
        middle = (low + high) >> 1
        if position < plans[entries + middle * layout.ENTRY_WORDS + layout.ENTRY_UNTIL]:
            high = middle
        else:
            low = middle + 1
    return entries + low * layout.ENTRY_WORDS


def _turn(plans: memoryview, plan: int, distribution: int, entry: int, ticket: int, position: int) -> int:
    """The entry's own ticket: over all of its draws each number comes once, though within a round not in order."""
    begin = 0
    if entry > plan + plans[distribution + layout.DISTRIBUTION_ENTRIES]:
        begin = plans[entry - layout.ENTRY_WORDS + layout.ENTRY_UNTIL]
    weight = plans[entry + layout.ENTRY_UNTIL] - begin
    return ticket // plans[distribution + layout.DISTRIBUTION_TOTAL] * weight + position - begin


def _tally(plans: memoryview, tally: int, memory: Memory) -> None:
    members = plans[tally]
    while members > 0:
        memory.counts[cells.PICKS + plans[tally + members]] += 1
        members -= 1
