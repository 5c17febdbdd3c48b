cimport cython


@cython.locals(buckets=cython.Py_ssize_t, last=cython.uint, bucket=cython.Py_ssize_t, rank=cython.uint)
cpdef void shuffle(const unsigned short[::1] makings, unsigned short[::1] ranks) except *

@cython.locals(
    weight=cython.ulonglong,
    group=cython.uint,
    first=cython.Py_ssize_t,
    end=cython.Py_ssize_t,
    bucket=cython.Py_ssize_t,
    cost=cython.ulonglong,
    place=cython.Py_ssize_t,
    last=cython.Py_ssize_t,
)
cpdef void enter(
    Py_ssize_t member,
    const unsigned short[::1] ranks,
    const unsigned int[::1] costs,
    const unsigned int[::1] weights,
    const unsigned int[::1] groups,
    Py_ssize_t held,
    Py_ssize_t wanted,
    unsigned short[::1] best,
    unsigned int[::1] paid,
) except *
