cimport cython

from geodns.table cimport layout


@cython.locals(hash_=cython.longlong, index=cython.Py_ssize_t)
cpdef long long extend(long long above, const unsigned char[::1] octets, Py_ssize_t at) except -1 nogil
