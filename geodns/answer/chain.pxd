cimport cython

from geodns.answer cimport find, found, octets, rcode, sections, terms, wire
from geodns.answer.query cimport Query
from geodns.table cimport layout
from geodns.table.image cimport Table


@cython.locals(links=cython.int)
cpdef bint follow(Table table, Query query) except -1 nogil

cdef bint _leads_on(Table table, Query query) except -1 nogil

@cython.locals(at=cython.int)
cdef bint _was_met(Query query, int links) except -1 nogil

@cython.locals(at=cython.int, end=cython.int, one=cython.int, two=cython.int)
cdef bint _is_same(Query query, int other) except -1 nogil

cdef bint _follow_link(Table table, Query query, int links) except -1 nogil

@cython.locals(node=cython.longlong, begin=cython.int, target=cython.longlong, flags=cython.longlong)
cdef bint _follow_alias(Table table, Query query) except -1 nogil

@cython.locals(begin=cython.int, owner=cython.int)
cdef bint _write_dname(Table table, Query query, int links) except -1 nogil

@cython.locals(set_=cython.longlong, record=cython.longlong, kept=cython.int, given=cython.int, at=cython.int)
cdef bint _write_synthesized(Table table, Query query) except -1 nogil

@cython.locals(zone=cython.longlong, node=cython.longlong, size=cython.int, how=cython.int)
cdef bint _find_target(Table table, Query query) except -1 nogil
