cimport cython

from geodns.answer cimport octets, wire
from geodns.answer.query cimport Query

cdef const unsigned char[::1] _longest


@cython.locals(family=cython.int, source=cython.int, filled=cython.int)
cpdef bint read_subnet(int at, int size, Query query) except -1 nogil

@cython.locals(size=cython.int)
cpdef int write_subnet(Query query) except -1 nogil
