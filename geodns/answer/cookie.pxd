cimport cython

from geodns.answer cimport cells, octets, option, siphash, terms, wire
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query


cpdef bint read_cookie(int at, int size, Query query, Memory memory) except -1 nogil

@cython.locals(begin=cython.int, now=cython.longlong)
cpdef int write_cookie(Query query, Memory memory) except -1 nogil

@cython.locals(
    time=cython.int,
    stamp=cython.longlong,
    least=cython.longlong,
    age=cython.longlong,
    given=cython.ulonglong,
    maker=cython.longlong,
    slot=cython.longlong,
)
cdef bint _is_valid(int at, Query query, Memory memory) except -1 nogil

@cython.locals(first=cython.longlong, words=cython.longlong)
cdef bint _is_there(Memory memory, long long slot) except -1 nogil

@cython.locals(first=cython.longlong, key0=cython.ulonglong, key1=cython.ulonglong)
cdef unsigned long long _hash_of(Query query, Memory memory, long long slot) except? 0 nogil

cdef int _put_number(Query query, int at, unsigned long long number, int size) except -1 nogil
