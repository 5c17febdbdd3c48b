"""Verdicts become generations: collected, written down first, and tried again. Probes are values; nothing is sent."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from geodns.control.folder import StateFolder
from geodns.control.journal import Journal
from geodns.control.monitor import Monitor
from geodns.model.check import Check, Heard, ProbeFailed, Result, Target
from geodns.model.place import Address
from geodns.model.verdict import PoolKey, Verdict
from geodns.model.zone import Zone
from tests.control.waiting import PATIENCE, until
from tests.values import ORIGIN, check, member, pool, zone

A, B, C = (ip_address(f"192.0.2.{n}") for n in (1, 2, 3))


@dataclass(frozen=True, eq=False)
class Backends:
    """Probes whose outcome a test sets: `failing` addresses fail, and while `gate` is shut nobody answers."""

    failing: set[Address] = field(default_factory=set)
    asked: set[Address] = field(default_factory=set)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, address: Address) -> Heard:
        self.asked.add(address)
        await self.gate.wait()
        if address in self.failing:
            raise ProbeFailed("connection refused")
        return Heard("connected")


@dataclass
class World:
    """A monitor that runs, and what it published; `refused` publications fail before one is taken."""

    monitor: Monitor
    backends: Backends
    check: Check
    folder: StateFolder
    published: list[Collection[PoolKey]] = field(default_factory=list)
    written: list[dict[str, object]] = field(default_factory=list)
    refused: int = 0

    async def publish(self, pools: Collection[PoolKey]) -> None:
        self.written.append(Journal(self.folder, "verdicts").read())
        self.published.append(pools)
        if self.refused:
            self.refused -= 1
            raise OSError(28, "No space left on device")

    async def all_asked(self, *addresses: Address) -> None:
        """So that what they answer comes at once when the gate opens."""
        await until(lambda: self.backends.asked >= set(addresses))

    async def publications(self, count: int) -> None:
        await until(lambda: len(self.published) >= count)

    def verdict(self, address: Address) -> Verdict | None:
        standing = self.monitor.standings().get(Target(self.check, address))
        return standing.verdict if standing else None


def zone_of(web: Check) -> Zone:
    return zone(
        pools=[
            pool("eu", member("fra1", str(A)), member("fra2", str(B)), check=web),
            pool("us", member("iad1", str(C)), check=web),
            pool("static", member("x", "192.0.2.99")),
        ]
    )


def watching(folder: Path, scenario: Callable[[World], Coroutine[None, None, None]], *, fall: int = 1) -> Monitor:
    """The scenario runs beside the monitor, which is then cancelled."""

    async def run() -> Monitor:
        backends = Backends()
        web = replace(check(interval=0.05, rise=1, fall=fall), probe=backends, timeout=PATIENCE)
        state = StateFolder(folder)
        monitor = Monitor(state, retry=0.05)
        monitor.watch([zone_of(web)], False)
        world = World(monitor, backends, web, state)
        running = asyncio.create_task(monitor.run(world.publish))
        try:
            await scenario(world)
        finally:
            running.cancel()
            await asyncio.wait([running])
        assert running.cancelled()
        return monitor

    return asyncio.run(run())


EU, US = (ORIGIN, "eu"), (ORIGIN, "us")


def test_flips_that_come_together_are_one_publication(tmp_path: Path) -> None:
    async def scenario(world: World) -> None:
        world.backends.failing.update([A, C])
        await world.all_asked(A, B, C)
        world.backends.gate.set()
        await world.publications(1)
        assert set(world.published[0]) == {EU, US}
        assert [world.verdict(each) for each in (A, B, C)] == [Verdict.DOWN, Verdict.UP, Verdict.DOWN]

    watching(tmp_path, scenario)


def test_only_pools_whose_verdicts_changed_are_published(tmp_path: Path) -> None:
    async def scenario(world: World) -> None:
        await world.all_asked(A, B, C)
        world.backends.gate.set()
        await world.publications(1)
        world.backends.failing.add(C)
        await world.publications(2)
        assert world.published == [{EU, US}, {US}]

    watching(tmp_path, scenario)


def test_verdicts_are_written_down_before_answers_follow_from_them(tmp_path: Path) -> None:
    async def scenario(world: World) -> None:
        world.backends.failing.add(A)
        await world.all_asked(A, B, C)
        world.backends.gate.set()
        await world.publications(1)
        entry = world.written[0][f"example.com./web@{A}"]
        assert isinstance(entry, dict)
        assert (entry["verdict"], entry["detail"]) == ("down", "connection refused")

    watching(tmp_path, scenario)


def test_a_verdict_that_could_flip_sooner_is_published_without_a_flip(tmp_path: Path) -> None:
    """The TTL of an answer follows from it."""

    async def scenario(world: World) -> None:
        await world.all_asked(A, B, C)
        world.backends.gate.set()
        await world.publications(1)
        target = Target(world.check, C)
        calm = world.monitor.standings()[target]
        world.backends.failing.add(C)
        await until(lambda: world.monitor.standings()[target] != calm)
        world.backends.gate.clear()  # no further result
        await world.publications(2)
        assert world.published[1] == {US}
        standing = world.monitor.standings()[target]
        assert standing.verdict is Verdict.UP
        assert standing.flip_in < calm.flip_in

    watching(tmp_path, scenario, fall=10_000)


def test_what_cannot_be_published_is_tried_again_until_it_is_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(world: World) -> None:
        world.refused = 2
        world.backends.failing.update([A, C])
        await world.all_asked(A, B, C)
        world.backends.gate.set()
        await world.publications(3)
        assert [set(pools) for pools in world.published[:3]] == [{EU, US}] * 3

    with caplog.at_level(logging.ERROR):
        watching(tmp_path, scenario)
    assert "ALARM: verdicts cannot be published" in caplog.text
    assert "No space left on device; trying again in 0.05 s" in caplog.text


def test_verdicts_that_cannot_be_written_down_are_published_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")

    async def scenario(world: World) -> None:
        world.backends.failing.add(A)
        world.backends.gate.set()
        await world.publications(1)

    watching(blocked, scenario)
    assert "verdicts cannot be saved: " in caplog.text


def test_a_restart_remembers_who_was_down_before_anybody_is_asked(tmp_path: Path) -> None:
    async def scenario(world: World) -> None:
        world.backends.failing.add(A)
        world.backends.gate.set()
        await until(lambda: world.verdict(A) is Verdict.DOWN)

    first = watching(tmp_path, scenario)  # ends before the flip is published
    target = next(target for target in first.standings() if target.address == A)
    after = Monitor(StateFolder(tmp_path))
    assert after.standings() == {}
    after.watch([zone_of(target.check)], False)
    assert after.standings()[target].verdict is Verdict.DOWN


def test_a_reload_keeps_the_verdicts_of_targets_that_stay(tmp_path: Path) -> None:
    async def scenario(world: World) -> None:
        world.backends.failing.add(A)
        world.backends.gate.set()
        await until(lambda: all(world.verdict(each) for each in (A, B, C)))
        fewer = zone(pools=[pool("eu", member("renamed", str(A)), check=world.check)])
        world.monitor.watch([fewer], False)
        assert {target.address: each.verdict for target, each in world.monitor.standings().items()} == {A: Verdict.DOWN}
        assert list(world.monitor.histories()) == [Target(world.check, A)]

    watching(tmp_path, scenario)


def test_every_result_is_heard(tmp_path: Path) -> None:
    heard: list[Result] = []

    async def scenario() -> None:
        backends = Backends(failing={C})
        backends.gate.set()
        web = replace(check(interval=0.05), probe=backends)
        monitor = Monitor(StateFolder(tmp_path), heard.append)
        monitor.watch([zone_of(web)], False)
        publish: Callable[[Collection[PoolKey]], Awaitable[None]] = World(
            monitor, backends, web, StateFolder(tmp_path)
        ).publish
        running = asyncio.create_task(monitor.run(publish))
        await until(lambda: {result.target.address for result in heard} == {A, B, C})
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(scenario())
    assert {(result.target.address, result.ok, result.detail) for result in heard} >= {
        (A, True, "connected"),
        (C, False, "connection refused"),
    }


def test_before_it_watches_it_knows_nothing(tmp_path: Path) -> None:
    monitor = Monitor(StateFolder(tmp_path))
    assert (monitor.isolated, monitor.standings(), monitor.histories()) == ("", {}, {})
