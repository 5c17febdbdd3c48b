cdef class Table:
    cdef readonly const unsigned int[::1] names
    cdef readonly const unsigned char[::1] names_octets
    cdef readonly const unsigned int[::1] territories
    cdef readonly const unsigned int[::1] plans
    cdef readonly const unsigned char[::1] plans_octets
    cdef readonly long long generation
    cdef readonly double created
    cdef readonly object transfers
