cimport cython

from geodns.answer cimport octets, rcode, terms, wire
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query

cdef const unsigned char[::1] _longest


@cython.locals(records=cython.int, at=cython.int, outcome=cython.int, name=cython.int, end=cython.int)
cpdef int read_edns(const unsigned char[::1] packet, int length, Query query) except -2 nogil

@cython.locals(size=cython.int)
cdef int _skip_name(const unsigned char[::1] packet, int length, int at) except -1 nogil

@cython.locals(version=cython.int, size=cython.int)
cdef int _read_opt(const unsigned char[::1] packet, int at, int end, Query query) except -1 nogil

@cython.locals(family=cython.int, source=cython.int, filled=cython.int)
cdef bint _read_subnet(const unsigned char[::1] packet, int at, int size, Query query) except -1 nogil

@cython.locals(at=cython.int)
cpdef int write_opt(Query query, Memory memory) except -1 nogil
