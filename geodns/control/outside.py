"""Names outside → addresses, kept fresh: the asyncio edge of geodns.resolution.

    zones ─ watch ─▶ questions ─ asker ─▶ outcomes ─ resolution ─▶ addresses ─▶ the pools whose plans are due

Each name is asked for when its last answer's time is over, whether anybody asks us or not. What came last is in the
state folder, so that a restart where no resolver answers serves it on.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from geodns.control.asker import Asker
from geodns.control.folder import StateFolder
from geodns.control.gathering import RETRY, Gathering, Publish
from geodns.model.endpoint import Endpoint
from geodns.model.name import Name, show
from geodns.model.outside import Question, Resolved, ResolvedBy
from geodns.model.pool import ADDRESS_FAMILIES, Pool
from geodns.model.verdict import PoolKey
from geodns.model.zone import Zone
from geodns.resolution import saved
from geodns.resolution.course import Course, heard, served
from geodns.resolution.outcome import Denied, Failed, Found, Outcome

log = logging.getLogger(__name__)

AT_ONCE = 32  # questions under way
SAVE = 60.0  # seconds, at most, until an answer that changed nothing is in the state folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """Who leads to a name: pools, and our own names whose policies name these."""

    pools: frozenset[PoolKey]
    owners: frozenset[Name]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideView:
    """One question, as operators want to see it. `resolved` None: nothing is known, SERVFAIL."""

    name: Name
    rtype: str
    users: Users
    resolved: Resolved | None
    course: Course
    is_stale: bool


class OutsideBook:
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
        self._asker = Asker(())
        self._stale = 0.0
        self._users: Mapping[Name, Users] = {}
        self._courses: dict[Question, Course] = {}
        self._resolved: ResolvedBy = {}
        self._saved = saved.from_json(folder.read("outside"))
        self._under_way: dict[Question, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._stirred = asyncio.Event()  # what is to be asked has changed
        self._gathering = Gathering()
        self._changed = asyncio.Event()
        self._save_at = float("inf")
        self.outcomes = {"found": 0, "denied": 0, "failed": 0}  # since the start

    def __repr__(self) -> str:
        return f"<OutsideBook {len(self._courses)} questions, {self._asker!r}>"

    def watch(self, zones: Iterable[Zone], resolvers: Sequence[Endpoint], stale: float) -> None:
        """From now on these zones' names outside are asked for; those that stay keep what is known of them."""
        if self._asker.servers != tuple(resolvers):
            self._asker = Asker(resolvers)
        self._stale = stale
        self._users = users_of(zones)
        known = {**self._saved, **self._courses}
        questions = [(name, family) for name in self._users for family in ADDRESS_FAMILIES]
        self._courses = {question: known.get(question, Course()) for question in questions}
        now = self._clock()
        found = ((question, served(course, now, stale)) for question, course in self._courses.items())
        self._resolved = {question: resolved for question, resolved in found if resolved is not None}
        self._stirred.set()

    async def get_to_know(self, within: float) -> None:
        """Asks for those of whom nothing is known, so that the very first answers have their addresses."""
        new = [question for question, course in self._courses.items() if course == Course()]
        if new and within > 0:
            await asyncio.wait([self._begin(question) for question in new], timeout=within)
            await asyncio.to_thread(self._save)

    def resolved(self) -> ResolvedBy:
        """As answers are to have them."""
        return self._resolved

    def known(self) -> ResolvedBy:
        """As copies of zones are to have them: the same addresses, whose TTL is not shortened while nobody answers."""
        courses = self._courses
        return {
            each: known for each in self._resolved if each in courses and (known := courses[each].known) is not None
        }

    def views(self) -> Iterator[OutsideView]:
        now = self._clock()
        for (name, family), course in self._courses.items():
            yield OutsideView(
                name=name,
                rtype=family.rtype,
                users=self._users[name],
                resolved=served(course, now, self._stale),
                course=course,
                is_stale=course.is_stale(now),
            )

    async def run(self, publish: Publish) -> None:
        """Until cancelled. `publish` is awaited with the pools whose answers may have changed."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._ask_when_due())
                tasks.create_task(self._publish_changes(publish))
        finally:
            for task in self._under_way.values():
                task.cancel()
            self._save()

    # ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _ask_when_due(self) -> None:
        while True:
            self._stirred.clear()
            now = self._clock()
            idle = {question: each for question, each in self._courses.items() if question not in self._under_way}
            for question in [question for question, course in idle.items() if course.ask_at <= now]:
                self._begin(question)
                del idle[question]
            soonest = min((course.ask_at for course in idle.values()), default=None)
            with suppress(TimeoutError):
                async with asyncio.timeout(None if soonest is None else max(0.0, soonest - now)):
                    await self._stirred.wait()

    def _begin(self, question: Question) -> "asyncio.Task[None]":
        """One at a time for each question; who comes later waits for the same."""
        if question not in self._under_way:
            self._under_way[question] = asyncio.create_task(self._ask(question))
        return self._under_way[question]

    async def _ask(self, question: Question) -> None:
        name, family = question
        try:
            async with self._slots:
                users = self._users.get(name)  # a reload may leave it out at any time
                outcome = await self._asker.ask(name, family, users.owners if users is not None else ())
        except Exception as error:  # a fault of ours must not end the asking
            log.exception("a fault in geodns")
            outcome = Failed(repr(error))
        finally:
            del self._under_way[question]
            self._stirred.set()
        self.take(question, outcome)

    def take(self, question: Question, outcome: Outcome) -> None:
        """What came of a question."""
        before = self._courses.get(question)
        if before is None:  # a reload has left it out meanwhile
            return
        now = self._clock()
        after = heard(before, outcome, now, self._chance())
        self._courses[question] = after
        self.outcomes[_KINDS[type(outcome)]] += 1
        _tell(question, before, after, now, self._stale)
        self._save_at = min(self._save_at, now + SAVE)
        self._follow(question, served(after, now, self._stale))
        self._changed.set()

    def _follow(self, question: Question, resolved: Resolved | None) -> None:
        """Another one than before: the plans are due. Whoever compiles now has the mapping that stays as it is."""
        if resolved == self._resolved.get(question):
            return
        others = {key: each for key, each in self._resolved.items() if key != question}
        self._resolved = others if resolved is None else {**others, question: resolved}
        self._gathering.flipped(self._users[question[0]].pools, time.monotonic())

    # ── publishing ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _publish_changes(self, publish: Publish) -> None:
        while True:
            self._changed.clear()
            if pools := self._gathering.take(time.monotonic()):
                await self._publish(pools, publish)
                continue
            if self._clock() >= self._save_at:
                await asyncio.to_thread(self._save)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._until_next()):
                    await self._changed.wait()

    def _until_next(self) -> float | None:
        due = self._gathering.due
        waits = [] if due is None else [due - time.monotonic()]
        if self._save_at < float("inf"):
            waits.append(self._save_at - self._clock())
        return max(0.0, min(waits)) if waits else None

    async def _publish(self, pools: Collection[PoolKey], publish: Publish) -> None:
        """Saved first: an answer that a restart would forget is not given. Where the disk refuses a generation, workers
        keep the old answers, and it is tried again."""
        await asyncio.to_thread(self._save)
        try:
            await publish(pools)
        except OSError as error:
            log.error("ALARM: addresses of names outside cannot be published: %s; trying again in %g s", error, RETRY)
            self._gathering.refused(pools, time.monotonic() + RETRY)

    def _save(self) -> None:
        """A state folder that cannot be written costs no more than what a restart would know."""
        self._save_at = float("inf")
        if not self._courses and not self._saved:
            return
        try:
            self._folder.write("outside", saved.to_json(self._courses))
            self._saved = {}
        except OSError as error:
            log.error("addresses of names outside cannot be saved: %s", error)


_KINDS: Mapping[type[Outcome], str] = {Found: "found", Denied: "denied", Failed: "failed"}


def users_of(zones: Iterable[Zone]) -> dict[Name, Users]:
    """By the name outside that they lead to."""
    pools: dict[Name, set[PoolKey]] = {}
    owners: dict[Name, set[Name]] = {}
    for zone in zones:
        led = {name: set(_led_to(pool)) for name, pool in zone.pools.items()}
        for pool, names in led.items():
            for name in names:
                pools.setdefault(name, set()).add((zone.name, pool))
        if any(led.values()):
            by_policy = {
                each.name: {name for pool in each.pools() for name in led[pool]} for each in zone.policies.values()
            }
            for owner, policy in zone.steered.items():
                for name in by_policy[policy]:
                    owners.setdefault(name, set()).add(owner)
    return {
        name: Users(pools=frozenset(users), owners=frozenset(owners.get(name, ()))) for name, users in pools.items()
    }


def _led_to(pool: Pool) -> Iterator[Name]:
    return (member.outside for leaf in pool.leaves() for member in leaf.members if member.outside is not None)


def _tell(question: Question, before: Course, after: Course, now: float, stale: float) -> None:
    """In the log: other addresses, the first of some failures, and when an answer has come to its end."""
    what = f"{show(question[0])} {question[1].rtype}"
    was, known = served(before, now, stale), served(after, now, stale)
    if after.known is not None and after.known != before.known and not after.failures:
        log.info("%s is %s, ttl %d", what, _shown(after.known), after.known.ttl)
    elif before.failures and not after.failures:
        log.info("%s is resolved again", what)
    if after.failures == 1:
        goes_on = "the last answer goes on" if known is not None else "nothing is known of it"
        log.warning("%s cannot be resolved: %s; %s", what, after.trouble, goes_on)
    elif was is not None and known is None:
        log.error("ALARM: %s has not been resolved for too long: %s; its addresses are given up", what, after.trouble)


def _shown(resolved: Resolved) -> str:
    return ", ".join(map(str, resolved.addresses)) or "without addresses"
