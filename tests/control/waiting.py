"""Waiting for what happens in its own time, for as long as a slow machine may take."""

import asyncio
from collections.abc import Callable

PATIENCE = 30  # seconds


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if happened():
                return
            await asyncio.sleep(0.01)
