cimport cython

from geodns.answer cimport octets


@cython.locals(
    whole=cython.ulonglong,
    v0=cython.ulonglong,
    v1=cython.ulonglong,
    v2=cython.ulonglong,
    v3=cython.ulonglong,
    word=cython.ulonglong,
    at=cython.int,
    left=cython.int,
    rounds=cython.int,
)
cpdef unsigned long long siphash(
    const unsigned char[::1] message, int size, unsigned long long key0, unsigned long long key1
) except? 0 nogil
