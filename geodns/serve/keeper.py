"""Children kept alive: started, restarted when they die, ended together. Parses nothing that comes from a network.

A child that dies comes back after 0.1 s; each further death doubles the pause up to 5 s, until one has lived for 10 s.
Exit code 78 (EX_CONFIG) says "I cannot start": everything ends then, with exit code 1.
SIGTERM and SIGINT end everything; SIGHUP is passed on to the children that take it.
"""

import asyncio
import logging
import os
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import geodns

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.1  # seconds
LONGEST_PAUSE = 5.0
SETTLED = 10.0  # seconds of life after which the pauses start anew
GRACE = 5.0  # seconds between SIGTERM and SIGKILL


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process to keep alive. `fds` are passed on under the same numbers."""

    name: str
    argv: tuple[str, ...]
    fds: tuple[int, ...] = ()
    takes_hangup: bool = False  # SIGHUP is passed on to it


def next_pause(pause: float, lived: float) -> float:
    """How long to wait before the next start; `pause` is the wait before the last one, 0 where there was none."""
    if pause == 0 or lived >= SETTLED:
        return FIRST_PAUSE
    return min(2 * pause, LONGEST_PAUSE)


async def keep(children: Sequence[Child], *, grace: float = GRACE) -> int:
    """Runs until a signal or a child ends it; all children are gone then. Returns the exit code."""
    keeper = _Keeper()
    with keeper.signals():
        async with asyncio.TaskGroup() as tasks:
            for child in children:
                tasks.create_task(keeper.keep_alive(child))
            code = await keeper.ending
            await keeper.end_all(grace)
    return code


class _Keeper:
    def __init__(self) -> None:
        self.ending: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._living: dict[Child, Process] = {}

    async def keep_alive(self, child: Child) -> None:
        loop = asyncio.get_running_loop()
        pause = 0.0
        while not self.ending.done():
            started = loop.time()
            fate = await self._live(child)
            if self.ending.done():
                return
            pause = next_pause(pause, loop.time() - started)
            log.warning("%s %s; starting it again in %g s", child.name, fate, pause)
            await asyncio.wait([self.ending], timeout=pause)

    async def _live(self, child: Child) -> str:
        """One life of a child; returns how it ended, for the log."""
        try:
            process = await asyncio.create_subprocess_exec(
                *child.argv, stdin=DEVNULL, pass_fds=child.fds, env=_environment()
            )
        except OSError as error:
            return f"could not be started: {error}"
        if self.ending.done():  # too late for `end_all` to know of it
            process.kill()
        self._living[child] = process
        log.info("%s runs as process %d", child.name, process.pid)
        code = await process.wait()
        del self._living[child]
        if code == os.EX_CONFIG and not self.ending.done():
            log.error("%s cannot start (see its message above); ending", child.name)
            self._end(1)
        return _fate(process.pid, code)

    async def end_all(self, grace: float) -> None:
        self._signal(signal.SIGTERM, self._living)
        waits = [asyncio.create_task(process.wait()) for process in self._living.values()]
        if not waits:
            return
        _, late = await asyncio.wait(waits, timeout=grace)
        if late:
            log.warning("killing what did not end within %g s: %s", grace, ", ".join(c.name for c in self._living))
            self._signal(signal.SIGKILL, self._living)
            await asyncio.wait(late)

    @contextmanager
    def signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._end, 0)
        loop.add_signal_handler(signal.SIGINT, self._end, 0)
        loop.add_signal_handler(signal.SIGHUP, self._pass_on_hangup)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.remove_signal_handler(number)

    def _end(self, code: int) -> None:
        if not self.ending.done():
            self.ending.set_result(code)

    def _pass_on_hangup(self) -> None:
        self._signal(signal.SIGHUP, [child for child in self._living if child.takes_hangup])

    def _signal(self, number: signal.Signals, children: Sequence[Child] | dict[Child, Process]) -> None:
        for child in children:
            with suppress(ProcessLookupError):
                self._living[child].send_signal(number)


def _environment() -> dict[str, str]:
    """Children find the package where the keeper found it, also in a checkout that is not installed."""
    paths = (str(Path(geodns.__file__).parents[1]), os.environ.get("PYTHONPATH"))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def _fate(pid: int, code: int) -> str:
    if code >= 0:
        return f"(process {pid}) ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"(process {pid}) was ended by {name}"
