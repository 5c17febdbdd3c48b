cimport cython

from geodns.answer cimport cells, chance, key
from geodns.answer cimport memory as tallies
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query
from geodns.table cimport layout


@cython.locals(
    offset=cython.longlong,
    distribution=cython.longlong,
    number=cython.longlong,
    position=cython.longlong,
    entry=cython.longlong,
    variants=cython.longlong,
    variant=cython.longlong,
)
cpdef long long draw(const unsigned int[::1] plans, long long plan, Query query, Memory memory) except -1 nogil

@cython.locals(order=cython.uint, slot=cython.longlong, ticket=cython.longlong)
cdef long long _next_number(
    const unsigned int[::1] plans, long long distribution, Query query, Memory memory
) except -1 nogil

@cython.locals(total=cython.longlong, order=cython.uint, rounds=cython.longlong, steps=cython.longlong)
cpdef long long position_of(const unsigned int[::1] plans, long long distribution, long long number) except -1 nogil

cpdef long long entry_of(
    const unsigned int[::1] plans, long long plan, long long distribution, long long number
) except -1 nogil

@cython.locals(entries=cython.longlong, low=cython.longlong, high=cython.longlong, middle=cython.longlong)
cpdef long long entry_at(
    const unsigned int[::1] plans, long long plan, long long distribution, long long position
) except -1 nogil

@cython.locals(width=cython.int, several=cython.uint)
cdef long long _bucket(
    const unsigned int[::1] plans, long long plan, long long distribution, long long bucket
) except -1 nogil

@cython.locals(order=cython.uint, begin=cython.longlong, weight=cython.longlong)
cdef long long _turn(
    const unsigned int[::1] plans,
    long long plan,
    long long distribution,
    long long entry,
    long long number,
    long long position,
) except -1 nogil

@cython.locals(members=cython.longlong)
cdef int _tally(const unsigned int[::1] plans, long long tally, Memory memory) except -1 nogil
