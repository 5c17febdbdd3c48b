cimport cython


@cython.locals(written=cython.bint, last=cython.int, at=cython.Py_ssize_t, label=cython.int)
cpdef Py_ssize_t relabel(
    const unsigned long long[::1] upper,
    const unsigned long long[::1] lower,
    const int[::1] finds,
    Py_ssize_t first,
    Py_ssize_t until,
    const int[::1] labels,
    unsigned long long[::1] to_upper,
    unsigned long long[::1] to_lower,
    int[::1] to_values,
    Py_ssize_t count,
) except -1

@cython.locals(count=cython.Py_ssize_t, at=cython.Py_ssize_t, find=cython.int)
cpdef Py_ssize_t unseen(
    const int[::1] finds,
    Py_ssize_t first,
    Py_ssize_t until,
    unsigned int[::1] stamps,
    unsigned int stamp,
    int[::1] found,
) except -1

@cython.locals(
    at=cython.Py_ssize_t,
    other=cython.Py_ssize_t,
    count=cython.Py_ssize_t,
    before=cython.Py_ssize_t,
    runs=cython.Py_ssize_t,
    other_runs=cython.Py_ssize_t,
    ours=cython.bint,
    theirs=cython.bint,
    key=cython.ulonglong,
)
cpdef Py_ssize_t overlaps(
    const unsigned long long[::1] upper,
    const unsigned long long[::1] lower,
    const int[::1] values,
    const unsigned long long[::1] other_upper,
    const unsigned long long[::1] other_lower,
    const int[::1] other_values,
    int bias,
    unsigned long long[::1] state,
    Py_ssize_t steps,
    unsigned long long[::1] to_upper,
    unsigned long long[::1] to_lower,
    unsigned long long[::1] keys,
) except -1
