cimport cython

from geodns.answer cimport octets, rcode, wire
from geodns.answer.query cimport Query
from geodns.table cimport layout, namehash


@cython.locals(at=cython.int, size=cython.int)
cpdef int read_question(const unsigned char[::1] packet, int length, Query query) except -1 nogil

@cython.locals(hash_=cython.longlong, label=cython.int)
cdef int _hash_suffixes(Query query) except -1 nogil
