cimport cython

from geodns.answer cimport cells, key
from geodns.answer cimport memory as tallies
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query
from geodns.table cimport layout


@cython.locals(
    offset=cython.longlong,
    distribution=cython.longlong,
    ticket=cython.longlong,
    position=cython.longlong,
    entry=cython.longlong,
    variants=cython.longlong,
    variant=cython.longlong,
)
cpdef long long draw(const unsigned int[::1] plans, long long plan, Query query, Memory memory) except -1 nogil

@cython.locals(
    hashed=cython.longlong, entry=cython.longlong, turn=cython.longlong, variant=cython.longlong
)
cdef long long _draw_by_client(
    const unsigned int[::1] plans, long long plan, long long distribution, Query query, Memory memory
) except -1 nogil

@cython.locals(bucket=cython.longlong, width=cython.int, several=cython.uint, number=cython.longlong)
cpdef long long entry_of(
    const unsigned int[::1] plans, long long plan, long long distribution, long long hashed
) except -1 nogil

@cython.locals(total=cython.longlong, rounds=cython.longlong, steps=cython.longlong)
cpdef long long position_of(const unsigned int[::1] plans, long long distribution, long long ticket) except -1 nogil

@cython.locals(entries=cython.longlong, low=cython.longlong, high=cython.longlong, middle=cython.longlong)
cpdef long long entry_at(
    const unsigned int[::1] plans, long long plan, long long distribution, long long position
) except -1 nogil

@cython.locals(begin=cython.longlong, weight=cython.longlong)
cdef long long _turn(
    const unsigned int[::1] plans,
    long long plan,
    long long distribution,
    long long entry,
    long long ticket,
    long long position,
) except -1 nogil

@cython.locals(members=cython.longlong)
cdef int _tally(const unsigned int[::1] plans, long long tally, Memory memory) except -1 nogil
