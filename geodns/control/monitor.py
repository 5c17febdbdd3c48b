"""Probes → verdicts → which pools have changed, and when that is due (gathering.py). Verdicts are in the state folder
before answers follow from them, so that no restart, however it came about, brings back somebody who was down.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress

from geodns.control.folder import StateFolder
from geodns.control.gathering import RETRY, Gathering, Publish
from geodns.control.journal import Journal
from geodns.health import saved
from geodns.health.history import UNJUDGED, History
from geodns.health.ledger import Ledger
from geodns.model.check import Result, Target
from geodns.model.verdict import PoolKey, Standing, Verdict
from geodns.model.zone import Zone
from geodns.probe.prober import Prober

log = logging.getLogger(__name__)

SPARE_LINES = 10_000  # changes in the journal beyond one a target, before it is written anew


class Monitor:
    """`heard` is called with every result, for the metrics. `retry` in seconds."""

    def __init__(
        self, folder: StateFolder, heard: Callable[[Result], None] = lambda _: None, *, retry: float = RETRY
    ) -> None:
        self._journal = Journal(folder, "verdicts")
        self._heard = heard
        self._retry = retry
        self._ledger: Ledger | None = None
        self._prober = Prober(self.hear)
        self._users: dict[Target, list[PoolKey]] = {}
        self._gathering = Gathering()
        self._stirred = asyncio.Event()
        self._unsaved: dict[Target, None] = {}  # whose verdicts flipped; in that order

    @property
    def isolated(self) -> str:
        """Why the monitor suspects itself; empty when it does not."""
        return self._ledger.isolated if self._ledger else ""

    def standings(self) -> Mapping[Target, Standing]:
        return self._ledger.standings() if self._ledger else {}

    def histories(self) -> Mapping[Target, History]:
        return self._ledger.histories() if self._ledger else {}

    def history_of(self, target: Target) -> History:
        return self._ledger.history_of(target) if self._ledger else UNJUDGED

    def watch(self, zones: Iterable[Zone], may_freeze: bool) -> None:
        """These zones' pools are probed from now on; targets that stay keep their rhythm and their verdicts."""
        is_first = self._ledger is None
        if self._ledger is None:
            self._ledger = Ledger(saved.from_json(self._journal.read()))
        zones = list(zones)
        self._ledger.retarget([pool for zone in zones for pool in zone.pools.values()], may_freeze=may_freeze)
        if is_first and self._journal.lines:
            self._rewrite(self._ledger.histories())
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

    async def run(self, publish: Publish) -> None:
        """Until cancelled. `publish` is awaited with the pools whose answers may have changed."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._prober.run())
                tasks.create_task(self._publish_changes(publish))
        finally:
            self._append(self._take_unsaved())

    def hear(self, result: Result) -> None:
        """One more result, as the prober reports it."""
        assert self._ledger is not None, "a result without a target"
        self._heard(result)
        changes = self._ledger.observe(result, time.time())
        if changes.stirred:
            self._gathering.stirred(self._users.get(result.target, ()), time.monotonic())
            self._stirred.set()
        for flip in changes.flips:
            log.log(logging.WARNING if flip.after is Verdict.DOWN else logging.INFO, "%s", flip)
            self._unsaved[flip.target] = None
            self._gathering.flipped(self._users.get(flip.target, ()), time.monotonic())
            self._stirred.set()
        if changes.alarm:
            log.error("ALARM: %s", changes.alarm)

    async def _publish_changes(self, publish: Publish) -> None:
        while True:
            self._stirred.clear()
            if pools := self._gathering.take(time.monotonic()):
                await self._publish(pools, publish)
                continue
            due = self._gathering.due
            with suppress(TimeoutError):
                async with asyncio.timeout(None if due is None else due - time.monotonic()):
                    await self._stirred.wait()

    async def _publish(self, pools: Collection[PoolKey], publish: Publish) -> None:
        """Where the disk refuses a generation, workers keep the old answers; it is tried again until it is taken."""
        await self._save()
        try:
            await publish(pools)
        except OSError as error:
            log.error("ALARM: verdicts cannot be published: %s; trying again in %g s", error, self._retry)
            self._gathering.refused(pools, time.monotonic() + self._retry)
        if self._journal.lines > len(self.standings()) + SPARE_LINES:
            await asyncio.to_thread(self._rewrite, self.histories())

    async def _save(self) -> None:
        unsaved = self._take_unsaved()
        await asyncio.to_thread(self._append, unsaved)

    def _take_unsaved(self) -> Mapping[Target, History]:
        unsaved, self._unsaved = self._unsaved, {}
        return self._ledger.histories_of(unsaved) if self._ledger else {}

    def _append(self, unsaved: Mapping[Target, History]) -> None:
        if not unsaved:
            return
        try:
            self._journal.append(saved.changes_to_json(unsaved))
        except OSError as error:
            self._unsaved |= dict.fromkeys(unsaved)  # their verdict will be a later one, if they flip again meanwhile
            log.error("verdicts cannot be saved: %s", error)

    def _rewrite(self, histories: Mapping[Target, History]) -> None:
        try:
            self._journal.rewrite(saved.to_json(histories))
        except OSError as error:
            log.error("verdicts cannot be saved: %s", error)
