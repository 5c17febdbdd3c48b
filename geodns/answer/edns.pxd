cimport cython

from geodns.answer cimport cookie, extended, octets, option, rcode, subnet, terms, wire
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query


@cython.locals(records=cython.int, outcome=cython.int, name=cython.int, end=cython.int)
cpdef int read_edns(
    const unsigned char[::1] packet, int length, int at, Query query, Memory memory) except -2 nogil

@cython.locals(records=cython.int)
cpdef int skip_sections(const unsigned char[::1] packet, int length, int at) except -1 nogil

@cython.locals(size=cython.int)
cdef int _skip_name(const unsigned char[::1] packet, int length, int at) except -1 nogil

@cython.locals(version=cython.int, size=cython.int)
cdef int _read_opt(const unsigned char[::1] packet, int at, int end, Query query, Memory memory) except -1 nogil

cdef bint _read_option(int code, int at, int size, Query query, Memory memory) except -1 nogil

cdef int _want(Query query, int what, int size) except -1 nogil

@cython.locals(size=cython.int, padded=cython.int)
cpdef int complete(Query query, Memory memory) except -1 nogil

@cython.locals(end=cython.int)
cpdef int write_opt(Query query, Memory memory) except -1 nogil

@cython.locals(size=cython.int)
cdef int _write_options(Query query, Memory memory, int end) except -1 nogil
