"""The replies of a batch leave: those to one client's socket as one buffer, cut up by the kernel (UDP_SEGMENT, udp(7)).

A send costs the kernel about as much for one reply as for many, so grouping is where bursts of a busy resolver get
cheaper. The replies of a group have one length; one that is alone in its group is an ordinary datagram. So replies to one
client may leave in another order than their questions came in, which UDP promises nobody.
"""

from libc.errno cimport EAGAIN, EINTR, EIO, errno
from libc.string cimport memcpy, memset

from geodns.answer.query cimport Query
from geodns.serve.linux cimport (
    CMSG_DATA, CMSG_LEN, CMSG_SPACE, MSG_DONTWAIT, SOL_UDP, UDP_SEGMENT, cmsghdr, getsockopt, iovec, msghdr, sendmmsg,
    sendmsg, socklen_t,
)


cdef class Departures:
    def __cinit__(self, int fd, bint segmenting):
        cdef int size = 0
        cdef socklen_t length = sizeof(size)
        # Linux has it from 4.18 on.
        self.segmenting = segmenting and getsockopt(fd, SOL_UDP, UDP_SEGMENT, &size, &length) == 0

    cdef void send(self, Batch batch) noexcept nogil:
        """Whatever the kernel says, each reply is tried once; what it does not take is counted, and asked for again."""
        cdef int sent = 0
        cdef int taken
        self._group(batch)
        self._lay_out(batch)
        while sent < self.count:
            taken = sendmmsg(batch.fd, &self.leaving[sent], self.count - sent, MSG_DONTWAIT)
            if taken > 0:
                sent += taken
            elif errno != EINTR:
                self._send_singly(batch, sent, errno)
                sent += 1

    cdef void _group(self, Batch batch) noexcept nogil:
        cdef int index
        cdef bint searching = self.segmenting and batch.count > 1
        self.count = 0
        if searching:
            memset(self.flows, 0, sizeof(self.flows))
        for index in range(batch.count):
            if batch.lengths[index] > 0:
                if searching:
                    self._join(batch, index)
                else:
                    self._open(batch, index)

    cdef void _join(self, Batch batch, int index) noexcept nogil:
        """Into the group of its flow and length, or a new one that takes the place of one that is full."""
        cdef int length = batch.lengths[index]
        cdef unsigned int slot = (batch.flow_hash(index) + length) % FLOWS
        cdef Group* group
        while self.flows[slot] != 0:
            group = &self.groups[self.flows[slot] - 1]
            if group.segment == length and batch.is_same_flow(group.first, index):
                if group.octets + length <= LARGEST:
                    self._append(group, index)
                    return
                break
            slot = (slot + 1) % FLOWS
        self._open(batch, index)
        self.flows[slot] = self.count

    cdef void _append(self, Group* group, int index) noexcept nogil:
        self.successor[group.last] = index
        group.last = index
        group.members += 1
        group.octets += group.segment

    cdef void _open(self, Batch batch, int index) noexcept nogil:
        cdef Group* group = &self.groups[self.count]
        group.first = group.last = index
        group.members = 1
        group.octets = group.segment = batch.lengths[index]
        self.count += 1

    cdef void _lay_out(self, Batch batch) noexcept nogil:
        """A message for each group."""
        cdef int part = 0
        cdef int number, member, left
        cdef msghdr* header
        for number in range(self.count):
            header = &self.leaving[number].msg_hdr
            member = self.groups[number].first
            header.msg_name = batch.arrived[member].msg_hdr.msg_name
            header.msg_namelen = batch.arrived[member].msg_hdr.msg_namelen
            header.msg_control = batch.arrived[member].msg_hdr.msg_control
            header.msg_controllen = batch.arrived[member].msg_hdr.msg_controllen
            header.msg_iov = &self.parts[part]
            header.msg_iovlen = self.groups[number].members
            for left in range(self.groups[number].members):
                self.parts[part] = _reply(batch, member)
                member = self.successor[member]
                part += 1
            if self.groups[number].members > 1:
                self.grouped += self.groups[number].members
                self._say_segment(number, header)

    cdef void _say_segment(self, int number, msghdr* header) noexcept nogil:
        """Behind the address that the reply leaves from, where that is said."""
        cdef char* room = <char*>&self.control[number][0]
        cdef size_t before = 0
        if header.msg_controllen > 0:
            memcpy(room, header.msg_control, header.msg_controllen)
            before = CMSG_SPACE(header.msg_controllen - CMSG_LEN(0))
        cdef cmsghdr* control = <cmsghdr*>(room + before)
        control.cmsg_level = SOL_UDP
        control.cmsg_type = UDP_SEGMENT
        control.cmsg_len = CMSG_LEN(sizeof(unsigned short))
        (<unsigned short*>CMSG_DATA(control))[0] = self.groups[number].segment
        header.msg_control = room
        header.msg_controllen = before + CMSG_SPACE(sizeof(unsigned short))

    cdef void _send_singly(self, Batch batch, int number, int error) noexcept nogil:
        """The group's members by themselves, after the kernel did not take the group."""
        cdef int left
        cdef int member = self.groups[number].first
        cdef msghdr header
        cdef iovec part
        if self.groups[number].members == 1 or error == EAGAIN:
            self.failed += self.groups[number].members
            return
        self.refused += 1
        self.grouped -= self.groups[number].members
        # The device behind this socket cannot: no use in asking each time. Other errors concern one path.
        if error == EIO:
            self.segmenting = False
        for left in range(self.groups[number].members):
            header = batch.arrived[member].msg_hdr
            part = _reply(batch, member)
            header.msg_iov = &part
            if sendmsg(batch.fd, &header, MSG_DONTWAIT) < 0:
                self.failed += 1
            member = self.successor[member]


cdef inline iovec _reply(Batch batch, int index) noexcept nogil:
    cdef iovec part
    part.iov_base = &(<Query>batch.query[index]).reply[0]
    part.iov_len = batch.lengths[index]
    return part
