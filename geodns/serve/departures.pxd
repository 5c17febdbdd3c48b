from libc.stdint cimport uint64_t

from geodns.serve.batch cimport BATCH, CONTROL_WORDS, Batch
from geodns.serve.linux cimport iovec, mmsghdr, msghdr

cdef enum:
    FLOWS = 128  # slots, twice as many as a batch can have flows
    LARGEST = 65000  # octets of a group: the kernel takes what fits one IPv4 datagram
    SEGMENT_WORDS = 3  # the control message that says how long a segment is


cdef struct Group:
    int first  # replies, each with its successor in `Departures.successor`
    int last
    int members
    int octets
    int segment  # octets of each member


cdef class Departures:
    cdef bint segmenting
    cdef long long grouped  # replies that left in groups
    cdef long long refused  # groups that the kernel did not take as such
    cdef long long failed  # replies that the kernel did not take
    cdef Group groups[BATCH]
    cdef int count
    cdef int successor[BATCH]
    cdef unsigned char flows[FLOWS]  # a group's number + 1
    cdef mmsghdr leaving[BATCH]
    cdef iovec parts[BATCH]
    cdef uint64_t control[BATCH][CONTROL_WORDS + SEGMENT_WORDS]

    cdef void send(self, Batch batch) noexcept nogil
    cdef void _group(self, Batch batch) noexcept nogil
    cdef void _join(self, Batch batch, int index) noexcept nogil
    cdef void _append(self, Group* group, int index) noexcept nogil
    cdef void _open(self, Batch batch, int index) noexcept nogil
    cdef void _lay_out(self, Batch batch) noexcept nogil
    cdef void _say_segment(self, int number, msghdr* header) noexcept nogil
    cdef void _send_singly(self, Batch batch, int number, int error) noexcept nogil
