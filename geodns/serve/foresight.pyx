"""Asks the memory for what the next answers will read, so that its delays pass side by side rather than in a row.

A hint and no more: nothing is decided here, `answer` reads all of it again, and a wrong guess costs a cache line. Each
step goes one pointer further for every query before any of them goes on. With a million names a look-up without it
mostly waits.
"""

from geodns.answer cimport rcode, terms
from geodns.answer.query cimport Query
from geodns.serve.batch cimport Batch
from geodns.table cimport layout
from geodns.table.image cimport Table

cdef extern from *:
    void __builtin_prefetch(const void*) nogil


cdef enum:
    PROBES = 6


cdef struct Sight:
    long long at  # what the last step has asked for, in words; 0: nothing more to see
    long long territory  # of a steered name
    int left  # bits of the address that no node of the territory has told apart


cdef void foresee(Table table, Batch batch, int first, int end) noexcept nogil:
    """For the packets of the batch that have been read, from `first` on."""
    cdef Sight sights[AHEAD]
    cdef int index
    for index in range(first, end):
        sights[index - first].at = 0
        if batch.outcomes[index] == terms.MINE and (<Query>batch.query[index]).rcode == rcode.NOERROR:
            _see_slot(table, <Query>batch.query[index], &sights[index - first])
    for index in range(first, end):
        _see_node(table, <Query>batch.query[index], &sights[index - first])
    for index in range(first, end):
        _see_name_and_shape(table, &sights[index - first])
    for index in range(first, end):
        _see_set_or_root(table, <Query>batch.query[index], &sights[index - first])
    for index in range(first, end):
        _see_leaf(table, <Query>batch.query[index], &sights[index - first])


cdef inline bint _ask(const unsigned int[::1] words, long long at) noexcept nogil:
    """False where a guess has led out of the table."""
    if at <= 0 or at + 1 >= words.shape[0]:
        return False
    __builtin_prefetch(&words[at])
    return True


cdef void _see_slot(Table table, Query query, Sight* sight) noexcept nogil:
    """Of the whole name, which most questions that are answered have."""
    cdef long long at
    at = table.names[layout.NAMES_SLOTS] + 2 * (query.hash & table.names[layout.NAMES_MASK])
    if _ask(table.names, at):
        sight.at = at


cdef void _see_node(Table table, Query query, Sight* sight) noexcept nogil:
    """A third of the names stand some slots behind their own, mostly within the line of the cache that is there."""
    cdef long long at = sight.at
    cdef long long slots = table.names[layout.NAMES_SLOTS]
    cdef int behind = 0
    sight.at = 0
    while at != 0 and behind < PROBES and at + 1 < table.names.shape[0] and table.names[at + 1] != 0:
        if table.names[at] == query.hash:
            sight.at = table.names[at + 1] if _ask(table.names, table.names[at + 1]) else 0
            return
        behind += 1
        at = slots + 2 * ((query.hash + behind) & table.names[layout.NAMES_MASK])


cdef void _see_name_and_shape(Table table, Sight* sight) noexcept nogil:
    cdef long long node = sight.at
    cdef long long octet
    sight.at = 0
    if node == 0 or node + layout.NODE_WORDS > table.names.shape[0]:
        return
    octet = table.names[node + layout.NODE_OCTET]
    if octet < table.names_octets.shape[0]:
        __builtin_prefetch(&table.names_octets[octet])
    if _ask(table.names, table.names[node + layout.NODE_SHAPE]):
        sight.at = table.names[node + layout.NODE_SHAPE]


cdef void _see_set_or_root(Table table, Query query, Sight* sight) noexcept nogil:
    """A shape's first reference: a set, or a plan, whose territory's root tells where the client's node is."""
    cdef long long reference = table.names[sight.at + 2] if 0 < sight.at < table.names.shape[0] - 2 else 0
    cdef long long plan
    sight.at = 0
    if reference & layout.STEERED == 0:
        _ask(table.names, reference)
        return
    plan = table.plans[layout.PLANS_TABLE] + (reference ^ layout.STEERED)
    plan = table.plans[plan] if plan < table.plans.shape[0] else 0
    if query.ecs_at == 0 or plan + layout.PLAN_WORDS > table.plans.shape[0]:
        return
    sight.territory = table.territories[layout.TERRITORIES_TABLE] + table.plans[plan + layout.PLAN_TERRITORY]
    if sight.territory >= table.territories.shape[0]:
        return
    sight.territory = table.territories[sight.territory]
    sight.left = 64
    sight.at = sight.territory + (layout.TERRITORY_IPV4 if query.ecs_family == 1 else layout.TERRITORY_IPV6)
    _step(table, query, sight)


cdef void _see_leaf(Table table, Query query, Sight* sight) noexcept nogil:
    if sight.at != 0:
        _step(table, query, sight)


cdef void _step(Table table, Query query, Sight* sight) noexcept nogil:
    """From a slot that is there already to the one that it leads to: see answer.locate."""
    cdef unsigned long long slot = table.territories[sight.at] if sight.at < table.territories.shape[0] else 0
    cdef int stride = <int>(slot & 0xFF) - layout.SLOT_NODE
    sight.at = 0
    if 0 < stride <= sight.left:
        sight.left -= stride
        sight.at = sight.territory + (slot >> 8) * layout.TERRITORY_NODE + (
            _bits(query) >> sight.left & (1ULL << stride) - 1
        )
        if not _ask(table.territories, sight.at):
            sight.at = 0


cdef unsigned long long _bits(Query query) noexcept nogil:
    """The upper 64 bits of the client subnet's address."""
    cdef unsigned long long bits = 0
    cdef int index
    for index in range(8):
        bits = bits << 8 | query.ecs_address[index]
    return bits
