cimport cython

from geodns.answer.query cimport Query
from geodns.table cimport layout


@cython.locals(leaf=cython.longlong)
cpdef int locate(
    const unsigned int[::1] territories,
    long long territory,
    const unsigned char[::1] client,
    int client_length,
    Query query,
) except -1 nogil

@cython.locals(route=cython.longlong)
cdef long long _of_resolver(
    const unsigned int[::1] territories, long long territory, const unsigned char[::1] client, int client_length
) except -1 nogil

@cython.locals(
    first=cython.longlong,
    second=cython.longlong,
    fourth=cython.longlong,
    leaf=cython.longlong,
    route=cython.longlong,
    inverted=cython.longlong,
)
cdef long long _leaf(
    const unsigned int[::1] territories, long long territory, const unsigned char[::1] address, int length
) except -1 nogil

cdef long long _search_within(
    const unsigned int[::1] territories, long long territory, long long address, int before
) except -1 nogil

@cython.locals(upper=cython.longlong)
cdef long long _word(const unsigned char[::1] address, int at) except -1 nogil

@cython.locals(
    starts=cython.longlong,
    bucket=cython.longlong,
    low=cython.longlong,
    high=cython.longlong,
    middle=cython.longlong,
)
cdef long long _search(
    const unsigned int[::1] words,
    long long territory,
    long long table,
    int width,
    long long first,
    long long second,
    long long third,
    long long fourth,
) except -1 nogil

cdef bint _is_after(
    const unsigned int[::1] words,
    long long at,
    int width,
    long long first,
    long long second,
    long long third,
    long long fourth,
) except -1 nogil
