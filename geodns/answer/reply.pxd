cimport cython

from geodns.answer cimport cells, chaos, edns, find, limiting, octets, question, rcode, resolve, terms, wire
from geodns.answer cimport memory as tallies
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query
from geodns.table cimport layout
from geodns.table.image cimport Table


@cython.locals(outcome=cython.int)
cpdef int answer(Table table, Query query, Memory memory) except -2 nogil

cpdef int read(Query query, Memory memory) except -2 nogil

@cython.locals(zone_slot=cython.longlong)
cpdef int write(Table table, Query query, Memory memory) except -2 nogil

cpdef int write_not_ready(Query query, Memory memory) except -2 nogil

@cython.locals(at=cython.int)
cpdef int read_odd(Query query, Memory memory) except -2 nogil

@cython.locals(fate=cython.int)
cpdef int conclude(Query query, Memory memory) except -2 nogil

cdef void _begin(Query query) noexcept nogil

cdef bint _is_odd(Query query) noexcept nogil

cdef bint _asks_nothing(Query query) except -1 nogil

cdef int _mind_cookie(Query query, Memory memory) noexcept nogil

cdef int _open_reply(Query query, Memory memory) except -1 nogil

@cython.locals(limit=cython.int)
cdef int _limit(Query query, Memory memory) noexcept nogil

@cython.locals(flags=cython.int, questions=cython.int)
cdef int _finish(Query query, Memory memory) except -1 nogil
