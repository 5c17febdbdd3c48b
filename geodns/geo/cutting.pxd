cimport cython

cdef extern from *:
    # An address of either family; every compiler that we know on a 64-bit machine has it.
    ctypedef unsigned long long uint128 "unsigned __int128"


@cython.locals(
    runs=cython.Py_ssize_t,
    room=cython.Py_ssize_t,
    run=cython.Py_ssize_t,
    count=cython.Py_ssize_t,
    height=cython.int,
    one=uint128,
    low=uint128,
    top=uint128,
    start=uint128,
    last=uint128,
    size=uint128,
    span=uint128,
    rest=uint128,
    value=cython.int,
)
cpdef Py_ssize_t cut(
    const unsigned long long[::1] upper,
    const unsigned long long[::1] lower,
    const int[::1] values,
    unsigned long long[::1] state,
    int bits,
    unsigned long long[::1] to_upper,
    unsigned long long[::1] to_lower,
    unsigned char[::1] depths,
    int[::1] to_values,
) except -1
