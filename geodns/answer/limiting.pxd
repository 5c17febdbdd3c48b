cimport cython

from geodns.answer cimport cells, crowd, locate, rcode
from geodns.answer.limiter cimport Limiter
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query
from geodns.table cimport layout


@cython.locals(
    kind=cython.int,
    ahead=cython.longlong,
    total_ahead=cython.longlong,
)
cpdef int judge(Query query, Limiter limiter, Memory memory) except -1 nogil

cdef int _kind_of(Query query) noexcept nogil

cdef long long _subject(Query query, int kind) noexcept nogil

@cython.locals(
    at=cython.int,
    word=cython.ulonglong,
    bucket=cython.ulonglong,
    tag=cython.ulonglong,
)
cdef int _know_client(Query query, Limiter limiter) except -1 nogil

@cython.locals(low=cython.int, high=cython.int, middle=cython.int)
cdef bint _is_exempt(Limiter limiter) except -1 nogil

@cython.locals(word=cython.int)
cdef int _compare(Limiter limiter, int at) except -2 nogil

@cython.locals(
    tag=cython.longlong,
    total_tag=cython.longlong,
    found=cython.longlong,
    at=cython.longlong,
    end=cython.longlong,
)
cdef int _find_accounts(Limiter limiter, int kind, long long subject) except -1 nogil

@cython.locals(tag=cython.ulonglong)
cdef long long _tag(Limiter limiter, unsigned long long kind, unsigned long long subject) except -1 nogil

@cython.locals(
    at=cython.longlong,
    end=cython.longlong,
    chosen=cython.longlong,
    least=cython.longlong,
    ahead=cython.longlong,
)
cdef long long _open(Limiter limiter, unsigned long long tag, long long other) except -1 nogil

@cython.locals(ahead=cython.ulonglong)
cdef long long _ahead(Limiter limiter, unsigned long long word) noexcept nogil

@cython.locals(until=cython.ulonglong)
cdef int _charge(Limiter limiter, long long account, long long ahead) except -1 nogil

@cython.locals(fate=cython.int)
cdef int _limit(Limiter limiter, Memory memory, int kind, long long account) except -1 nogil

@cython.locals(word=cython.ulonglong, turn=cython.ulonglong, fate=cython.int)
cdef int _next_fate(Limiter limiter, long long account) except -1 nogil
