cimport cython

from geodns.answer cimport octets, rcode, wire
from geodns.answer.query cimport Query


@cython.locals(past=cython.int, at=cython.int, size=cython.int)
cpdef int read_question(const unsigned char[::1] packet, int length, Query query) except -1 nogil
