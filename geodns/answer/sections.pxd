cimport cython

from geodns.answer cimport octets, wire
from geodns.answer.query cimport Query
from geodns.table cimport layout
from geodns.table.image cimport Table


@cython.locals(
    left=cython.longlong, size=cython.longlong, begin=cython.int, answers=cython.longlong, fixups=cython.longlong
)
cpdef bint write_set(Table table, long long set_, Query query) except -1 nogil

@cython.locals(room=cython.longlong, cut=cython.longlong, left=cython.longlong)
cdef long long _cut(Table table, long long set_, Query query) except -1 nogil

cpdef bint append(const unsigned char[::1] source, long long octet, long long size, Query query) except -1 nogil

cpdef int point_at_owner(int at, long long records, Query query) except -1 nogil

@cython.locals(target=cython.longlong, count=cython.longlong, at=cython.longlong)
cdef int _point_at_zone(Table table, long long fixups, int begin, long long size, Query query) except -1 nogil
