cimport cython


cdef class Decoder:
    cdef bytes octets
    cdef const unsigned char[::1] content
    cdef long long start
    cdef object wanted
    cdef dict keys
    cdef Py_ssize_t at
    cdef int kind
    cdef long long size
    cdef int left

    cpdef object record(self, Py_ssize_t at)

    @cython.locals(kind=cython.int, size=cython.longlong)
    cdef object _value(self, int depth)

    @cython.locals(back=cython.Py_ssize_t)
    cdef object _elsewhere(self, Py_ssize_t at, int depth)

    @cython.locals(found=dict)
    cdef object _map(self, long long size, int depth)

    @cython.locals(at=cython.Py_ssize_t, back=cython.Py_ssize_t)
    cdef str _key(self, int depth)

    cdef str _text(self, int kind, long long size)

    cdef object _scalar(self, int kind, long long size)

    cdef bytes _take(self, long long size)

    @cython.locals(kind=cython.int, size=cython.longlong, _=cython.longlong)
    cdef int _pass_over(self, int depth) except -1

    @cython.locals(first=cython.int)
    cdef int _control(self, int depth) except -1

    cdef int _sized(self, int first) except -1

    @cython.locals(longer=cython.int, offset=cython.longlong)
    cdef long long _pointer(self, int first) except -1

    @cython.locals(number=cython.longlong, _=cython.int)
    cdef long long _integer(self, int size) except -1
