cimport cython

from geodns.answer cimport octets, terms, wire

cdef const unsigned char[::1] _signature
cdef const unsigned char[::1] _mapped
cdef const unsigned char[::1] _sizes


@cython.locals(known=cython.int, family=cython.int, size=cython.int)
cpdef int header_size(const unsigned char[::1] packet, int length) except -2 nogil

@cython.locals(family=cython.int)
cpdef int take_client(const unsigned char[::1] packet, unsigned char[::1] client, int at) except -1 nogil

@cython.locals(entry=cython.int, end=cython.int)
cpdef bint is_listed(
    const unsigned char[::1] networks, const unsigned char[::1] client, int at, int size
) except -1 nogil

@cython.locals(bits=cython.int, whole=cython.int, rest=cython.int)
cdef bint _is_within(
    const unsigned char[::1] networks, int entry, const unsigned char[::1] client, int at
) except -1 nogil
