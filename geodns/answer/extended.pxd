cimport cython

from geodns.answer cimport octets, option, wire
from geodns.answer.query cimport Query

cdef const unsigned char[::1] _codes
cdef const unsigned char[::1] _texts
cdef const unsigned char[::1] _begins


cpdef int room_for(int number) except -1 nogil

@cython.locals(begin=cython.int, size=cython.int)
cpdef int write_extended(Query query) except -1 nogil
