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
from collections.abc import Callable
from pathlib import Path

from geodns.answer.cells import MEMORY_SIZE, ROTATION_SIZE
from geodns.answer.memory import Memory
from geodns.answer.reply import answer
from geodns.serve import lifeline
from geodns.serve.channel import Channel
from geodns.serve.counts import Counts
from geodns.serve.desk import Desk
from geodns.serve.follow import Follower
from geodns.serve.logs import begin_logging
from geodns.serve.premises import COUNTS_AT, WORKER_MAP_SIZE, WorkerFiles
from geodns.serve.tcp import Reception
from geodns.serve.udp import DatagramReader
from geodns.table.store import Store


class Worker:
    """Runs in its own process, or beside control in one (see solo). `settle` is called after each load."""

    def __init__(self, files: WorkerFiles, settle: Callable[[], None] = lambda: None) -> None:
        cells = memoryview(mmap.mmap(files.memory, WORKER_MAP_SIZE))
        rotation = memoryview(mmap.mmap(files.rotation, ROTATION_SIZE))
        self._files = files
        self._counts = Counts(cells[COUNTS_AT:])
        self._desk = Desk(answer, Memory(cells[:MEMORY_SIZE], rotation), self._counts, time.monotonic)
        self._settle = settle

    async def run(self, stopping: asyncio.Event) -> None:
        """Answers until `stopping` is set."""
        channel = Channel(self._files.channel)
        follower = Follower(self._desk, Store(Path(self._files.state)), channel, self._settle)
        await follower.start()
        udp = [_own(fd) for fd in self._files.udp]
        reception = await self._open(udp)
        loop = asyncio.get_running_loop()
        loop.add_reader(channel, follower.hear)
        try:
            await _until(stopping, follower)
        finally:
            loop.remove_reader(channel)
            channel.close()
            for sock in udp:
                loop.remove_reader(sock)
                sock.close()
            await reception.close()

    async def _open(self, udp: list[socket.socket]) -> Reception:
        loop = asyncio.get_running_loop()
        for sock in udp:
            loop.add_reader(sock, DatagramReader(sock, self._desk.reply_to, self._counts).drain)
        limits = self._files.limits
        reception = Reception(
            self._desk.reply_to, self._counts, idle=limits.tcp_idle, connections=limits.tcp_connections
        )
        for fd in self._files.tcp:
            await reception.listen(_own(fd))
        return reception


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
