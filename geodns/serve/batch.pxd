from libc.stdint cimport uint64_t

from geodns.answer.query cimport Query
from geodns.serve.linux cimport iovec, mmsghdr, sockaddr_in6

cdef enum:
    BATCH = 64  # datagrams of one recvmmsg
    PACKET_ROOM = 4096  # octets of a query; a longer one is cut, and so no query
    PACKET_STRIDE = 4160  # a multiple of the page would have all packets share few lines of the cache
    REPLY_ROOM = 1280  # octets
    CONTROL_WORDS = 8  # for one pktinfo with its header


cdef class Slot:
    """The room of one datagram, of what was read from it, and of its reply."""

    cdef readonly unsigned char[::1] packet
    cdef readonly unsigned char[::1] reply
    cdef Query query


cdef class Batch:
    """Datagrams that came in together, and the replies to them. `lengths[i]` of a reply is 0 where none is due."""

    cdef int fd
    cdef bint wildcard
    cdef int count
    cdef int dirty  # headers that the kernel has written over
    cdef readonly list slots
    cdef void* slot[BATCH]  # the same, for those who do not hold the interpreter's lock
    cdef mmsghdr arrived[BATCH]
    cdef iovec room[BATCH]
    cdef sockaddr_in6 source[BATCH]  # which has room for a sockaddr_in
    cdef uint64_t control[BATCH][CONTROL_WORDS]
    cdef sockaddr_in6 own
    cdef int outcomes[BATCH]  # of reading the packets
    cdef int lengths[BATCH]

    cdef int receive(self) noexcept nogil
    cdef int take_client(self, int index, unsigned char[::1] client) except -1 nogil
    cdef bint is_bad_source(self, int index) noexcept nogil
    cdef bint is_same_flow(self, int one, int other) noexcept nogil
    cdef unsigned int flow_hash(self, int index) noexcept nogil
    cdef _know_own(self, sock)
    cdef const void* _asked(self, int index) noexcept nogil
