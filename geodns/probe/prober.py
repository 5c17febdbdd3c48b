"""Asks every target in its rhythm and reports what came of it. The asyncio edge: who is due is for `schedule` to say.

Rules:
- A probe that does not end within its check's timeout is a failure; so is one that breaks, with its error's type.
- A target is never asked twice at once: while a probe is under way, its next beats are left out.
- Where this process itself got no CPU for much of a probe's timeout, silence says nothing of the member: no result.
- At most `slots` probes run at once. With no slot free nobody starts, and beats are left out rather than piled up.
"""

import asyncio
import logging
import resource
import time
from collections.abc import Callable, Collection
from contextlib import suppress

from geodns.model.check import Heard, ProbeFailed, Result, Target
from geodns.probe.schedule import Schedule

log = logging.getLogger(__name__)

BEAT = 0.005  # seconds, at least, between two looks at the schedule: one timer for all that are due in it
LOOK = 0.25  # seconds, at most: so it is noticed in time where this process got no CPU
TELL_EVERY = 60.0  # seconds
_MOST_SLOTS = 4000  # 1,000 probes a second that all take 3 s to time out, and some more


class Prober:
    """Probes the watched targets until it is cancelled. `clock` in seconds, never backwards."""

    def __init__(
        self, report: Callable[[Result], None], *, clock: Callable[[], float] = time.monotonic, slots: int | None = None
    ) -> None:
        self._report = report
        self._clock = clock
        self._schedule = Schedule()
        self._changed = asyncio.Event()
        self._slots = asyncio.Semaphore(slots or default_slots())
        self._under_way: set[Target] = set()
        self._held_up = 0.0  # seconds that we woke too late, all told
        self.passed_over = 0  # timeouts that were ours
        self._told_at = float("-inf")

    def __repr__(self) -> str:
        return f"<Prober {len(self._under_way)} under way, {self._schedule!r}>"

    def watch(self, targets: Collection[Target]) -> None:
        """From now on these and no others. What is under way for a target that left ends without a report."""
        self._schedule.retarget(targets, self._clock())
        self._changed.set()

    async def ask_once(self, targets: Collection[Target], within: float) -> None:
        """Each of them once and at once, beside their rhythm. Returns when all have answered or `within` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within), asyncio.TaskGroup() as group:
                for target in targets:
                    await self._slots.acquire()
                    self._start(group, target)

    async def run(self) -> None:
        """Until cancelled; then the probes under way are cancelled too."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._slots.acquire()
                self._start(group, await self._next_due())

    def _start(self, group: asyncio.TaskGroup, target: Target) -> None:
        """In the slot that the caller has taken. It comes free even where the probe is cancelled before it begins."""
        if target in self._under_way:
            self._slots.release()
            return
        self._under_way.add(target)

        def ended(_: "asyncio.Task[None]") -> None:
            self._under_way.discard(target)
            self._slots.release()

        group.create_task(self._probe(target)).add_done_callback(ended)

    async def _next_due(self) -> Target:
        while True:
            target = self._schedule.take(self._clock())
            if target is None:
                await self._wait_for_beat()
            elif target not in self._under_way:
                return target

    async def _wait_for_beat(self) -> None:
        """Until somebody is due, or the targets have changed."""
        self._changed.clear()
        next_at = self._schedule.next_at()
        now = self._clock()
        delay = None if next_at is None else min(LOOK, max(BEAT, next_at - now))
        try:
            async with asyncio.timeout(delay):
                await self._changed.wait()
        except TimeoutError:
            self._held_up += self._clock() - now - (delay or 0.0)

    async def _probe(self, target: Target) -> None:
        started, held_up = self._clock(), self._held_up
        ok, heard = await ask(target)
        took = self._clock() - started
        if not ok and is_our_silence(took, self._held_up - held_up, target.check.timeout):
            self._pass_over()
        elif target in self._schedule:
            self._report(Result(target, ok, took, heard.detail, heard.load, heard.part))

    def _pass_over(self) -> None:
        self.passed_over += 1
        if self._clock() - self._told_at >= TELL_EVERY:
            self._told_at = self._clock()
            log.warning(
                "too little CPU to probe in time: %d timeouts so far were this host's, and are not counted against "
                "members; give it more CPU, or checks longer intervals",
                self.passed_over,
            )


async def ask(target: Target) -> tuple[bool, Heard]:
    """One probe, with whatever may go wrong in it: whether it passed, and what was heard."""
    timeout = target.check.timeout
    try:
        async with asyncio.timeout(timeout):
            return True, await target.check.probe.ask(target.address)
    except ProbeFailed as failed:
        return False, Heard(str(failed))
    except TimeoutError:
        return False, Heard(f"timed out after {timeout:g} s")
    except Exception as error:  # a fault of ours in one probe must not end all the others
        return False, Heard(f"probe broke: {type(error).__name__}: {error}")


def is_our_silence(took: float, held_up: float, timeout: float) -> bool:
    """Whether a failed probe timed out while we were held up for half of its time or longer. All in seconds."""
    return took >= timeout and held_up >= timeout / 2


def default_slots() -> int:
    """As many as the open files allow, with half of them left for the rest of the process."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_SLOTS if allowed < 0 else max(1, min(_MOST_SLOTS, allowed // 2))
