"""A process that answers: `python -m geodns.serve.worker FILES`, with WorkerFiles in JSON, as the keeper starts it.

It takes up the newest good generation before it reads its first packet. Where there is none yet, every query gets
SERVFAIL, so that resolvers turn to the next server at once.
"""

import asyncio
import gc
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from geodns.answer.cells import MEMORY_SIZE, ROTATION_SIZE
from geodns.answer.conduct import Conduct
from geodns.answer.memory import Memory
from geodns.answer.reply import answer
from geodns.serve import lifeline
from geodns.serve.channel import Channel
from geodns.serve.counts import Counts
from geodns.serve.current import Current
from geodns.serve.desk import Desk
from geodns.serve.follow import Follower
from geodns.serve.logs import begin_logging
from geodns.serve.premises import COUNTS_AT, WorkerFiles, shares
from geodns.serve.readers import read_datagrams
from geodns.serve.tcp import Reception
from geodns.table.store import Store


class Share:
    """What one thread has to itself: memory, counts and a desk."""

    def __init__(self, memory: memoryview, rotation: memoryview, current: Current, conduct: Conduct) -> None:
        self.counts = Counts(memory[COUNTS_AT:])
        self.desk = Desk(current, answer, Memory(memory[:MEMORY_SIZE], rotation, conduct), self.counts, time.time)


class Worker:
    """Runs in its own process, or beside control in one (see solo). `settle` is called after each load."""

    def __init__(self, files: WorkerFiles, settle: Callable[[], None] = lambda: None) -> None:
        rotation = memoryview(mmap.mmap(files.rotation, ROTATION_SIZE))
        self._files = files
        self._current = Current()
        self._shares = [
            Share(memory, rotation, self._current, files.limits.conduct())
            for memory in shares(memoryview(mmap.mmap(files.memory, 0)))
        ]
        self._settle = settle

    async def run(self, stopping: asyncio.Event) -> None:
        """Answers until `stopping` is set."""
        channel = Channel(self._files.channel)
        follower = Follower(self._current, Store(Path(self._files.state)), channel, self._settle)
        await follower.start()
        loop = asyncio.get_running_loop()
        loop.add_reader(channel, follower.hear)
        reception = self._reception()
        try:
            with self._read_datagrams():
                for fd in self._files.tcp:
                    await reception.listen(_own(fd))
                await _until(stopping, follower)
        finally:
            loop.remove_reader(channel)
            channel.close()
            await reception.close()

    def _reception(self) -> Reception:
        limits, share = self._files.limits, self._shares[0]
        return Reception(share.desk.reply_to, share.counts, idle=limits.tcp_idle, connections=limits.tcp_connections)

    @contextmanager
    def _read_datagrams(self) -> Iterator[None]:
        limits = self._files.limits
        with ExitStack() as opened:
            for fd, share in zip(self._files.udp, self._shares[1:], strict=True):
                sock = opened.enter_context(_own(fd))
                reading = read_datagrams(sock, share.desk, share.counts, limits.udp_segmentation, limits.spin)
                opened.enter_context(reading)
            yield


async def _until(stopping: asyncio.Event, follower: Follower) -> None:
    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(follower.follow())
        await stopping.wait()
        following.cancel()


def _own(fd: int) -> socket.socket:
    """A copy of its own, since closing a socket closes its descriptor."""
    return socket.socket(fileno=os.dup(fd))


async def _run_process(files: WorkerFiles) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    lifeline.watch(loop, files.lifeline, stopping.set)
    await Worker(files, settle=_settle).run(stopping)


def _settle() -> None:
    """Takes the objects of a loaded table out of the garbage collector's sight.

    A full collection would visit all of them and so hold up the queries, for nothing: a table has no cycles, and goes
    by its reference count when the next one replaces it. What is left to collect is a few connections.
    """
    gc.collect()
    gc.freeze()


def main() -> None:
    files = WorkerFiles.decode(sys.argv[1])
    begin_logging(files.limits.log_level)
    # A terminal sends these to the whole group; when to end is for the keeper to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    asyncio.run(_run_process(files))


if __name__ == "__main__":
    main()
