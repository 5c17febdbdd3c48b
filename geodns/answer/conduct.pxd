from geodns.answer cimport terms


cdef class Conduct:
    cdef readonly int payload
