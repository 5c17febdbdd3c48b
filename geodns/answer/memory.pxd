cimport cython

from geodns.answer cimport cells, rcode
from geodns.answer.conduct cimport Conduct
from geodns.answer.limiter cimport Limiter

cdef const unsigned char[::1] _type_index


cdef class Memory:
    cdef readonly Conduct conduct
    cdef readonly Limiter limiter
    cdef public long long now
    cdef readonly unsigned long long[::1] counts
    cdef readonly unsigned int[::1] rotation


@cython.locals(outcome=cython.int, type_index=cython.int)
cpdef int count_question(Memory memory, long long zone_slot, int qtype, int code, int denied) except -1 nogil

cpdef long long seed_of(Memory memory) except -1 nogil

@cython.locals(ticket=cython.longlong)
cpdef long long take_ticket(Memory memory, long long slot) except -1 nogil

@cython.locals(heartbeat=cython.longlong)
cpdef bint is_stale(Memory memory) except -1 nogil
