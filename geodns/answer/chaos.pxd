cimport cython

from geodns.answer cimport octets, rcode, sections, wire
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query

cdef const unsigned char[::1] _id_server
cdef const unsigned char[::1] _hostname_bind
cdef const unsigned char[::1] _version_server
cdef const unsigned char[::1] _version_bind


cpdef int answer_chaos(Query query, Memory memory) except -1 nogil

@cython.locals(size=cython.int)
cdef bint _asks(Query query, const unsigned char[::1] name) except -1 nogil

cdef int _tell(Query query, const unsigned char[::1] record) except -1 nogil
