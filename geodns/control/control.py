"""The making of generations: what changes comes in here, and a new generation goes out.

    files, SIGHUP, API ─ reload ──────┐
    probe results ──── monitor ───────┤
    operators ──────── orders ────────┼─▶ edition ─ publisher ─▶ store, workers
    the clock ──────── timekeeper ────┤
    loads, names ───── loads, outside ┘

One generation is published at a time. A reload that takes long holds up no verdict: what flips meanwhile goes into the
edition that is served, and into the new one before it follows. Where the configuration is broken the last good edition
goes on; where there is none yet, the last good generation on disk does, and control says that it is degraded.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from geodns.config.problem import ConfigError, Problem
from geodns.config.server import Settings
from geodns.control.certificates import Certificate
from geodns.control.configurations import Snapshot
from geodns.control.copies import CopyBook
from geodns.control.edition import Edition, compile_edition, is_same_answer, refresh
from geodns.control.explain import Explanation, explain
from geodns.control.folder import StateFolder
from geodns.control.inputs import Inputs, Progress, read_inputs
from geodns.control.landkeep import LandKeep
from geodns.control.limited import Limited
from geodns.control.loads import LoadBook
from geodns.control.monitor import Monitor
from geodns.control.notifier import Notifier
from geodns.control.orders import OrderBook
from geodns.control.outside import OutsideBook
from geodns.control.publisher import Publisher
from geodns.control.reach import Reach, reach
from geodns.control.renewal import APART as RENEWED
from geodns.control.renewal import Renewal, is_due
from geodns.control.supposing import NOTHING, Supposition
from geodns.control.timekeeper import Timekeeper
from geodns.control.totals import Tallies, Totals
from geodns.control.workers import Workers
from geodns.model.check import Result
from geodns.model.place import Address, Place
from geodns.model.source import Source
from geodns.model.verdict import MemberKey, Outlook, Override, PoolKey

log = logging.getLogger(__name__)

FIRST_VERDICTS = 1.0  # seconds that a start or a reload waits for new members' first answers to their probes


class CannotStart(Exception):
    """There is nothing to serve: no good configuration, and no generation from before."""


@dataclass(frozen=True, slots=True)
class Reload:
    """What a reload came to. Not ok: the problems say why, and what was served goes on. Ok: they are warnings."""

    ok: bool
    problems: tuple[Problem, ...]


class Control:
    """Made once a process. `settings` is called at each reload, since the server's own file may change too; `settle`
    after each one that was good."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        folder: StateFolder,
        workers: Workers,
        tallies: Tallies,
        *,
        limited: Limited | None = None,
        progress: Progress | None = None,
        heard: Callable[[Result], None] = lambda _: None,
        settle: Callable[[], None] = lambda: None,
        first_verdicts: float = FIRST_VERDICTS,
        renewed: float = RENEWED,
    ) -> None:
        self.folder = folder
        self.workers = workers
        self.limited = limited or Limited()
        self.started = time.time()
        self.loads = LoadBook(folder, heard)
        self.monitor = Monitor(folder, self.loads.hear)
        self.outside = OutsideBook(folder)
        self.renewal = Renewal(self._renew, renewed)
        self.copies = CopyBook(folder)
        workers.take_notice = self.copies.notified
        self.publisher = Publisher(folder, workers)
        self.notifier = Notifier(workers.all_serve)
        self.orders = OrderBook(folder)
        self.timekeeper = Timekeeper(folder)
        self.edition: Edition | None = None
        self.problems: tuple[Problem, ...] = ()  # why the last reload failed
        self.degraded_since: float | None = None  # seconds since the epoch; None: what is served is what the files say
        self._settings = settings
        self._first_verdicts = first_verdicts
        self._tallies = tallies
        self._progress = progress
        self._settle = settle
        self._reloading = asyncio.Lock()
        self._publishing = asyncio.Lock()
        self._meanwhile: set[PoolKey] = set()  # changed while a reload was compiled

    # ── life ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Reads the configuration and publishes, or falls back to what was published before. Raises CannotStart."""
        if (await self.reload()).ok:
            return
        if not self.publisher.fall_back():
            raise CannotStart("there is nothing to serve: mend the problems above, then start again")
        log.error("DEGRADED: generation %d from before is served until they are mended", self.publisher.generation)

    async def run(self) -> None:
        """Until cancelled; start() comes first."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.monitor.run(self._refresh))
            tasks.create_task(self.outside.run(self._follow_elsewhere))
            tasks.create_task(self.renewal.run())
            tasks.create_task(self.copies.run(self.reload))
            tasks.create_task(self.orders.run(self._refresh))
            tasks.create_task(self.timekeeper.run(self._refresh, self._outlook))
            tasks.create_task(self.notifier.run())
            tasks.create_task(self.limited.run())
            tasks.create_task(self.loads.run(self._refresh, lambda: self.edition))

    # ── what is asked of it ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def is_degraded(self) -> bool:
        """What is served is not what the files say."""
        return bool(self.problems)

    @property
    def follows_health(self) -> bool:
        """Whether answers are made from what the probes say now."""
        return self.edition is not None and not self.monitor.isolated

    @property
    def secrets(self) -> Sequence[bytes] | None:
        """Of cookies, as the last good configuration has them; None: there was none yet."""
        return None if self.edition is None else self.edition.inputs.settings.cookies.secrets

    async def is_ready(self) -> bool:
        generation = self.publisher.generation
        return generation > 0 and await self.workers.all_serve(generation)

    def explain(
        self,
        name: str,
        rtype: str,
        client: Address | Place,
        supposition: Supposition = NOTHING,
        resolver: Address | None = None,
    ) -> Explanation:
        """Raises ValueError where name, type, place or pools are none, LookupError while there is no edition."""
        if self.edition is None:
            raise LookupError("degraded: there is no good configuration to explain from")
        found = explain(
            self.edition,
            name,
            rtype,
            client,
            self.publisher.generation,
            supposition,
            resolver=resolver,
            reports=self.loads.reports,
            history_of=self.monitor.history_of,
        )
        return self.loads.told_in(found, self.edition)

    def map(self, name: str, rtype: str, down: Iterable[str] = (), at: float | None = None) -> Reach:
        """Where the answers go now. In a thread: with a large database it takes seconds.

        Raises ValueError and LookupError as explain() does.
        """
        edition = self.edition
        if edition is None:
            raise LookupError("degraded: there is no good configuration to draw a map of")
        generation = self.publisher.generation
        return reach(edition.inputs, name, rtype, down, outlook=edition.outlook, generation=generation, at=at)

    def totals(self) -> Totals:
        return self._tallies.read(self.publisher.ledgers)

    def certificates(self) -> tuple[Certificate, ...]:
        """Of the fronts."""
        return self._tallies.certificates()

    async def reload(self) -> Reload:
        """Everything anew from the files."""
        async with self._reloading:
            try:
                # In a thread, like the compiling: either may take minutes, and probes and admin go on meanwhile.
                inputs = await asyncio.to_thread(self._read)
                snapshot = await asyncio.to_thread(self.publisher.snapshot, inputs)
                inputs = replace(inputs, contents={})  # which may be as large as all the rest
                self._watch(inputs)
                await asyncio.gather(
                    self.monitor.get_to_know(self._first_verdicts), self.outside.get_to_know(self._first_verdicts)
                )
                await self._make(inputs, snapshot)
            except ConfigError as error:
                return self._degrade(error.problems)
            except OSError as error:
                self._watch_last()
                return self._degrade([cannot_write(self.folder, error)])
            except Exception as error:  # the probes and what is served must not end with it
                log.exception("a fault in geodns")
                self._watch_last()
                return self._degrade([_our_fault(error)])
            _log(inputs.warnings)
            self._settle()
            return Reload(True, inputs.warnings)

    async def override(self, key: MemberKey, said: Override | None) -> None:
        """Sets an override, or takes it back; returns when the generation that follows from it is published.

        Raises OSError where the state folder cannot be written; all is then as it was.
        """
        await self.orders.take(key, said, self._refresh)

    # ── how ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _read(self) -> Inputs:
        last = self.edition.inputs.atlas if self.edition else None
        return read_inputs(self._settings(), last, self._progress, with_contents=True, copies=self.copies.zones)

    async def _make(self, inputs: Inputs, snapshot: Snapshot | None) -> None:
        """A generation of these inputs. What changes while it is compiled is compiled again at its end.

        `snapshot` None: they are those of the last one.
        """
        self._meanwhile.clear()
        edition = await asyncio.to_thread(self._compile, inputs, self._outlook())
        async with self._publishing:
            self.timekeeper.watch(inputs.zones)
            anew = self._meanwhile | self.timekeeper.pools()
            edition = await asyncio.to_thread(self._compile_anew, edition, self._outlook(), anew)
            await self.publisher.publish(edition, snapshot)
            self._notify(edition)
            self.edition, self.problems, self.degraded_since = edition, (), None
            self.copies.published(edition.inputs.zones)
            self.timekeeper.refreshed()
            await self.publisher.settle()

    async def _follow_elsewhere(self, pools: Collection[PoolKey]) -> None:
        await self._refresh(pools)
        self.renewal.note()

    async def _renew(self) -> bool:
        """Everything anew but the files, where copies of zones would have other addresses of names elsewhere.

        With a configuration that has problems nothing is; the reload that finds it mended does that too.
        """
        async with self._reloading:
            edition = self.edition
            if edition is None or self.problems:
                return False
            if not await asyncio.to_thread(is_due, edition, self.outside.known()):
                return False
            try:
                await self._make(edition.inputs, None)
            except OSError as error:
                log.error("ALARM: copies of zones cannot have the addresses that names elsewhere have now: %s", error)
                self.renewal.note()
            return True

    def _watch(self, inputs: Inputs) -> None:
        """From now on these zones' members are probed, report, and are asked for."""
        settings = inputs.settings
        self.monitor.watch(inputs.zones, settings.isolation)
        self.loads.watch(inputs.zones)
        self.outside.watch(inputs.zones, settings.resolvers, settings.serve_stale)
        self.copies.watch(settings.secondaries)

    def _notify(self, edition: Edition) -> None:
        inputs, serials = edition.inputs, edition.serials
        listen = inputs.settings.listen
        self.notifier.tell(inputs.zones, lambda zone: serials[str(zone)].serial, self.publisher.generation, listen)

    def _watch_last(self) -> None:
        """The edition that goes on is probed as it was."""
        if self.edition is not None:
            self._watch(self.edition.inputs)
            self.timekeeper.watch(self.edition.inputs.zones)

    def _degrade(self, problems: Sequence[Problem]) -> Reload:
        self.problems = tuple(problems)
        self.degraded_since = self.degraded_since or time.time()
        _log(problems)
        return Reload(False, self.problems)

    def _compile(self, inputs: Inputs, outlook: Outlook) -> Edition:
        keep = LandKeep(self.folder.lands())
        before = self.publisher
        try:
            edition = compile_edition(
                inputs,
                outlook,
                before.serials,
                before.ledgers,
                time.time(),
                keep.keep,
                before=before.transfers(),
                elsewhere=self.outside.known(),
                progress=self._progress,
            )
        finally:
            if self._progress is not None:
                self._progress("compiling", 1, 1)
        keep.prune()
        return edition

    def _outlook(self) -> Outlook:
        now = time.time()
        return Outlook(
            standings=self.monitor.standings(),
            overrides=self.orders.in_force(now),
            loads=self.loads.loads(),
            pace=self.timekeeper.pace,
            resolved=self.outside.resolved(),
            now=now,
        )

    def _compile_anew(self, edition: Edition, outlook: Outlook, pools: Collection[PoolKey]) -> Edition:
        """The plans of these pools, at the pace that the outlook leads to."""
        return refresh(edition, self.timekeeper.paced(outlook, pools), pools)

    def _outlook_for(self, edition: Edition) -> Outlook:
        """While a reload is made, targets that it does not have are not probed any more, nor names outside asked for:
        they stay as they were."""
        outlook = self._outlook()
        if not self._reloading.locked():
            return outlook
        standings = {**edition.outlook.standings, **outlook.standings}
        resolved = {**(edition.outlook.resolved or {}), **(outlook.resolved or {})}
        return replace(outlook, standings=standings, resolved=resolved)

    async def _refresh(self, pools: Collection[PoolKey]) -> None:
        self._meanwhile.update(pools)
        async with self._publishing:
            if self.edition is None:
                return
            # In a thread: where many pools have changed at once, probes must not wait for all of them.
            edition = await asyncio.to_thread(self._compile_anew, self.edition, self._outlook_for(self.edition), pools)
            self.timekeeper.refreshed()
            if is_same_answer(self.edition, edition):
                self.edition = edition
                return
            await self.publisher.publish(edition)
            self.edition = edition
            await self.publisher.settle()


def cannot_write(folder: StateFolder, error: OSError) -> Problem:
    way_out = "make room there or mend its permissions, and try again; what was published before is served meanwhile"
    return Problem(
        Source(str(folder.path)), f"the state folder cannot be written ({error.strerror or error}): {way_out}"
    )


def _our_fault(error: Exception) -> Problem:
    return Problem(Source("geodns"), f"{error!r}: this is a fault in geodns, please report it with the log")


def _log(problems: Collection[Problem]) -> None:
    for problem in problems:
        log.log(logging.WARNING if problem.is_warning else logging.ERROR, "%s", problem)
