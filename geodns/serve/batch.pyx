"""A batch of datagrams: where they came from, where they came to, and room for the replies. Made once, filled anew."""

import socket

from libc.errno cimport errno
from libc.string cimport memcmp, memcpy, memmove, memset

from geodns.answer.query cimport Query
from geodns.answer.terms cimport UDP
from geodns.serve cimport proxied
from geodns.serve.linux cimport (
    AF_INET, AF_INET6, CMSG_DATA, CMSG_FIRSTHDR, CMSG_LEN, CMSG_NXTHDR, IP_PKTINFO, IPPROTO_IP, IPPROTO_IPV6,
    IPV6_PKTINFO, cmsghdr, in6_pktinfo, in_pktinfo, msghdr, recvmmsg, sockaddr_in, sockaddr_in6,
)


cdef class Batch:
    def __cinit__(self, sock, bint wildcard):
        self.fd = sock.fileno()
        self.wildcard = wildcard
        self._know_own(sock)
        clients = memoryview(bytearray(BATCH * CLIENT_STRIDE))
        self._clients = clients
        self.packets = _rooms(memoryview(bytearray(BATCH * PACKET_STRIDE)), PACKET_STRIDE)
        self.replies = _rooms(memoryview(bytearray(BATCH * REPLY_ROOM)), REPLY_ROOM)
        self.queries = [Query() for _ in range(BATCH)]
        for query, *rooms in zip(self.queries, self.packets, _rooms(clients, CLIENT_STRIDE), self.replies, strict=True):
            packet, client, reply = rooms
            query.take(packet, 0, client, UDP, reply)
        self.dirty = BATCH
        cdef int index
        cdef unsigned char[::1] packet_octets
        for index in range(BATCH):
            self.query[index] = <void*>self.queries[index]
            packet_octets = self.packets[index]
            self.room[index].iov_base = &packet_octets[0]
            self.room[index].iov_len = PACKET_ROOM
            self.arrived[index].msg_hdr.msg_iov = &self.room[index]
            self.arrived[index].msg_hdr.msg_iovlen = 1
            self.arrived[index].msg_hdr.msg_name = &self.source[index]

    cdef _know_own(self, sock):
        host, port = sock.getsockname()[:2]
        packed = socket.inet_pton(sock.family, host)
        cdef const unsigned char[::1] octets = packed
        memset(&self.own, 0, sizeof(self.own))
        cdef sockaddr_in* four = <sockaddr_in*>&self.own
        if sock.family == AF_INET6:
            self.own.sin6_family = AF_INET6
            self.own.sin6_port = socket.htons(port)
            memcpy(&self.own.sin6_addr, &octets[0], 16)
        else:
            four.sin_family = AF_INET
            four.sin_port = socket.htons(port)
            memcpy(&four.sin_addr, &octets[0], 4)

    cdef int receive(self, int flags) noexcept nogil:
        """What waits at the socket; `flags` as recvmmsg has them. 0, or the error where nothing could be read."""
        cdef int index
        cdef msghdr* header
        for index in range(self.dirty):
            header = &self.arrived[index].msg_hdr
            header.msg_namelen = sizeof(sockaddr_in6)
            header.msg_control = &self.control[index][0] if self.wildcard else NULL
            header.msg_controllen = sizeof(self.control[index]) if self.wildcard else 0
        self.count = recvmmsg(self.fd, self.arrived, BATCH, flags, NULL)
        if self.count < 0:
            self.count = self.dirty = 0
            return errno
        self.dirty = self.count
        if self.wildcard:
            for index in range(self.count):
                _turn_round(&self.arrived[index].msg_hdr)
        return 0

    cdef int tell_query(self, int index) except -1 nogil:
        """How long its packet is, and who asks."""
        cdef unsigned char* client = &self._clients[index * CLIENT_STRIDE]
        (<Query>self.query[index]).length = self.arrived[index].msg_len
        if self.source[index].sin6_family == AF_INET6:
            memcpy(client, &self.source[index].sin6_addr, 16)
            (<Query>self.query[index]).client_length = 16
        else:
            memcpy(client, &(<sockaddr_in*>&self.source[index]).sin_addr, 4)
            (<Query>self.query[index]).client_length = 4
        return 0

    cdef bint unwrap(self, int index, const unsigned char[::1] proxies) except -1 nogil:
        """A listed proxy says in a header for whom it asks; False where it should and does not."""
        cdef int at = index * CLIENT_STRIDE
        cdef unsigned char* packet = <unsigned char*>self.room[index].iov_base
        cdef int size, client, left
        if not proxied.is_listed(proxies, self._clients, at, (<Query>self.query[index]).client_length):
            return True
        size = proxied.header_size((<Query>self.query[index]).packet, (<Query>self.query[index]).length)
        if size <= 0:
            return False
        client = proxied.take_client((<Query>self.query[index]).packet, self._clients, at)
        if client > 0:
            (<Query>self.query[index]).client_length = client
        left = (<Query>self.query[index]).length - size
        (<Query>self.query[index]).length = left
        memmove(packet, packet + size, left)
        return True

    cdef bint is_bad_source(self, int index) noexcept nogil:
        """Port 0, or where the datagram itself came to: a reply would go nowhere, or round in a circle."""
        cdef sockaddr_in6* source = &self.source[index]
        if source.sin6_port == 0:
            return True
        if source.sin6_port != self.own.sin6_port:  # a sockaddr_in has its port at the same place
            return False
        if source.sin6_family == AF_INET6:
            return memcmp(&source.sin6_addr, self._asked(index), 16) == 0
        return memcmp(&(<sockaddr_in*>source).sin_addr, self._asked(index), 4) == 0

    cdef const void* _asked(self, int index) noexcept nogil:
        """The address that the datagram was sent to."""
        cdef cmsghdr* control = CMSG_FIRSTHDR(&self.arrived[index].msg_hdr) if self.wildcard else NULL
        if control is NULL:
            if self.own.sin6_family == AF_INET6:
                return &self.own.sin6_addr
            return &(<sockaddr_in*>&self.own).sin_addr
        if control.cmsg_level == IPPROTO_IPV6:
            return &(<in6_pktinfo*>CMSG_DATA(control)).ipi6_addr
        return &(<in_pktinfo*>CMSG_DATA(control)).ipi_addr

    cdef bint is_same_flow(self, int one, int other) noexcept nogil:
        """Whether replies to both may leave as one: the same client's socket, asking the same address of ours."""
        cdef msghdr* first = &self.arrived[one].msg_hdr
        cdef msghdr* second = &self.arrived[other].msg_hdr
        if first.msg_namelen != second.msg_namelen or first.msg_controllen != second.msg_controllen:
            return False
        if self.source[one].sin6_family == AF_INET:
            # Family, port and address; what follows is padding.
            if memcmp(&self.source[one], &self.source[other], 8) != 0:
                return False
        elif memcmp(&self.source[one], &self.source[other], sizeof(sockaddr_in6)) != 0:
            return False
        return first.msg_controllen == 0 or memcmp(first.msg_control, second.msg_control, first.msg_controllen) == 0

    cdef unsigned int flow_hash(self, int index) noexcept nogil:
        """Of the port and the address's last word: enough to tell the flows of one batch apart."""
        cdef unsigned int last = (<sockaddr_in*>&self.source[index]).sin_addr.s_addr
        if self.source[index].sin6_family == AF_INET6:
            memcpy(&last, &self.source[index].sin6_addr.s6_addr[12], 4)
        return (last ^ self.source[index].sin6_port) * 2654435761U >> 16


