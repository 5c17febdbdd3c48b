cimport cython
from libc.string cimport memcmp, memcpy, memset

cdef extern from *:
    """
    static unsigned int checksum_of[4][256]; /* of an octet with no to three zeros behind it */

    __attribute__((constructor)) static void make_checksums(void)
    {
        for (unsigned int octet = 0; octet < 256; octet++) {
            unsigned int rest = octet;
            for (int bit = 0; bit < 8; bit++)
                rest = rest >> 1 ^ (0xEDB88320u & -(rest & 1));
            checksum_of[0][octet] = rest;
        }
        for (int zeros = 1; zeros < 4; zeros++)
            for (unsigned int octet = 0; octet < 256; octet++) {
                unsigned int rest = checksum_of[zeros - 1][octet];
                checksum_of[zeros][octet] = rest >> 8 ^ checksum_of[0][rest & 0xFF];
            }
    }
    """
    const unsigned int checksum_of[4][256]


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
    cdef const unsigned char* octets = &source[0]
    cdef unsigned char* folded = &target[0]
    cdef Py_ssize_t index
    _inside(at, end - at, source.shape[0])
    _inside(at, end - at, target.shape[0])
    for index in range(at, end):
        # Without a branch, so that it goes by vectors.
        folded[index] = octets[index] + ((<unsigned char>(octets[index] - 65) < 26) << 5)
    return 0


@cython.boundscheck(False)
cdef inline long long checksum(const unsigned char[::1] source, Py_ssize_t at, Py_ssize_t size) except -1 nogil:
    cdef const unsigned char* octets = &source[0]
    cdef unsigned int rest = <unsigned int>-1
    _inside(at, size, source.shape[0])
    octets += at
    while size >= 4:  # so many at a time, as each step waits for the one before
        rest ^= octets[0] | octets[1] << 8 | octets[2] << 16 | <unsigned int>octets[3] << 24
        rest = (
            checksum_of[3][rest & 0xFF]
            ^ checksum_of[2][rest >> 8 & 0xFF]
            ^ checksum_of[1][rest >> 16 & 0xFF]
            ^ checksum_of[0][rest >> 24]
        )
        octets += 4
        size -= 4
    while size > 0:
        rest = rest >> 8 ^ checksum_of[0][(rest ^ octets[0]) & 0xFF]
        octets += 1
        size -= 1
    return <long long>~rest


@cython.boundscheck(False)
cdef inline int put_words(
    unsigned char[::1] target,
    Py_ssize_t at,
    unsigned int first,
    unsigned int second,
    unsigned int third,
    unsigned int fourth,
    unsigned int fifth,
) except -1 nogil:
    cdef unsigned char* octets = &target[0]
    _inside(at, 10, target.shape[0])
    octets += at
    _put_word(octets, first)
    _put_word(octets + 2, second)
    _put_word(octets + 4, third)
    _put_word(octets + 6, fourth)
    _put_word(octets + 8, fifth)
    return 0


cdef inline void _put_word(unsigned char* octets, unsigned int word) noexcept nogil:
    octets[0] = word >> 8
    octets[1] = word & 0xFF


@cython.boundscheck(False)
cdef inline unsigned long long number(
    const unsigned char[::1] source, Py_ssize_t at, Py_ssize_t size
) except? 0 nogil:
    cdef unsigned long long word = 0
    _inside(at, size, source.shape[0])
    while size > 0:
        size -= 1
        word = word << 8 | source[at + size]
    return word


cdef inline int clear(unsigned char[::1] target, Py_ssize_t at, Py_ssize_t size) except -1 nogil:
    _inside(at, size, target.shape[0])
    if size:
        memset(&target[at], 0, size)
    return 0
