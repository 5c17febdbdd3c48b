cimport cython
from libc.string cimport memcmp, memcpy


cdef inline int _inside(Py_ssize_t at, Py_ssize_t size, Py_ssize_t room) except -1 nogil:
    if at < 0 or size < 0 or at > room - size:
        with gil:
            raise IndexError(f"octets {at} to {at + size} of {room}")
    return 0


cdef inline int copy(
    const unsigned char[::1] source, Py_ssize_t at, unsigned char[::1] target, Py_ssize_t to, Py_ssize_t size
) except -1 nogil:
    _inside(at, size, source.shape[0])
    _inside(to, size, target.shape[0])
    if size:
        memcpy(&target[to], &source[at], size)
    return 0


cdef inline bint same(
    const unsigned char[::1] one, Py_ssize_t at, const unsigned char[::1] other, Py_ssize_t other_at, Py_ssize_t size
) except -1 nogil:
    _inside(at, size, one.shape[0])
    _inside(other_at, size, other.shape[0])
    return size == 0 or memcmp(&one[at], &other[other_at], size) == 0


@cython.boundscheck(False)
cdef inline int lower(
    const unsigned char[::1] source, Py_ssize_t at, Py_ssize_t end, unsigned char[::1] target
) except -1 nogil:
    cdef Py_ssize_t index
    cdef unsigned char octet
    _inside(at, end - at, source.shape[0])
    _inside(at, end - at, target.shape[0])
    for index in range(at, end):
        octet = source[index]
        target[index] = octet + ((<unsigned char>(octet - 65) < 26) << 5)  # without a branch, so that it goes by vectors
    return 0
