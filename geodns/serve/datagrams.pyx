"""A UDP socket → replies, in batches and without the interpreter: recvmmsg, `answer`, sendmmsg.

One thread a socket. It holds the interpreter's lock only where Python has to speak: for an odd query, a fault, a new
table; so neither TCP nor control's messages wait for datagrams, nor these for them.
"""

from libc.errno cimport EAGAIN, EINTR
from libc.string cimport memset
from posix.time cimport CLOCK_MONOTONIC, CLOCK_REALTIME, clock_gettime, timespec
from posix.types cimport clockid_t
from posix.unistd cimport usleep

from geodns.answer cimport reply as core
from geodns.answer cimport terms
from geodns.answer.memory cimport Memory
from geodns.answer.query cimport Query
from geodns.serve.batch cimport Batch
from geodns.serve.departures cimport Departures
from geodns.serve.foresight cimport AHEAD, foresee
from geodns.serve.linux cimport (
    MSG_DONTWAIT, MSG_WAITFORONE, SIGURG, is_raised, lower_flag, raise_flag, sigaction, sigaction_t,
)
from geodns.table.image cimport Table

import logging
import os
import signal
from threading import get_ident

from geodns.serve.counts import Event

log = logging.getLogger(__name__)

cdef enum Need:  # what Python is to do
    NOTHING = 0
    NEWS = 1  # another table, or the end
    REPLY = 2  # to the packet before `_at`
    AGAIN = 3  # nothing, but there is more to do

cdef enum:
    AFTER_ERROR = 10_000  # µs; an error of the socket that stays must not take a whole core


