cimport cython


@cython.locals(
    size=cython.ulonglong,
    at=cython.Py_ssize_t,
    key=cython.ulonglong,
    slot=cython.Py_ssize_t,
)
cpdef Py_ssize_t number_keys(
    const unsigned long long[::1] keys,
    Py_ssize_t first,
    Py_ssize_t until,
    int[::1] numbers,
    unsigned int[::1] slots,
    unsigned long long[::1] known,
    Py_ssize_t count,
) except -1
