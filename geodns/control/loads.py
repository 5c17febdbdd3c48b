"""Reports of load → shares → which pools' plans are due. The asyncio edge of geodns.load.

The fold steps in its own rhythm, in a thread; where a share has moved by half a hundredth of the whole, the pool's
answers are compiled anew. What members ask for themselves follows within a second. Shares are in the state folder
before answers follow from them, so that no restart sends everybody back to where there was too much load.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import replace

from geodns.control.burdens import Site, every_of, readings, survey
from geodns.control.edition import Edition
from geodns.control.explain import Explanation
from geodns.control.folder import StateFolder
from geodns.control.gathering import Publish
from geodns.control.load_views import views_of
from geodns.control.reports import EXPIRES, Key, ReportBook
from geodns.load import saved
from geodns.load.fold import State, advanced, begun
from geodns.load.result import has_moved, is_whole, loads_of
from geodns.load.seen import Seen, seen_member, seen_pool
from geodns.model.check import Result
from geodns.model.name import parse_name
from geodns.model.pool import PoolName
from geodns.model.verdict import Loads, MemberKey, PoolKey
from geodns.model.zone import Zone
from geodns.table.compile import Drafts

log = logging.getLogger(__name__)

APART = 1.0  # seconds between two looks
LOOK = 5.0  # seconds, at most: so a reload is noticed
SAVE = 60.0  # seconds, at most, until what was sent is in the state folder


class LoadBook:
    """Who has which load, and what follows from it. `heard` is told every result too, after this."""

    def __init__(
        self,
        folder: StateFolder,
        heard: Callable[[Result], None] = lambda _: None,
        *,
        clock: Callable[[], float] = time.time,
        apart: float = APART,
    ) -> None:
        document = folder.read("loads")
        self._folder = folder
        self._heard = heard
        self._clock = clock
        self._apart = apart
        self.reports = ReportBook(document, clock)
        self._states = saved.from_json(document.get("pools"))  # as the fold has them
        self._told = dict(self._states)  # as answers have them
        self._loads: Loads | None = None  # None: something has changed since they were drawn up
        self._restless: set[PoolKey] = set()  # answers do not say yet what they are to say
        self._stirred = asyncio.Event()
        self._sites: tuple[Drafts | None, dict[PoolKey, Site]] = (None, {})
        self._saved_at = clock()

    def __repr__(self) -> str:
        return f"<LoadBook {len(self._states)} pools, {self.reports!r}>"

    def watch(self, zones: Iterable[Zone]) -> None:
        """From now on these zones' members report."""
        self.reports.watch(zones)
        self._loads = None

    def hear(self, result: Result) -> None:
        """One more result, as the prober reports it."""
        if pools := self.reports.hear(result):
            self._restless.update(pools)
            self._loads = None
            self._stirred.set()
        self._heard(result)

    def send(self, key: Key, load: float, expires: float = EXPIRES) -> None:
        """A load of a pool or a member that somebody else has seen. `expires`: in so many seconds."""
        self.reports.send(key, load, expires)

    def loads(self) -> Loads:
        """As answers are to have them. Drawn up when something has changed, and not for each who asks: flips do."""
        if self._loads is None:
            self._loads = loads_of(self._told, self.reports.asked())
        return self._loads

    def seen(self, edition: Edition, only: Collection[PoolKey] | None = None) -> dict[Key, Seen]:
        """Of the pools that load matters to (among `only`), and of their members."""
        now, found, sites = self._clock(), dict[Key, Seen](), self._survey(edition)
        wanted = sites.values() if only is None else [sites[key] for key in only if key in sites]
        for key, reading in readings(wanted, edition.outlook, self.reports).items():
            state = self._states.get(key, begun(now))
            found[key] = seen_pool(state, reading, now)
            for seat in reading.seats:
                found[MemberKey(*key, seat.name)] = seen_member(state, reading, seat, now)
        return found

    def matters(self, edition: Edition, pool: PoolKey) -> bool:
        """Whether anything follows from what is sent of the pool, or of a member of it."""
        site = self._survey(edition).get(pool)
        return site is not None and (site.has_target or site.evens)

    def told_in(self, explanation: Explanation, edition: Edition) -> Explanation:
        """With the loads of the pools that it names."""
        if explanation.steering is None or explanation.zone is None:
            return explanation
        zone = parse_name(explanation.zone)
        pools = dict.fromkeys((zone, PoolName(member.pool)) for member in explanation.steering.members)
        return replace(explanation, loads=views_of(self.seen(edition, pools)))

    async def run(self, publish: Publish, edition: Callable[[], Edition | None]) -> None:
        """Until cancelled. `publish` is awaited with the pools whose answers may have changed."""
        try:
            while True:
                self._stirred.clear()
                if (served := edition()) is not None:
                    await self._look_safely(served, publish)
                await asyncio.sleep(self._apart)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._until_next()):
                        await self._stirred.wait()
        finally:
            self._save()

    async def _look_safely(self, edition: Edition, publish: Publish) -> None:
        try:
            await self.look(edition, publish)
        except Exception:  # the probes and what is served must not end with it
            log.exception("a fault in geodns; shares that follow load are held")

    async def look(self, edition: Edition, publish: Publish) -> None:
        """One look: steps whatever is due, and has published what has moved."""
        stepped = await asyncio.to_thread(self._advanced, edition)
        sites = self._sites[1]
        self._states = {key: state for key, state in {**self._states, **stepped}.items() if key in sites}
        moved = {key for key, state in self._states.items() if has_moved(self._told.get(key, begun(0.0)), state)}
        if moved or self._told.keys() - sites.keys():
            told = {key: state for key, state in self._told.items() if key in sites}
            self._told = told | {key: self._states[key] for key in moved}
            self._loads = None
        pools, self._restless = moved | self._restless, set()  # others may be added from here on
        if pools:
            await asyncio.to_thread(self._save)
            await self._publish(pools, publish)
        elif self._clock() >= self._saved_at + SAVE and self._states:
            await asyncio.to_thread(self._save)

    async def _publish(self, pools: set[PoolKey], publish: Publish) -> None:
        """Where the disk refuses a generation, workers keep the old answers; it is tried again at the next look."""
        try:
            await publish(pools)
        except OSError as error:
            log.error("ALARM: shares that follow load cannot be published: %s; trying again", error)
            self._restless |= pools

    def _advanced(self, edition: Edition) -> dict[PoolKey, State]:
        """Of the pools whose step is due."""
        now = self._clock()
        due = [site for key, site in self._survey(edition).items() if now >= self._due(key, site) - self._apart / 2]
        looked_at = readings(due, edition.outlook, self.reports)
        return {key: advanced(self._states.get(key, begun(now)), reading, now) for key, reading in looked_at.items()}

    def _survey(self, edition: Edition) -> dict[PoolKey, Site]:
        """Once for each reload. Who has left something still gets it back, whatever the files say now."""
        if self._sites[0] is not edition.drafts:
            unfinished = {key for key, state in self._states.items() if not is_whole(state)}
            self._sites = (edition.drafts, survey(edition.inputs.zones, edition.drafts, unfinished))
        return self._sites[1]

    def _due(self, key: PoolKey, site: Site) -> float:
        state = self._states.get(key)
        return state.at + every_of(site.pool) if state else 0.0

    def _until_next(self) -> float:
        soonest = min((self._due(key, site) for key, site in self._sites[1].items()), default=float("inf"))
        return max(0.0, min(LOOK, soonest - self._clock()))

    def _save(self) -> None:
        """A state folder that cannot be written costs no more than what a restart would know."""
        self._saved_at = self._clock()
        try:
            self._folder.write("loads", {"pools": saved.to_json(self._states), **self.reports.to_json()})
        except OSError as error:
            log.error("shares that follow load cannot be saved: %s", error)
