cimport cython

from geodns.answer cimport locate
from geodns.answer.query cimport Query
from geodns.table cimport layout


@cython.locals(bits=cython.int)
cpdef long long key_of(Query query, int prefixes) except -1 nogil

cpdef int known_bits(Query query, int length, int prefixes) except -1 nogil

@cython.locals(mixed=cython.ulonglong, at=cython.int)
cdef long long _hash_of(Query query, const unsigned char[::1] address, int bits) except -1 nogil

cdef unsigned long long _leading(unsigned long long word, int bits) noexcept nogil

cdef unsigned long long _mix(unsigned long long mixed, unsigned long long word) noexcept nogil
