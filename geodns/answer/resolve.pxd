cimport cython

from geodns.answer cimport chain, draw, find, found, locate, rcode, sections, terms, wire
from geodns.answer cimport memory as tallies
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query
from geodns.table cimport layout
from geodns.table.image cimport Table


@cython.locals(flags=cython.longlong)
cpdef int resolve(Table table, Query query, Memory memory) except -1 nogil

cdef int _conclude(Table table, Query query, Memory memory) except -1 nogil

@cython.locals(at_cut=cython.bint)
cdef int _refer(Table table, Query query) except -1 nogil

cdef bint _is_parents(Table table, Query query) except -1 nogil

@cython.locals(reference=cython.longlong, plan=cython.longlong)
cdef int _answer_from(Table table, Query query, Memory memory) except -1 nogil

cdef int _answer_as_parent(Table table, Query query) except -1 nogil

cdef int _answer_static(Table table, long long set_, Query query) except -1 nogil

@cython.locals(number=cython.longlong, territory=cython.longlong, drawn=cython.longlong)
cdef int _steer(Table table, long long plan, Query query, Memory memory) except -1 nogil

@cython.locals(octet=cython.longlong, size=cython.longlong, records=cython.longlong)
cdef int _answer_drawn(Table table, long long plan, long long drawn, Query query) except -1 nogil

@cython.locals(shape=cython.longlong, types=cython.longlong, at=cython.longlong, alias=cython.longlong)
cdef long long _record_of(Table table, long long node, int qtype) except -1 nogil

cdef int _fail(Query query, int extended) except -1 nogil

cdef int _deny(Table table, Query query) except -1 nogil
