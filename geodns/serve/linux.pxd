"""What Linux has for datagrams by the dozen: recvmmsg(2), sendmmsg(2), ip(7), ipv6(7), udp(7); sigaction(2)."""

from libc.stdint cimport uint16_t, uint32_t
from posix.time cimport timespec


cdef extern from "<sys/socket.h>" nogil:
    enum:
        AF_INET
        AF_INET6
        MSG_DONTWAIT
        MSG_WAITFORONE

    ctypedef unsigned int socklen_t

    struct iovec:
        void* iov_base
        size_t iov_len

    struct msghdr:
        void* msg_name
        socklen_t msg_namelen
        iovec* msg_iov
        size_t msg_iovlen
        void* msg_control
        size_t msg_controllen
        int msg_flags

    struct mmsghdr:
        msghdr msg_hdr
        unsigned int msg_len

    struct cmsghdr:
        size_t cmsg_len
        int cmsg_level
        int cmsg_type

    cmsghdr* CMSG_FIRSTHDR(msghdr*)
    cmsghdr* CMSG_NXTHDR(msghdr*, cmsghdr*)
    unsigned char* CMSG_DATA(cmsghdr*)
    size_t CMSG_LEN(size_t)
    size_t CMSG_SPACE(size_t)

    int recvmmsg(int, mmsghdr*, unsigned int, int, timespec*)
    int sendmmsg(int, mmsghdr*, unsigned int, int)
    ssize_t sendmsg(int, const msghdr*, int)
    int getsockopt(int, int, int, void*, socklen_t*)


cdef extern from "<netinet/in.h>" nogil:
    enum:
        IPPROTO_IP
        IPPROTO_IPV6
        IP_PKTINFO
        IPV6_PKTINFO

    struct in_addr:
        uint32_t s_addr

    struct in6_addr:
        unsigned char s6_addr[16]

    struct sockaddr_in:
        unsigned short sin_family
        uint16_t sin_port
        in_addr sin_addr

    struct sockaddr_in6:
        unsigned short sin6_family
        uint16_t sin6_port
        uint32_t sin6_flowinfo
        in6_addr sin6_addr
        uint32_t sin6_scope_id

    struct in_pktinfo:
        int ipi_ifindex
        in_addr ipi_spec_dst
        in_addr ipi_addr

    struct in6_pktinfo:
        in6_addr ipi6_addr
        unsigned int ipi6_ifindex


cdef extern from *:
    """
    #include <netinet/udp.h>
    #ifndef SOL_UDP
    #define SOL_UDP 17
    #endif
    #ifndef UDP_SEGMENT
    #define UDP_SEGMENT 103
    #endif
    static inline void raise_flag(int *flag) { __atomic_store_n(flag, 1, __ATOMIC_RELEASE); }
    static inline int lower_flag(int *flag) { return __atomic_exchange_n(flag, 0, __ATOMIC_ACQ_REL); }
    static inline int is_raised(int *flag) { return __atomic_load_n(flag, __ATOMIC_ACQUIRE); }
    """
    enum:
        SOL_UDP
        UDP_SEGMENT
    void raise_flag(int*) nogil
    int lower_flag(int*) nogil
    int is_raised(int*) nogil


cdef extern from "<signal.h>" nogil:
    enum:
        SIGURG

    ctypedef struct sigaction_t "struct sigaction":
        void (*sa_handler)(int) noexcept nogil

    int sigaction(int, const sigaction_t*, sigaction_t*)
