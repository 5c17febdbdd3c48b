cimport cython

from geodns.answer cimport found, octets, wire
from geodns.answer.query cimport Query
from geodns.table cimport layout
from geodns.table.image cimport Table


@cython.locals(size=cython.int)
cpdef int find(Table table, Query query) except -1 nogil

@cython.locals(
    missing=cython.longlong, present=cython.longlong, depths=cython.longlong, left=cython.longlong, depth=cython.longlong
)
cdef int _find_encloser(Table table, Query query) except -1 nogil

@cython.locals(at=cython.int, labels=cython.int)
cdef int _note_labels(Query query) except -1 nogil

@cython.locals(before=cython.int, start=cython.int, size=cython.int, node=cython.longlong)
cdef bint _is_there(Table table, Query query, long long depth) except -1 nogil

@cython.locals(flags=cython.longlong, wildcard=cython.longlong)
cdef int _judge(Table table, Query query, int size) except -1 nogil

@cython.locals(mask=cython.longlong, slots=cython.longlong, slot=cython.longlong, node=cython.longlong)
cpdef long long look_up(Table table, Query query, long long hash_, int start, int size) except -1 nogil

cdef bint _is_named(Table table, long long node, Query query, int start, int size) except -1 nogil

cpdef long long hash_of(Query query, int start, int size) except -1 nogil
