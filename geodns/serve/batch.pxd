from libc.stdint cimport uint64_t

from geodns.serve.linux cimport iovec, mmsghdr, sockaddr_in6

cdef enum:
    BATCH = 64  # datagrams of one recvmmsg
    PACKET_ROOM = 4096  # octets of a query; a longer one is cut, and so no query
    PACKET_STRIDE = 4160  # a multiple of the page would have all packets share few lines of the cache
    REPLY_ROOM = 4160  # octets: what `udp_payload` may be at most, and again no multiple of the page
    CLIENT_STRIDE = 16  # octets of an address
    CONTROL_WORDS = 8  # for one pktinfo with its header


cdef class Batch:
    """Datagrams that came in together, and the replies to them. `lengths[i]` of a reply is 0 where none is due."""

    cdef int fd
    cdef bint wildcard
    cdef int count
    cdef int dirty  # headers that the kernel has written over
    cdef readonly list packets, replies, queries
    cdef unsigned char[::1] _clients
    cdef void* query[BATCH]  # the same, for those who do not hold the interpreter's lock
    cdef mmsghdr arrived[BATCH]
    cdef iovec room[BATCH]
    cdef sockaddr_in6 source[BATCH]  # which has room for a sockaddr_in
    cdef uint64_t control[BATCH][CONTROL_WORDS]
    cdef sockaddr_in6 own
    cdef int outcomes[BATCH]  # of reading the packets
    cdef int lengths[BATCH]

    cdef int receive(self, int flags) noexcept nogil
    cdef int tell_query(self, int index) except -1 nogil
    cdef bint unwrap(self, int index, const unsigned char[::1] proxies) except -1 nogil
    cdef bint is_bad_source(self, int index) noexcept nogil
    cdef bint is_same_flow(self, int one, int other) noexcept nogil
    cdef unsigned int flow_hash(self, int index) noexcept nogil
    cdef _know_own(self, sock)
    cdef const void* _asked(self, int index) noexcept nogil
