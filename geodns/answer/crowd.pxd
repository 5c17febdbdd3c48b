cimport cython

from geodns.answer cimport cells
from geodns.answer.limiter cimport Limiter


@cython.locals(
    slot=cython.longlong,
    high=cython.ulonglong,
    low=cython.ulonglong,
    votes=cython.ulonglong,
)
cpdef int note(Limiter limiter) except -1 nogil

@cython.locals(upper=cython.ulonglong, lower=cython.ulonglong)
cdef unsigned long long _two(Limiter limiter, int at) except? 0 nogil
