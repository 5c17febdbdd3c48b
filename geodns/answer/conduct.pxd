from geodns.answer cimport terms, wire


cdef class Conduct:
    cdef readonly int payload
    cdef readonly int cookies
    cdef readonly const unsigned char[::1] identity
    cdef readonly const unsigned char[::1] version
    cdef readonly int keepalive
    cdef readonly int extended
