cimport cython

from geodns.answer.query cimport Query
from geodns.table cimport layout


@cython.locals(leaf=cython.longlong)
cpdef int locate(const unsigned int[::1] territories, long long territory, long long by, Query query) except -1 nogil

@cython.locals(route=cython.longlong)
cdef long long _of_resolver(const unsigned int[::1] territories, long long territory, Query query) except -1 nogil

@cython.locals(
    first=cython.ulonglong,
    second=cython.ulonglong,
    fourth=cython.ulonglong,
    leaf=cython.longlong,
    route=cython.longlong,
    inverted=cython.ulonglong,
)
cdef long long _leaf(
    const unsigned int[::1] territories, long long territory, Query query, const unsigned char[::1] address, int length
) except -1 nogil

@cython.locals(leaf=cython.longlong)
cdef long long _search_within(
    const unsigned int[::1] territories,
    long long territory,
    Query query,
    unsigned long long address,
    int before,
    int depth,
) except -1 nogil

@cython.locals(upper=cython.ulonglong)
cdef unsigned long long word(const unsigned char[::1] address, int at) except? 1 nogil

@cython.locals(slot=cython.longlong, left=cython.int, stride=cython.int)
cdef long long _search(
    const unsigned int[::1] words, long long territory, int root, unsigned long long bits, unsigned long long below
) except -1 nogil