cdef class BatchReader:
    """`current` has the table in force as `table`; `reply_to` speaks where `answer` does not (see serve.desk).

    `spin`: seconds to go on asking the socket before going to sleep. `proxies`: the octets of serve.proxies. `sock` stays
    the caller's.
    """

    cdef Batch _batch
    cdef Departures _departures
    cdef Table _table
    cdef Memory _memory
    cdef unsigned long long[::1] _cells
    cdef object _current, _reply_to
    cdef object _thread  # where `run` is, or None
    cdef long long _spin  # ns
    cdef int _at  # the packet whose turn it is
    cdef int _read  # packets that have been read, ahead of that
    cdef bint _reading
    cdef int _news
    cdef int _stopping
    cdef int _datagram, _bad_source, _receive_failed, _send_failed, _grouped, _refused, _proxy_refused
    cdef const unsigned char[::1] _proxies

    def __cinit__(self, sock, current, reply_to, Memory memory, cells, *, bint wildcard, bint segmentation,
                  double spin, proxies):
        self._batch = Batch(sock, wildcard)
        self._departures = Departures(sock.fileno(), segmentation)
        self._current = current
        self._table = current.table
        self._reply_to = reply_to
        self._memory = memory
        self._cells = cells
        self._spin = <long long>(spin * 1e9)
        self._datagram, self._bad_source = Event.DATAGRAM, Event.BAD_SOURCE
        self._receive_failed, self._send_failed = Event.RECEIVE_FAILED, Event.SEND_FAILED
        self._grouped, self._refused = Event.GROUPED, Event.GROUP_REFUSED
        self._proxy_refused, self._proxies = Event.PROXY_REFUSED, proxies
        _let_signals_wake()

    def run(self):
        """Answers until `stop` is called, from another thread. The socket is blocking from then on."""
        os.set_blocking(self._batch.fd, True)
        self._thread = get_ident()
        try:
            while not self._stopping:
                self._turn(forever=True)
        finally:
            self._thread = None

    def drain(self):
        """Answers what waits, at most one batch."""
        self._table = self._current.table
        self._receive(MSG_DONTWAIT)
        while self._turn(forever=False) != NOTHING:
            pass

    def take_up(self):
        """For another thread: there is a new table. The packets that are read from now on are answered from it."""
        raise_flag(&self._news)
        self._wake()

    def stop(self):
        """For another thread, again and again until `run` has ended: a call that comes just before it goes to sleep
        does not wake it."""
        self._stopping = 1
        self.take_up()

    cdef _wake(self):
        # Under the interpreter's lock, so the thread cannot end between the question and the call.
        if self._thread is not None:
            signal.pthread_kill(self._thread, SIGURG)

    cdef int _turn(self, bint forever) except -1:
        cdef int need
        try:
            with nogil:
                need = self._serve(forever)
        except Exception:  # the desk will meet it again, and tell it
            need = AGAIN if self._reading else REPLY
            self._reading = False
        if need == REPLY:
            self._let_python_reply()
        elif need == NEWS:
            lower_flag(&self._news)
            self._table = self._current.table
        return need

    cdef _let_python_reply(self):
        cdef int index = self._at - 1
        cdef Query query = self._batch.queries[index]
        packet, reply = self._batch.packets[index], self._batch.replies[index]
        client = memoryview(query.client)[: query.client_length]
        try:
            self._batch.lengths[index] = self._reply_to(packet, query.length, client, terms.UDP, reply)
        except Exception:  # a fault of ours; without a thread the socket would be deaf
            self._batch.lengths[index] = 0
            log.exception("no reply to a datagram")

    cdef int _serve(self, bint forever) except -1 nogil:
        """Batch after batch, until Python is needed; goes on where it stopped."""
        while True:
            while self._at < self._batch.count:
                if self._at == self._read:
                    self._read_some()
                self._at += 1
                if self._write(self._at - 1) == REPLY:
                    return REPLY
            self._send()
            if not forever:
                return NOTHING
            self._wait()
            # Looked at after the packets have been read: what was asked after a swap is answered from the new table,
            # be it that the call which tells of it did not wake this thread.
            if is_raised(&self._news):
                return NEWS

    cdef int _read_some(self) except -1 nogil:
        """The first half of some answers; it and the second half look at the same places of the table."""
        cdef int first = self._read
        cdef int index
        self._reading = True
        while self._read < min(first + AHEAD, self._batch.count):
            index = self._read
            self._read += 1
            self._batch.outcomes[index] = terms.NOT_MINE  # should reading it fail
            self._batch.outcomes[index] = self._read_one(index)
        self._reading = False
        if self._table is not None:
            foresee(self._table, self._batch, first, self._read)
        return 0

    cdef int _read_one(self, int index) except -2 nogil:
        if self._batch.is_bad_source(index):
            self._count(self._bad_source, 1)
            return terms.DROP
        self._batch.tell_query(index)
        if self._proxies.shape[0] != 0 and not self._batch.unwrap(index, self._proxies):
            self._count(self._proxy_refused, 1)
            return terms.DROP
        return core.read(<Query>self._batch.query[index], self._memory)

    cdef int _write(self, int index) except -1 nogil:
        """The second half."""
        self._batch.lengths[index] = 0
        if self._batch.outcomes[index] == terms.DROP:
            return NOTHING
        if self._batch.outcomes[index] == terms.NOT_MINE or self._table is None:
            return REPLY
        self._batch.lengths[index] = core.write(self._table, <Query>self._batch.query[index], self._memory)
        return NOTHING

    cdef void _send(self) noexcept nogil:
        if self._batch.count == 0:
            return
        self._departures.send(self._batch)
        self._count(self._datagram, self._batch.count)
        self._count(self._grouped, self._departures.grouped)
        self._count(self._refused, self._departures.refused)
        self._count(self._send_failed, self._departures.failed)
        self._departures.grouped = self._departures.refused = self._departures.failed = 0

    cdef void _count(self, int event, long long amount) noexcept nogil:
        if amount != 0:
            (&self._cells[0])[event] += amount

    cdef void _wait(self) noexcept nogil:
        """For the next datagrams, or for a call."""
        cdef long long until
        if self._spin > 0:
            until = _now(CLOCK_MONOTONIC) + self._spin
            while not self._receive(MSG_DONTWAIT) and not is_raised(&self._news) and _now(CLOCK_MONOTONIC) < until:
                pass
            if self._batch.count > 0 or is_raised(&self._news):
                return
        self._receive(MSG_WAITFORONE)

    cdef bint _receive(self, int flags) noexcept nogil:
        cdef int error = self._batch.receive(flags)
        self._at = self._read = 0
        self._memory.now = _now(CLOCK_REALTIME) // 1_000_000
        if error != 0 and error != EAGAIN and error != EINTR:
            self._count(self._receive_failed, 1)
            usleep(AFTER_ERROR)
        return self._batch.count > 0


cdef _let_signals_wake():
    """SIGURG, which is ignored otherwise, ends a call that waits for datagrams; nothing else comes of it."""
    cdef sigaction_t action
    memset(&action, 0, sizeof(action))
    action.sa_handler = _do_nothing
    if sigaction(SIGURG, &action, NULL) != 0:
        raise OSError("no signal can wake the readers of datagrams")


cdef void _do_nothing(int number) noexcept nogil:
    pass


cdef long long _now(clockid_t clock) noexcept nogil:
    """Nanoseconds."""
    cdef timespec time
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000LL + time.tv_nsec
