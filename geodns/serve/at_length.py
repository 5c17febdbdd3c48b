"""Queries that are answered by several messages over time, such as zone transfers: a hook for who can make them.

    at_length(message, client, transport) → the messages, one by one; None: it is answered like any other

The next message is asked for once the one before it is on its way to a peer that takes it, so a producer that waits for
nothing else is as fast as its client and holds one message at a time. It is closed (`aclose`) where the client goes.
Queries that come meanwhile are answered at once, in between (RFC 7766 §6.2.1.1).
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable

from geodns.serve.framing import framed
from geodns.serve.line import Line

log = logging.getLogger(__name__)

AT_ONCE = 4  # of one connection; who asks for more is answered by the desk

Messages = AsyncGenerator[bytes, None]
AtLength = Callable[[bytes, memoryview, int], Messages | None]


class LongReplies:
    """Those under way on one line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self.closing = False  # the line is closed when the last one has been sent

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def is_full(self) -> bool:
        return len(self._tasks) >= AT_ONCE

    def begin(self, messages: Messages) -> None:
        task = asyncio.get_running_loop().create_task(self._send(messages))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def resumed(self) -> None:
        self._open.set()

    def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _send(self, messages: Messages) -> None:
        try:
            async for message in messages:
                self._line.write(framed(message))
                await self._until_taken()
                self._line.got_on()
        finally:
            await messages.aclose()

    async def _until_taken(self) -> None:
        await asyncio.sleep(0)  # others have their turn, though nothing keeps this one
        while not self._line.is_open:
            self._open.clear()
            await self._open.wait()

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            # The client must not take what it has for the whole.
            log.error("a long reply broke off", exc_info=error)
            self._line.abort()
        elif self.closing and not self._tasks:
            self._line.close()
