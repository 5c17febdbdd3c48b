cimport cython

from geodns.answer cimport rcode, wire


cpdef long long lifetime(const unsigned char[::1] reply) except -1

@cython.locals(
    code=cython.int,
    answers=cython.int,
    left=cython.int,
    at=cython.int,
    end=cython.int,
    ttl=cython.longlong,
    minimum=cython.longlong,
    soonest=cython.longlong,
)
cdef long long _read(const unsigned char[::1] reply) except -1

@cython.locals(at=cython.int, left=cython.int)
cdef int _after_questions(const unsigned char[::1] reply) except -1

@cython.locals(size=cython.int)
cdef int _name_end(const unsigned char[::1] reply, int at) except -1

cdef long long _pair(const unsigned char[::1] reply, int at) except -1
