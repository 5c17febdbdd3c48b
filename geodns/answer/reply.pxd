cimport cython

from geodns.answer cimport cells, edns, octets, question, rcode, resolve, terms, wire
from geodns.answer cimport memory as tallies
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query
from geodns.table cimport layout
from geodns.table.image cimport Table


@cython.locals(outcome=cython.int)
cpdef int answer(
    Table table,
    const unsigned char[::1] packet,
    int length,
    const unsigned char[::1] client,
    int client_length,
    int ceiling,
    unsigned char[::1] reply,
    Query query,
    Memory memory,
) except -2 nogil

cpdef int read(const unsigned char[::1] packet, int length, Query query, Memory memory) except -2 nogil

@cython.locals(zone_slot=cython.longlong)
cpdef int write(
    Table table,
    const unsigned char[::1] packet,
    const unsigned char[::1] client,
    int client_length,
    int ceiling,
    unsigned char[::1] reply,
    Query query,
    Memory memory,
) except -2 nogil

cdef void _begin(Query query) noexcept nogil

cdef bint _is_odd(Query query) noexcept nogil

@cython.locals(limit=cython.int)
cdef int _limit(int ceiling, Query query) noexcept nogil

@cython.locals(flags=cython.int, questions=cython.int)
cdef int _finish(const unsigned char[::1] packet, unsigned char[::1] reply, Query query, Memory memory) except -1 nogil
