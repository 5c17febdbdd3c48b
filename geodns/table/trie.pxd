cimport cython


@cython.locals(
    waiting=cython.Py_ssize_t,
    used=cython.Py_ssize_t,
    looked_at=cython.Py_ssize_t,
    at=cython.Py_ssize_t,
    first=cython.Py_ssize_t,
    until=cython.Py_ssize_t,
    position=cython.int,
    stride=cython.int,
    room=cython.Py_ssize_t,
    below=cython.int,
    slot=cython.Py_ssize_t,
    leaf=cython.Py_ssize_t,
    depth=cython.int,
    word=cython.uint,
    end=cython.Py_ssize_t,
    begin=cython.Py_ssize_t,
)
cpdef Py_ssize_t grow(
    const unsigned long long[::1] upper,
    const unsigned long long[::1] lower,
    const unsigned char[::1] depths,
    const int[::1] values,
    const unsigned int[::1] routes,
    int bits,
    unsigned int[::1] work,
    unsigned long long[::1] state,
    unsigned int[::1] counts,
    unsigned int[::1] slots,
    Py_ssize_t steps,
) except -1

@cython.locals(count=cython.Py_ssize_t, most=cython.int, whole=cython.int, widest=cython.int)
cdef int best_stride(
    const unsigned char[::1] depths, Py_ssize_t first, Py_ssize_t until, int position, unsigned int[::1] counts
) except -1

@cython.locals(most=cython.int, leaf=cython.Py_ssize_t)
cdef int deepest(const unsigned char[::1] depths, Py_ssize_t first, Py_ssize_t until) except -1

@cython.locals(
    stride=cython.int,
    limit=cython.int,
    leaf=cython.Py_ssize_t,
    depth=cython.int,
    best=cython.int,
    leaves=cython.Py_ssize_t,
    inner=cython.Py_ssize_t,
)
cdef int best_by_counts(
    const unsigned char[::1] depths,
    Py_ssize_t first,
    Py_ssize_t until,
    int position,
    int widest,
    unsigned int[::1] counts,
) except -1

@cython.locals(one=cython.ulonglong, last=cython.ulonglong, above=cython.ulonglong)
cdef Py_ssize_t end_of_block(
    const unsigned long long[::1] upper,
    const unsigned long long[::1] lower,
    Py_ssize_t leaf,
    Py_ssize_t until,
    int height,
) except -1
