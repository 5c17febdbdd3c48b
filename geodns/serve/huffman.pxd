cimport cython

cdef const unsigned char[::1] _next
cdef const unsigned char[::1] _flags
cdef const unsigned char[::1] _symbols
cdef int _complete
cdef int _emits
cdef int _fails


@cython.locals(
    node=cython.int, flags=cython.int, written=cython.int, step=cython.int, half=cython.int, at=cython.int
)
cpdef int decode(const unsigned char[::1] coded, int size, unsigned char[::1] octets) except -2 nogil
