"""What the processes that answer have in common: how they begin, follow, and end."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Awaitable

from geodns.serve import lifeline
from geodns.serve.logs import begin_logging


def begin(log_level: str) -> None:
    begin_logging(log_level)
    # A terminal sends these to the whole group; when to end is for the keeper to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def told_to_stop(lifeline_fd: int) -> asyncio.Event:
    """Set when the keeper says so, or is gone."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    lifeline.watch(loop, lifeline_fd, stopping.set)
    return stopping


async def until(stopping: asyncio.Event, *following: Awaitable[None]) -> None:
    """Does all of these, which have no end of their own."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_as_coroutine(each)) for each in following]
        await stopping.wait()
        for task in running:
            task.cancel()


async def _as_coroutine(awaitable: Awaitable[None]) -> None:
    await awaitable


def own(fd: int) -> socket.socket:
    """A copy of its own, since closing a socket closes its descriptor."""
    return socket.socket(fileno=os.dup(fd))


def settle() -> None:
    """Takes the objects of a loaded table out of the garbage collector's sight.

    A full collection would visit all of them and so hold up the queries, for nothing: a table has no cycles, and goes
    by its reference count when the next one replaces it. What is left to collect is a few connections.
    """
    gc.collect()
    gc.freeze()