def _rooms(buffer, stride):
    return [buffer[at : at + stride] for at in range(0, len(buffer), stride)]


cdef void _turn_round(msghdr* header) noexcept nogil:
    """The control message that says where a datagram came to becomes the one that says where its reply leaves from.

    Interface 0: the routing table chooses, as the way back need not be the way here; but a link-local address means
    nothing without its interface (RFC 3542 §6.7).
    """
    cdef cmsghdr* control = CMSG_FIRSTHDR(header)
    cdef in6_pktinfo* six
    header.msg_controllen = 0
    if control is NULL:
        return
    if control.cmsg_level == IPPROTO_IP and control.cmsg_type == IP_PKTINFO:
        (<in_pktinfo*>CMSG_DATA(control)).ipi_ifindex = 0
        header.msg_controllen = CMSG_LEN(sizeof(in_pktinfo))
    elif control.cmsg_level == IPPROTO_IPV6 and control.cmsg_type == IPV6_PKTINFO:
        six = <in6_pktinfo*>CMSG_DATA(control)
        if six.ipi6_addr.s6_addr[0] != 0xFE or six.ipi6_addr.s6_addr[1] & 0xC0 != 0x80:
            six.ipi6_ifindex = 0
        header.msg_controllen = CMSG_LEN(sizeof(in6_pktinfo))
