cimport cython


@cython.locals(
    one=cython.ulonglong,
    top=cython.Py_ssize_t,
    left_to_visit=cython.ulonglong,
    count=cython.Py_ssize_t,
    room=cython.Py_ssize_t,
    node=cython.ulonglong,
    upper=cython.ulonglong,
    lower=cython.ulonglong,
    height=cython.int,
)
cpdef Py_ssize_t walk(
    const unsigned char[::1] content,
    int record_bits,
    unsigned long long nodes,
    unsigned long long alias,
    unsigned long long[::1] waiting,
    unsigned long long[::1] uppers,
    unsigned long long[::1] lowers,
    unsigned char[::1] heights,
    unsigned long long[::1] state,
    unsigned long long[::1] to_upper,
    unsigned long long[::1] to_lower,
    unsigned long long[::1] leaves,
) except? -1

@cython.locals(at=cython.Py_ssize_t, high=cython.ulonglong)
cpdef unsigned long long left_child(
    const unsigned char[::1] content, int record_bits, unsigned long long node
) except? 1

@cython.locals(at=cython.Py_ssize_t, high=cython.ulonglong)
cpdef unsigned long long right_child(
    const unsigned char[::1] content, int record_bits, unsigned long long node
) except? 1
