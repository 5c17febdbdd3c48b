"""Children end with the keeper, even where it was killed: they watch a pipe whose other end only it holds."""

import asyncio
import os
from collections.abc import Callable


def watch(loop: asyncio.AbstractEventLoop, fd: int, on_cut: Callable[[], None]) -> None:
    """Calls `on_cut` once, when the keeper is gone. Nothing is ever written to the pipe."""
    own = os.dup(fd)

    def cut() -> None:
        loop.remove_reader(own)
        os.close(own)
        on_cut()

    loop.add_reader(own, cut)
