"""Stand-ins for workers: one that says what it serves, and the memory that one counts in."""

import asyncio
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager

from geodns.answer import cells, memory
from geodns.answer.conduct import Conduct
from geodns.answer.limits import unlimited
from geodns.answer.memory import Memory
from geodns.serve.channel import Channel, open_pair
from geodns.serve.counts import COUNTS_SIZE, Counts
from geodns.serve.messages import Ask, Serving
from geodns.serve.premises import CERTIFICATE_AT, CERTIFICATE_SIZE, COUNTS_AT, SHARE
from geodns.serve.presented import CertificateCells


class StandIn:
    """Says what a test wants it to say, once it listens. `generation` None: nothing."""

    def __init__(self, fd: int) -> None:
        self.generation: int | None = None
        self._channel = Channel(fd)

    def listen(self) -> None:
        asyncio.get_running_loop().add_reader(self._channel, self._hear)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._channel)
        self._channel.close()

    def _hear(self) -> None:
        for message in self._channel.messages():
            if isinstance(message, Ask) and self.generation is not None:
                self._channel.send(Serving(self.generation, 4242))


@contextmanager
def channel_ends() -> Iterator[tuple[int, int]]:
    """The worker's and control's."""
    theirs, ours = open_pair()
    with theirs, ours:
        yield theirs.fileno(), ours.fileno()


class Ledger:
    """A worker's memory, written as a worker writes it."""

    def __init__(self, fd: int) -> None:
        view = memoryview(mmap.mmap(fd, SHARE))
        rotation = memoryview(bytearray(cells.ROTATION_SIZE))
        self._memory = Memory(view[: cells.MEMORY_SIZE], rotation, Conduct(), unlimited())
        self.counts = self._memory.counts
        self.events = Counts(view[COUNTS_AT : COUNTS_AT + COUNTS_SIZE])

    def ask(self, zone_slot: int, qtype: int, code: int, denied: int = 0) -> None:
        memory.count_question(self._memory, zone_slot, qtype, code, denied)

    def pick(self, member_slot: int, times: int) -> None:
        self.counts[cells.PICKS + member_slot] += times


@contextmanager
def front_memory(expires: int) -> Iterator[int]:
    """Of a front that shows a certificate."""
    with shared_memory(CERTIFICATE_AT + CERTIFICATE_SIZE) as fd:
        view = memoryview(mmap.mmap(fd, 0))
        CertificateCells(view[CERTIFICATE_AT:]).tell(expires)
        yield fd


@contextmanager
def shared_memory(size: int = SHARE) -> Iterator[int]:
    fd = os.memfd_create("test-worker")
    try:
        os.ftruncate(fd, size)
        yield fd
    finally:
        os.close(fd)
