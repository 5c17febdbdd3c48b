"""Zones of other servers, copied and kept fresh: the asyncio edge of geodns.secondary.

Rules:
- A copy is checked as a master file is, and is in the state folder before it is served: `secondary/NAME.zone` is one.
- Without a copy, or with one that has expired, the zone is void: SERVFAIL, so that resolvers ask the other servers.
- What changes (a newer copy, one that expires, one that is good again) becomes a generation by way of a reload.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import dns.exception
import dns.zone

from geodns.config.lint import lint
from geodns.config.master import parse_master
from geodns.config.problem import ConfigError
from geodns.control.folder import StateFolder
from geodns.control.transferring import Copy, NotTransferred, transfer
from geodns.model.name import Name, labels, show
from geodns.model.place import Address
from geodns.model.secondary import Secondary
from geodns.model.zone import Soa, Zone
from geodns.secondary.course import SHORTEST, Confirmed, Course, Failed, Timers, heard
from geodns.table.store import write_whole

log = logging.getLogger(__name__)

AT_ONCE = 8  # zones that are asked for
RETRY = 20.0  # seconds until a reload that failed is tried again
LONGEST = 60.0  # seconds until the clock is looked at again: somebody may have set it

Reload = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """One zone, as operators want to see it."""

    secondary: Secondary
    course: Course
    is_served: bool


class CopyBook:
    """`clock`: seconds since the epoch; `chance`: from 0 to 1."""

    def __init__(
        self,
        folder: StateFolder,
        *,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._chance = chance
        self._confirmed: Mapping[str, object] = folder.read("secondaries")
        self._secondaries: dict[Name, Secondary] = {}
        self._courses: dict[Name, Course] = {}
        self._zones: dict[Name, Zone] = {}
        self._copies: dict[Name, Copy] = {}
        self._under_way: dict[Name, asyncio.Task[None]] = {}
        self._asked: dict[Name, float] = {}  # when last
        self._again: set[Name] = set()  # to be asked for once more than is under way
        self._told_by: dict[Name, Address] = {}  # who has said last that there is something new
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._stirred = asyncio.Event()
        self._changed = asyncio.Event()
        self._told: dict[Name, tuple[int, bool]] = {}  # the serials that were published, and whether they are served
        self.transfers = {"copied": 0, "confirmed": 0, "failed": 0}  # since the start

    def __repr__(self) -> str:
        return f"<CopyBook {', '.join(map(show, self._secondaries))}>"

    # ── what is served ────────────────────────────────────────────────────────────────────────────────────────────

    def zones(self, secondaries: Sequence[Secondary]) -> Sequence[Zone]:
        """Of these, as they may be served now. In a thread: a copy that is new to this process is read from disk."""
        for each in secondaries:
            if each.zone not in self._courses:
                self._read(each)
        now = self._clock()
        return [self._zone(each, now) for each in secondaries]

    def published(self, zones: Iterable[Zone]) -> None:
        """These are served now."""
        self._told = {zone.name: (zone.soa.serial or 0, not zone.is_void) for zone in zones}
        self._stirred.set()

    def _zone(self, secondary: Secondary, now: float) -> Zone:
        name = secondary.zone
        known = self._zones.get(name)
        if known is None:
            soa = Soa(primary=name, contact=name, serial=0, ttl=0)
            known = Zone(name=name, soa=soa, rrsets=(), source=secondary.source)
        is_void = not self._courses[name].is_served(now)
        return replace(known, source=secondary.source, transfer=secondary.transfer, is_void=is_void)

    def _standing(self, zone: Name, now: float) -> tuple[int, bool]:
        course = self._courses[zone]
        return (course.timers.serial if course.timers else 0), course.is_served(now)

    def views(self) -> Iterator[CopyView]:
        now = self._clock()
        for name, secondary in self._secondaries.items():
            course = self._courses[name]
            yield CopyView(secondary=secondary, course=course, is_served=course.is_served(now))

    # ── life ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def watch(self, secondaries: Sequence[Secondary]) -> None:
        """From now on these are kept fresh; zones() has been asked for them. Others are forgotten, their files too."""
        before, self._secondaries = self._secondaries, {each.zone: each for each in secondaries}
        for name in self._courses.keys() - self._secondaries.keys():
            for known in (self._courses, self._zones, self._copies, self._asked, self._told_by):
                known.pop(name, None)
            self._file(name).unlink(missing_ok=True)
        for name, each in self._secondaries.items():
            if name in before and (before[name].primaries, before[name].key) != (each.primaries, each.key):
                self.refresh(name)
        self._stirred.set()

    def refresh(self, zone: Name, at: float = 0.0) -> None:
        """Its primaries are asked at once, or then. Where they are being asked, that is done once more after it."""
        if zone in self._under_way:
            self._again.add(zone)
        elif zone in self._courses:
            course = self._courses[zone]
            self._courses[zone] = replace(course, ask_at=min(course.ask_at, at))
            self._stirred.set()

    def notified(self, zone: Name, client: Address, key: Name | None) -> None:
        """A NOTIFY has come (RFC 1996 §4.3, §4.4). Its sender is asked first: others may not have the change yet."""
        secondary = self._secondaries.get(zone)
        if secondary is None or not secondary.may_be_told_by(client, key):
            log.debug("%s: a NOTIFY from %s does not count: it is none of the primaries", show(zone), client)
            return
        log.debug("%s: %s says that it has changed", secondary, client)
        self._told_by[zone] = client
        self.refresh(zone, self._soonest(zone))

    def _soonest(self, zone: Name) -> float:
        """However many NOTIFY come, primaries are not asked more often than that."""
        return self._asked.get(zone, 0.0) + SHORTEST

    async def run(self, reload: Reload) -> None:
        """Until cancelled. `reload` is awaited when other zones are to be served than were published."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow(reload))
                while True:
                    self._stirred.clear()
                    self._ask_the_due()
                    if self._has_changed():
                        self._changed.set()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._until_next()):
                            await self._stirred.wait()
        finally:
            for task in self._under_way.values():
                task.cancel()

    def _has_changed(self) -> bool:
        now = self._clock()
        return any(self._standing(name, now) != self._told.get(name) for name in self._secondaries)

    async def _follow(self, reload: Reload) -> None:
        """A configuration with problems keeps copies back too; so it is tried again, but not all the time."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._has_changed():
                await reload()
                if self._has_changed():
                    await asyncio.sleep(RETRY)
                    self._changed.set()

    def _until_next(self) -> float:
        now = self._clock()
        courses = list(self._courses.items())  # a reload may add some, in its thread
        asked = [course.ask_at for name, course in courses if name in self._secondaries and name not in self._under_way]
        ends = [course.expires for _, course in courses if course.is_served(now)]
        return max(0.0, min([LONGEST, *(each - now for each in (*asked, *ends))]))

    # ── copying ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _ask_the_due(self) -> None:
        now = self._clock()
        for name in self._secondaries:
            if name not in self._under_way and self._courses[name].ask_at <= now:
                self._asked[name] = now
                self._under_way[name] = asyncio.create_task(self._ask(self._secondaries[name]))

    async def _ask(self, secondary: Secondary) -> None:
        try:
            async with self._slots:
                outcome = await self._copied(secondary)
        except Exception as error:  # a fault of ours must not end the copying
            log.exception("a fault in geodns")
            outcome = Failed(repr(error))
        finally:
            del self._under_way[secondary.zone]
            self._stirred.set()
        self.take(secondary, outcome)
        if secondary.zone in self._again:
            self._again.discard(secondary.zone)
            self.refresh(secondary.zone, self._soonest(secondary.zone))

    async def _copied(self, secondary: Secondary) -> Confirmed | Failed:
        """Of the first primary that answers with what can be served."""
        troubles = []
        # As they are now: a reload may leave the zone out meanwhile.
        course, held = self._courses.get(secondary.zone, Course()), self._copies.get(secondary.zone)
        if not course.is_served(self._clock()):  # then whatever the primaries have is better, an older serial too
            held = None
        first = self._told_by.pop(secondary.zone, None)
        for primary in sorted(secondary.primaries, key=lambda each: each.address != first):
            try:
                copy = await transfer(secondary.zone, primary, secondary.key, held)
                if copy is None:
                    assert course.timers is not None, "there is a copy"
                    return Confirmed(course.timers)
                return await self._kept(secondary, copy, str(primary))
            except (NotTransferred, OSError) as error:
                troubles.append(str(error))
        return Failed("; ".join(troubles))

    async def _kept(self, secondary: Secondary, copy: Copy, primary: str) -> Confirmed:
        """Checked, on disk, and then known. Raises NotTransferred and OSError."""
        zone, octets = await asyncio.to_thread(_checked, secondary, copy, primary)
        path = self._file(secondary.zone)
        path.parent.mkdir(exist_ok=True)
        await asyncio.to_thread(write_whole, path, octets)
        self._zones[secondary.zone], self._copies[secondary.zone] = zone, copy
        timers = _timers(zone)
        log.info("%s: serial %d copied from %s", secondary, timers.serial, primary)
        return Confirmed(timers)

    def take(self, secondary: Secondary, outcome: Confirmed | Failed) -> None:
        """What came of asking for it."""
        name, now = secondary.zone, self._clock()
        before = self._courses.get(name)
        if before is None:  # a reload has left it out meanwhile
            return
        after = heard(before, outcome, now, self._chance())
        self._courses[name] = after
        if isinstance(outcome, Failed):
            self.transfers["failed"] += 1
            if after.failures == 1:
                log.warning("%s cannot be copied: %s", secondary, outcome.why)
            return
        self.transfers["confirmed" if before.timers == after.timers else "copied"] += 1
        if before.failures:
            log.info("%s: its primaries answer again", secondary)
        self._save()

    def _save(self) -> None:
        confirmed = {show(name): course.confirmed for name, course in list(self._courses.items()) if course.timers}
        try:
            self._folder.write("secondaries", confirmed)
        except OSError as error:
            log.error("when zones were confirmed cannot be saved: %s", error)

    # ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _file(self, zone: Name) -> Path:
        """A name may have any octets, and a file's may not."""
        plain = ".".join(label.hex() if _is_odd(label) else label.decode() for label in labels(zone))
        return self._folder.path / "secondary" / f"{plain or 'root'}.zone"

    def _read(self, secondary: Secondary) -> None:
        """What an earlier process has kept; its time goes on from when it was confirmed."""
        name = secondary.zone
        self._courses[name] = Course()
        path = self._file(name)
        try:
            octets = path.read_bytes()
            zone = parse_master(octets, str(path), show(name))
            copy = dns.zone.from_text(octets.decode(), show(name), relativize=False)
        except FileNotFoundError:
            return
        except (OSError, ConfigError, dns.exception.DNSException, ValueError) as error:
            log.warning("%s cannot be read, and is copied anew: %s", path, error)
            return
        if zone.name != name:
            return
        confirmed = self._confirmed.get(show(name))
        at = float(confirmed) if isinstance(confirmed, int | float) else path.stat().st_mtime
        self._zones[name], self._copies[name] = zone, copy
        self._courses[name] = Course(timers=_timers(zone), confirmed=min(at, self._clock()))


def _checked(secondary: Secondary, copy: Copy, primary: str) -> tuple[Zone, bytes]:
    """The same checks as a master file's. Raises NotTransferred."""
    octets = copy.to_text(relativize=False).encode()
    try:
        zone = parse_master(octets, primary, show(secondary.zone))
    except ConfigError as error:
        raise NotTransferred(f"what {primary} sends cannot be served: {error.problems[0].message}") from None
    faults = [problem.message for problem in lint(zone, lambda _: zone.source) if not problem.is_warning]
    if faults or zone.name != secondary.zone:
        raise NotTransferred(f"what {primary} sends cannot be served: {[*faults, 'it is another zone'][0]}")
    return zone, octets


def _timers(zone: Zone) -> Timers:
    soa = zone.soa
    return Timers(serial=soa.serial or 0, refresh=soa.refresh, retry=soa.retry, expire=soa.expire)


def _is_odd(label: bytes) -> bool:
    return not all(octet in b"abcdefghijklmnopqrstuvwxyz0123456789-_" for octet in label)
