"""The control process: `python -m geodns.cli.control_process WISHES FILES FOLDER`, as the keeper starts it.

It stands here, and not in control, because it joins control and admin.
"""

import asyncio
import gc
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
from geodns.control.limited import Limited
from geodns.control.totals import Tallies
from geodns.control.watch import stamps, watch
from geodns.control.workers import Workers
from geodns.serve import lifeline
from geodns.serve.certificate import BadCertificate
from geodns.serve.logs import begin_logging
from geodns.serve.premises import ControlFiles, Premises
from geodns.serve.solo import solo_front, solo_worker

log = logging.getLogger(__name__)

NICE = 10  # steps below the workers; what the keeper was started with counts from there


async def run_control(wishes: Wishes, files: ControlFiles, folder: StateFolder, stopping: asyncio.Event) -> int:
    """Until `stopping` is set. Returns the exit code."""
    workers = Workers(files.channels, files.front_channels)
    workers.listen()
    metrics = Metrics()
    progress = Progress(say=log.info)
    control = Control(
        wishes.settings_for_reload,
        folder,
        workers,
        Tallies(files.memories, files.front_memories),
        limited=Limited(files.accounts),
        progress=progress,
        heard=metrics.hear,
        settle=settle,
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
    """The zones' files and folders, files of networks and keys, the databases, and the server's own file; as last known
    while that is broken."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._last: list[Path] = []

    def __call__(self) -> list[Path]:
        own = [Path(self._wishes.config)] if self._wishes.config else []
        with suppress(ConfigError):
            settings = self._wishes.settings()
            self._last = [*settings.zones, *settings.network_files, *settings.key_files, *database_files(settings.geo)]
        return [*own, *self._last]


def settle() -> None:
    """Takes what a reload made out of the garbage collector's sight.

    A full collection would visit every record of every zone, and so hold up flips and probes by seconds where there are
    a million names, for nothing: zones and editions have no cycles. Only the young are collected before, for the same
    reason.
    """
    gc.collect(1)
    gc.freeze()


def _reload_soon(control: Control) -> Callable[[], None]:
    """A signal handler may not wait; the tasks are held until they are done, lest they be collected."""
    under_way: set[asyncio.Task[object]] = set()

    def reload() -> None:
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(control.reload())
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    return reload


def run_alone(wishes: Wishes, premises: Premises, folder: StateFolder) -> int:
    """`workers: 0`: the worker beside control in this process, and the front where anything is encrypted."""

    async def both() -> int:
        stopping = _stop_on(signal.SIGTERM, signal.SIGINT)
        front = solo_front(premises, folder.path)
        try:
            if front is not None:
                await front.start()
        except BadCertificate as error:
            log.error("%s", error)
            return os.EX_CONFIG
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(solo_worker(premises, folder.path).run(stopping))
            if front is not None:
                tasks.create_task(front.run(stopping))
            code = await run_control(wishes, premises.control_files(), folder, stopping)
            stopping.set()
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


def give_way() -> None:
    """Workers come first where there are fewer cores than there is work. Asked for once, at the start.

    nice 10: of a core that both want, control gets a tenth. With nice 19 or SCHED_IDLE a flood of queries would stop
    the health checks. SCHED_BATCH: when control wakes up, it does not interrupt a worker that is answering; by itself
    it would leave control half of that core.
    """
    try:
        os.nice(NICE)
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    except (OSError, AttributeError) as error:  # forbidden by a sandbox, or not Linux
        log.info("control runs at the workers' own priority: %s", error)


def main() -> int:
    wishes, files, folder = Wishes.decode(sys.argv[1]), ControlFiles.decode(sys.argv[2]), StateFolder(Path(sys.argv[3]))
    # A terminal sends it to the whole group; when to end is for the keeper to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin_logging(wishes.settings_or_defaults().log_level)
    give_way()
    return asyncio.run(_run_process(wishes, files, folder))


if __name__ == "__main__":
    sys.exit(main())
