"""Probes → verdicts → which pools have changed. Flips are collected for a moment, so that the fault of many members
becomes one generation. Verdicts are in the state folder before answers follow from them, so that no restart, however
it came about, brings back somebody who was down.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress

from geodns.control.folder import StateFolder
from geodns.health import saved
from geodns.health.history import History
from geodns.health.ledger import Ledger
from geodns.model.check import Result, Target
from geodns.model.name import Name
from geodns.model.pool import PoolName
from geodns.model.verdict import Standing, Verdict
from geodns.model.zone import Zone
from geodns.probe.prober import Prober

log = logging.getLogger(__name__)

COLLECT = 0.2  # seconds from a flip until it is published
COLLECT_TTL = 1.0  # seconds; that a verdict could flip sooner is less urgent than that it has
RETRY = 5.0  # seconds

PoolKey = tuple[Name, PoolName]


class Monitor:
    """`heard` is called with every result, for the metrics. `retry` in seconds."""

    def __init__(
        self, folder: StateFolder, heard: Callable[[Result], None] = lambda _: None, *, retry: float = RETRY
    ) -> None:
        self._folder = folder
        self._heard = heard
        self._retry = retry
        self._ledger: Ledger | None = None
        self._prober = Prober(self._report)
        self._users: dict[Target, list[PoolKey]] = {}
        self._due: dict[PoolKey, float] = {}  # changed pools, and when that is to be published (monotonic)
        self._stirred = asyncio.Event()
        self._unsaved = False

    @property
    def isolated(self) -> str:
        """Why the monitor suspects itself; empty when it does not."""
        return self._ledger.isolated if self._ledger else ""

    def standings(self) -> Mapping[Target, Standing]:
        return self._ledger.standings() if self._ledger else {}

    def histories(self) -> Mapping[Target, History]:
        return self._ledger.histories() if self._ledger else {}

    def watch(self, zones: Iterable[Zone], may_freeze: bool) -> None:
        """These zones' pools are probed from now on; targets that stay keep their rhythm and their verdicts."""
        if self._ledger is None:
            self._ledger = Ledger(saved.from_json(self._folder.read("verdicts")))
        zones = list(zones)
        self._ledger.retarget([pool for zone in zones for pool in zone.pools.values()], may_freeze=may_freeze)
        self._users = {}
        for zone in zones:
            for pool in zone.pools.values():
                for target in pool.targets():
                    self._users.setdefault(target, []).append((zone.name, pool.name))
        self._prober.watch(self._ledger.targets())

    async def get_to_know(self, within: float) -> None:
        """Asks those that were never judged, so that a backend that is dead is not in the very first answers."""
        if self._ledger is not None and within > 0:
            await self._prober.ask_once(self._ledger.unjudged(), within)

    async def run(self, publish: Callable[[Collection[PoolKey]], Awaitable[None]]) -> None:
        """Until cancelled. `publish` is awaited with the pools whose answers may have changed."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._prober.run())
                tasks.create_task(self._publish_changes(publish))
        finally:
            self._save()

    def _report(self, result: Result) -> None:
        assert self._ledger is not None, "a result without a target"
        self._heard(result)
        before = self._ledger.standing_of(result.target)
        changes = self._ledger.observe(result, time.time())
        if self._ledger.standing_of(result.target) != before:
            self._change(result.target, COLLECT_TTL)
        for flip in changes.flips:
            log.log(logging.WARNING if flip.after is Verdict.DOWN else logging.INFO, "%s", flip)
            self._unsaved = True
            self._change(flip.target, COLLECT)
        if changes.alarm:
            log.error("ALARM: %s", changes.alarm)

    def _change(self, target: Target, within: float) -> None:
        due = time.monotonic() + within
        for key in self._users.get(target, ()):
            self._due[key] = min(due, self._due.get(key, due))
        self._stirred.set()

    async def _publish_changes(self, publish: Callable[[Collection[PoolKey]], Awaitable[None]]) -> None:
        while True:
            self._stirred.clear()
            due = min(self._due.values(), default=None)
            if due is not None and due <= time.monotonic():
                await self._publish(publish)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(None if due is None else due - time.monotonic()):
                    await self._stirred.wait()

    async def _publish(self, publish: Callable[[Collection[PoolKey]], Awaitable[None]]) -> None:
        """Where the disk refuses a generation, workers keep the old answers; it is tried again until it is taken."""
        pools = set(self._due)
        self._due.clear()
        self._save()
        try:
            await publish(pools)
        except OSError as error:
            log.error("ALARM: verdicts cannot be published: %s; trying again in %g s", error, self._retry)
            self._due |= dict.fromkeys(pools, time.monotonic() + self._retry)

    def _save(self) -> None:
        if self._unsaved and self._ledger is not None:
            self._unsaved = False
            try:
                self._folder.write("verdicts", saved.to_json(self._ledger.histories()))
            except OSError as error:
                self._unsaved = True
                log.error("verdicts cannot be saved: %s", error)
