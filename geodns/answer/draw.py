"""Plan + route → one prebuilt answer: number → position → entry → the addresses whose turn it is.

What the number is, and which position it comes to, is for the distribution's order to say; policy/distribution.py says
what the orders mean.
"""

from geodns.answer import cells, chance, key
from geodns.answer import memory as tallies
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.table import layout


def draw(plans: memoryview, plan: int, query: Query, memory: Memory) -> int:
    """At of the drawn answer. Counts the members it names, and notes why it is these where that is worth an extended
    error. ROUTE_NO_ADDRESS: there is none for this family; ROUTE_UNRESOLVED: nobody knows."""
    offset = plans[plan + layout.PLAN_WORDS + query.route]
    if offset <= layout.ROUTE_UNRESOLVED:
        return offset
    distribution = plan + offset
    number = _next_number(plans, distribution, query, memory)
    position = position_of(plans, distribution, number)
    entry = entry_at(plans, plan, distribution, position)
    variants = plans[entry + layout.ENTRY_VARIANTS]
    if variants == 0:
        if plans[distribution + layout.DISTRIBUTION_SPARE] == 0:
            return layout.ROUTE_NO_ADDRESS
        number = _turn(plans, plan, distribution, entry, number, position)
        distribution = plan + plans[distribution + layout.DISTRIBUTION_SPARE]
        position = position_of(plans, distribution, number)
        entry = entry_at(plans, plan, distribution, position)
        variants = plans[entry + layout.ENTRY_VARIANTS]
    variant = 0
    if variants > 1:
        variant = _turn(plans, plan, distribution, entry, number, position) % variants
    _tally(plans, plan + plans[entry + layout.ENTRY_TALLIES], memory)
    query.extended = plans[distribution + layout.DISTRIBUTION_GROUND]
    return plan + plans[entry + layout.ENTRY_SETS] + variant * layout.ANSWER_WORDS


def _next_number(plans: memoryview, distribution: int, query: Query, memory: Memory) -> int:
    """31 bits: the ticket, chance, or what the client is known by."""
    order = plans[distribution + layout.DISTRIBUTION_ORDER]
    if order == layout.ORDER_BY_CLIENT:
        return key.key_of(query, plans[distribution + layout.DISTRIBUTION_PREFIXES])
    slot = plans[distribution + layout.DISTRIBUTION_SLOT]
    ticket = tallies.take_ticket(memory, slot)
    if order == layout.ORDER_AT_RANDOM:
        return chance.number_of(ticket, slot, tallies.seed_of(memory))
    return ticket


def position_of(plans: memoryview, distribution: int, number: int) -> int:
    total = plans[distribution + layout.DISTRIBUTION_TOTAL]
    order = plans[distribution + layout.DISTRIBUTION_ORDER]
    if order == layout.ORDER_BY_CLIENT:
        return number & (total - 1)
    if order == layout.ORDER_AT_RANDOM:
        # Of 2³¹ numbers each position has as many, to within one.
        return number * total >> 31
    rounds = number // total
    steps = number * plans[distribution + layout.DISTRIBUTION_STEP]
    return (steps + rounds * plans[distribution + layout.DISTRIBUTION_DRIFT]) % total


def entry_of(plans: memoryview, plan: int, distribution: int, number: int) -> int:
    """At of the entry that this number comes to, be it a ticket or a client's key."""
    return entry_at(plans, plan, distribution, position_of(plans, distribution, number))


def entry_at(plans: memoryview, plan: int, distribution: int, position: int) -> int:
    """At of the entry that owns the position."""
    entries = plan + plans[distribution + layout.DISTRIBUTION_ENTRIES]
    if plans[distribution + layout.DISTRIBUTION_BUCKETS] != 0:
        return entries + _bucket(plans, plan, distribution, position) * layout.ENTRY_WORDS
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


def _bucket(plans: memoryview, plan: int, distribution: int, bucket: int) -> int:
    """The number of the entry that the bucket was given."""
    width = plans[distribution + layout.DISTRIBUTION_WIDTH]
    several = plans[plan + plans[distribution + layout.DISTRIBUTION_BUCKETS] + (bucket >> (5 - width))]
    return several >> (bucket << width & 31) & (1 << (1 << width)) - 1


def _turn(plans: memoryview, plan: int, distribution: int, entry: int, number: int, position: int) -> int:
    """Which of the entry's addresses: in turn it is the entry's own ticket, so that over all of its draws each number
    comes once, though within a round not in order; else what of the number the position has left."""
    order = plans[distribution + layout.DISTRIBUTION_ORDER]
    if order == layout.ORDER_BY_CLIENT:
        return number // plans[distribution + layout.DISTRIBUTION_TOTAL]
    if order == layout.ORDER_AT_RANDOM:
        return chance.mixed(number)
    begin = 0
    if entry > plan + plans[distribution + layout.DISTRIBUTION_ENTRIES]:
        begin = plans[entry - layout.ENTRY_WORDS + layout.ENTRY_UNTIL]
    weight = plans[entry + layout.ENTRY_UNTIL] - begin
    return number // plans[distribution + layout.DISTRIBUTION_TOTAL] * weight + position - begin


def _tally(plans: memoryview, tally: int, memory: Memory) -> None:
    members = plans[tally]
    while members > 0:
        memory.counts[cells.PICKS + plans[tally + members]] += 1
        members -= 1
