"""The keeping of loads: when answers are due, and what a restart finds."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from geodns.control.edition import Edition, refresh
from geodns.control.folder import StateFolder
from geodns.control.loads import LoadBook
from geodns.model.pool import Limit, PoolName
from geodns.model.verdict import CLEAR, Loads, MemberKey, PoolKey
from tests.control import samples
from tests.control.test_reports import WEB, Clock, result
from tests.control.waiting import until
from tests.values import ORIGIN, member, policy, pool, rule, zone

EU = replace(
    pool("eu", member("fra1", "192.0.2.1"), member("fra2", "192.0.2.2"), check=WEB),
    limit=Limit(target=8000.0, most=10_000.0),
)
US = pool("us", member("iad1", "192.0.2.11"))
ZONE = zone(steered={"www": "web"}, pools=[EU, US], policies=[policy(rule("eu", "us"), name="web", select="weighted")])
EU_KEY, FRA1 = (ORIGIN, PoolName("eu")), MemberKey(ORIGIN, PoolName("eu"), "fra1")


@dataclass
class World:
    """A book, and the edition that follows from it as control has it; `refused` publications fail first."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    edition: Edition = field(default_factory=lambda: samples.edition(ZONE))
    published: list[Collection[PoolKey]] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.book = LoadBook(StateFolder(self.folder), clock=self.clock)
        self.book.watch([ZONE])

    async def publish(self, pools: Collection[PoolKey]) -> None:
        if self.refused:
            self.refused -= 1
            raise OSError(28, "No space left on device")
        self.published.append(pools)
        self.edition = refresh(self.edition, replace(CLEAR, loads=self.book.loads()), pools)

    def look(self, load: float | None = None, after: float = 10.0) -> None:
        self.clock.now += after
        if load is not None:
            self.book.send(EU_KEY, load)
        asyncio.run(self.book.look(self.edition, self.publish))

    def shares(self) -> dict[str, float]:
        (plan,) = self.edition.plans
        (choice,) = plan.choices.values()
        return {str(name): round(float(share), 3) for name, share in choice.shares}


def test_a_pool_with_too_much_leaves_clients_to_the_next_one_step_by_step(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.look(9500)
    assert world.published == [{EU_KEY}]
    assert world.shares() == {"eu": 0.98, "us": 0.02}
    world.look(9500, after=3.0)
    assert len(world.published) == 1, "no step before its time"
    world.look(9500, after=7.0)
    assert world.shares() == {"eu": 0.96, "us": 0.04}
    for _ in range(30):
        world.look(5000)
    assert world.shares() == {}
    assert world.book.loads() == Loads()


def test_a_share_that_hardly_moves_makes_no_generation(tmp_path: Path) -> None:
    world = World(tmp_path)
    for _ in range(20):
        world.look(8900)
    assert world.published == []


def test_a_restart_sends_nobody_back(tmp_path: Path) -> None:
    world = World(tmp_path)
    for _ in range(3):
        world.look(12_000)
    kept = world.book.loads().kept[EU_KEY]
    assert round(kept, 6) == 0.7
    world.restart()
    assert world.book.loads().kept == {EU_KEY: kept}, "before anybody has reported anything"
    world.look()
    assert world.book.loads().kept[EU_KEY] <= kept, "and it goes on where it was"
    assert world.book.seen(world.edition)[EU_KEY].load == 12_000, "what was sent counts for its time"


def test_silence_holds_the_share_and_is_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.look(12_000)
    for _ in range(10):
        world.look()
    seen = world.book.seen(world.edition)[EU_KEY]
    assert (seen.load, round(seen.share, 3), seen.note) == (None, 0.708, "no report for 100 s: held")


def test_what_a_member_asks_for_follows_at_the_next_look(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.look(5000)
    world.book.hear(result(part=0.5))
    world.look(after=1.0)
    assert world.published == [{EU_KEY}]
    assert world.book.loads().eased == {FRA1: 0.5}
    world.restart()
    assert world.book.loads().eased == {FRA1: 0.5}


def test_what_could_not_be_published_is_tried_again(tmp_path: Path) -> None:
    world = World(tmp_path, refused=1)
    world.look(12_000)
    assert world.published == []
    world.look(after=1.0)
    assert world.published == [{EU_KEY}]


def test_a_pool_whose_target_was_taken_away_gets_its_clients_back_in_steps(tmp_path: Path) -> None:
    world = World(tmp_path)
    for _ in range(2):
        world.look(12_000)
    plain = zone(steered=None, pools=[replace(EU, limit=None), US], policies=[*ZONE.policies.values()])
    world.edition = samples.edition(replace(plain, steered=ZONE.steered))
    kept = []
    for _ in range(12):
        world.look()
        kept.append(round(world.book.loads().kept.get(EU_KEY, 1.0), 2))
    assert kept == [0.82, 0.84, 0.86, 0.88, 0.9, 0.92, 0.94, 0.96, 0.98, 1.0, 1.0, 1.0]


def test_a_pool_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.look(12_000)
    world.edition = samples.edition(
        zone(steered={"www": "web"}, pools=[US], policies=[policy(rule("us"), name="web", select="weighted")])
    )
    world.look()
    world.look()
    assert world.book.loads() == Loads()


def test_a_state_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    (tmp_path / "loads.json").mkdir()
    world.look(12_000)
    assert world.shares() == {"eu": 0.9, "us": 0.1}


def test_it_runs_until_it_is_cancelled_and_saves_at_its_end(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.book.send(EU_KEY, 12_000)

    async def scenario() -> None:
        running = asyncio.create_task(world.book.run(world.publish, lambda: world.edition))
        await until(lambda: bool(world.published))
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()

    asyncio.run(asyncio.wait_for(scenario(), 10))
    world.restart()
    assert world.book.loads().kept == {EU_KEY: 0.9}


def test_a_fault_in_one_look_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The publication breaks in a way that nobody has thought of; the next look comes all the same."""
    world = World(tmp_path)
    world.book = LoadBook(StateFolder(tmp_path), clock=world.clock, apart=0.01)
    world.book.send(EU_KEY, 12_000)
    tried: list[Collection[PoolKey]] = []

    async def broken(pools: Collection[PoolKey]) -> None:
        tried.append(pools)
        raise ZeroDivisionError

    async def scenario() -> None:
        running = asyncio.create_task(world.book.run(broken, lambda: world.edition))
        await until(lambda: bool(tried))
        await asyncio.sleep(0.05)
        assert not running.done()
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(asyncio.wait_for(scenario(), 10))
    assert "a fault in geodns; shares that follow load are held" in caplog.text
