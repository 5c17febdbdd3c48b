cimport cython

from geodns.answer cimport found, octets
from geodns.answer.query cimport Query
from geodns.table cimport layout
from geodns.table.image cimport Table


@cython.locals(label=cython.int, node=cython.longlong)
cpdef int find(Table table, Query query) except -1 nogil

@cython.locals(flags=cython.longlong, wildcard=cython.longlong)
cdef int _judge(Table table, Query query, int label) except -1 nogil

@cython.locals(mask=cython.longlong, slots=cython.longlong, slot=cython.longlong, node=cython.longlong)
cpdef long long look_up(Table table, Query query, int start, long long hash_) except -1 nogil

@cython.locals(size=cython.int)
cdef bint _is_named(Table table, long long node, Query query, int start) except -1 nogil
