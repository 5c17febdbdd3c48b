"""The control process: `python -m geodns.cli.control_process WISHES FILES FOLDER`, as the keeper starts it.

It stands here, and not in control, because it joins control and admin.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from geodns.admin.app import CannotServe, serve_admin
from geodns.admin.metrics import Metrics
from geodns.cli.progress import Progress
from geodns.cli.wishes import Wishes
from geodns.config.problem import ConfigError
from geodns.control.control import CannotStart, Control
from geodns.control.folder import StateFolder
from geodns.control.inputs import database_files
from geodns.control.totals import Tallies
from geodns.control.watch import stamps, watch
from geodns.control.workers import Workers
from geodns.serve import lifeline
from geodns.serve.logs import begin_logging
from geodns.serve.premises import ControlFiles, Premises
from geodns.serve.solo import solo_worker

log = logging.getLogger(__name__)


async def run_control(wishes: Wishes, files: ControlFiles, folder: StateFolder, stopping: asyncio.Event) -> int:
    """Until `stopping` is set. Returns the exit code."""
    workers = Workers(files.channels)
    workers.listen()
    metrics = Metrics()
    progress = Progress(say=log.info)
    control = Control(
        wishes.settings_for_reload, folder, workers, Tallies(files.memories), progress=progress, heard=metrics.hear
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, _reload_soon(control))
    code = 0
    try:
        await _run_all(control, wishes, metrics, stopping)
    except* (CannotStart, CannotServe) as faults:
        log.error("%s", faults.exceptions[0])
        code = os.EX_CONFIG
    finally:
        workers.close()
    return code


async def _run_all(control: Control, wishes: Wishes, metrics: Metrics, stopping: asyncio.Event) -> None:
    """The admin endpoint comes first: what takes long to load can be watched there."""
    settings = wishes.settings_or_defaults()
    watched = _Watched(wishes)
    seen = stamps(watched())
    async with asyncio.TaskGroup() as tasks:
        running = []
        if settings.admin.listen is not None:
            running.append(tasks.create_task(serve_admin(control, settings.admin, metrics)))
        await control.start()
        running.append(tasks.create_task(control.run()))
        if settings.watch:
            running.append(tasks.create_task(watch(watched, control.reload, seen)))
        await stopping.wait()
        for task in running:
            task.cancel()


class _Watched:
    """The zones' files and folders, the databases, and the server's own file; as last known while that is broken."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._last: list[Path] = []

    def __call__(self) -> list[Path]:
        own = [Path(self._wishes.config)] if self._wishes.config else []
        with suppress(ConfigError):
            settings = self._wishes.settings()
            self._last = [*settings.zones, *database_files(settings.geo)]
        return [*own, *self._last]


def _reload_soon(control: Control) -> Callable[[], None]:
    """A signal handler may not wait; the tasks are held until they are done, lest they be collected."""
    under_way: set[asyncio.Task[object]] = set()

    def reload() -> None:
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(control.reload())
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    return reload


def run_alone(wishes: Wishes, premises: Premises, folder: StateFolder) -> int:
    """`workers: 0`: the worker beside control in this process."""

    async def both() -> int:
        stopping = _stop_on(signal.SIGTERM, signal.SIGINT)
        async with asyncio.TaskGroup() as tasks:
            answering = tasks.create_task(solo_worker(premises, folder.path).run(stopping))
            code = await run_control(wishes, premises.control_files(), folder, stopping)
            stopping.set()
            await answering
        return code

    return 1 if asyncio.run(both()) else 0


def _stop_on(*signals: signal.Signals) -> asyncio.Event:
    stopping = asyncio.Event()
    for number in signals:
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


async def _run_process(wishes: Wishes, files: ControlFiles, folder: StateFolder) -> int:
    stopping = _stop_on(signal.SIGTERM)
    lifeline.watch(asyncio.get_running_loop(), files.lifeline, stopping.set)
    return await run_control(wishes, files, folder, stopping)


def main() -> int:
    wishes, files, folder = Wishes.decode(sys.argv[1]), ControlFiles.decode(sys.argv[2]), StateFolder(Path(sys.argv[3]))
    # A terminal sends it to the whole group; when to end is for the keeper to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin_logging(wishes.settings_or_defaults().log_level)
    return asyncio.run(_run_process(wishes, files, folder))


if __name__ == "__main__":
    sys.exit(main())
