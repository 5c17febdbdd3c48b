"""The pace of all pools: kept up, kept on disk, and published when its time comes."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

from geodns.control.control import Control
from geodns.control.pacing import Pacing, from_json, to_json
from geodns.model.check import Result, Target
from geodns.model.pool import Family, PoolName, Ramp
from geodns.model.verdict import Outlook, Pace, Pause, Standing, Verdict
from tests.control.place import ZONE, Place, run, served
from tests.control.waiting import PATIENCE, until
from tests.values import ORIGIN, check, member, of_pools, pool, zone

CHECK = check()
EU = pool("eu", member("a", "192.0.2.1"), check=CHECK, hold_down=60.0)
US = pool("us", member("b", "192.0.2.2"), check=CHECK)
SITE = of_pools("site", (EU, 1), (US, Ramp(low=0.0, high=1.0, start=0.0, over=1000.0)))
HELD, RAMPED = (ORIGIN, PoolName("eu"), Family.IPV4), (ORIGIN, PoolName("site"), PoolName("us"))
SOME = Pace(back={HELD: 5.5, (ORIGIN, PoolName("eu"), Family.IPV6): None}, pauses={RAMPED: Pause(0.0, 3.0, 9.0)})


def seen(now: float, *down: str) -> Outlook:
    return Outlook({Target(CHECK, ip_address(each)): Standing(Verdict.DOWN, 1e9) for each in down}, {}, now=now)


def watching(pace: Pace | None = None) -> Pacing:
    pacing = Pacing(pace or Pace())
    pacing.watch([zone(pools=[EU, US, SITE])])
    return pacing


def test_a_change_of_a_pool_is_one_of_those_that_are_made_of_it() -> None:
    pacing = watching()
    assert pacing.advance(seen(10.0, "192.0.2.1", "192.0.2.2"), [(ORIGIN, US.name)]).pace == Pace(
        pauses={RAMPED: Pause(0.0, 0.0, 10.0)}
    )
    assert pacing.advance(seen(20.0, "192.0.2.1", "192.0.2.2"), [(ORIGIN, EU.name)]).pace == Pace(
        back={HELD: None}, pauses={RAMPED: Pause(0.0, 0.0, 10.0)}
    )


def test_of_pools_that_are_gone_nothing_is_remembered() -> None:
    pacing = watching(SOME)
    pacing.watch([zone(pools=[EU])])
    assert pacing.pace == Pace(back=SOME.back)


def test_pools_that_are_due_together_are_told_together() -> None:
    pacing = Pacing(Pace(back={HELD: 0.0}))
    other = of_pools("other", (US, 1), (EU, Ramp(low=0.0, high=1.0, start=50.0, over=2000.0)))
    pacing.watch([zone(pools=[EU, US, SITE, other])])
    outlook = pacing.advance(seen(30.0))
    assert pacing.next_change(outlook) == (5.0, frozenset({(ORIGIN, SITE.name)}))
    assert pacing.next_change(pacing.advance(seen(55.0))) == (
        5.0,
        frozenset((ORIGIN, each.name) for each in (EU, SITE, other)),
    )


def test_it_is_the_same_after_a_restart() -> None:
    assert from_json(to_json(SOME)) == SOME


@pytest.mark.parametrize("damaged", [{}, {"back": 7}, {"back": [7, ["x"], ["..", "eu", "A", 1.0]], "pauses": [[]]}])
def test_what_is_damaged_is_passed_over(damaged: dict[str, object]) -> None:
    assert from_json(damaged) == Pace()


# ── in control ────────────────────────────────────────────────────────────────────────────────────────────────────

TWO = ZONE.replace(
    "  eu: {check: web, members: {fra1: {A: 192.0.2.10}, fra2: {A: 192.0.2.11}}}",
    "  eu: {check: web, hold_down: 1h, members: {fra1: {A: 192.0.2.10}}}\n  us: {members: {iad1: {A: 192.0.2.20}}}",
).replace("pools: [eu]", "pools: [eu, us]")


def hear(control: Control, ok: bool) -> None:
    assert control.edition is not None
    [target] = control.edition.inputs.zones[0].pools[PoolName("eu")].targets()
    for _ in range(3):
        control.monitor.hear(Result(target, ok, 0.001, "told"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@asynccontextmanager
async def running(place: Place) -> AsyncIterator[Control]:
    control = place.control()
    await control.start()
    task = asyncio.create_task(control.run())
    try:
        yield control
    finally:
        task.cancel()
        await asyncio.wait([task])


def test_a_restart_does_not_send_clients_back_to_a_pool_too_soon(place: Place) -> None:
    place.zone.write_text(TWO)

    async def fail_and_recover() -> None:
        async with running(place) as control:
            hear(control, False)
            await until(lambda: served(control) == {"192.0.2.20"})
            hear(control, True)
            await until(lambda: None not in control.timekeeper.pace.back.values())
            assert served(control) == {"192.0.2.20"}

    async def start_again() -> None:
        control = place.control()
        await control.start()
        assert served(control) == {"192.0.2.20"}
        [since] = control.timekeeper.pace.back.values()
        assert since is not None
        assert time.time() - 2 * PATIENCE < since <= time.time()

    run(fail_and_recover)
    run(start_again)


def test_a_pace_that_cannot_be_written_down_is_not_followed(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.zone.write_text(TWO)

    async def scenario() -> None:
        async with running(place) as control:
            (place.state.path / "pace.json").mkdir()
            hear(control, False)
            await until(lambda: "verdicts cannot be published" in caplog.text)
            assert served(control) == {"192.0.2.10"}
            (place.state.path / "pace.json").rmdir()
            await until(lambda: served(control) == {"192.0.2.20"})

    with caplog.at_level(logging.ERROR):
        run(scenario)


def test_a_schedule_is_followed_when_its_time_comes(place: Place) -> None:
    soon = datetime.fromtimestamp(time.time() + 0.5, UTC).isoformat()
    place.zone.write_text(
        TWO.replace("us: {members", "us: {when: now, members")
        .replace("pools: [eu, us]", "pools: [us, eu]")
        .replace("pools:\n", f'schedules:\n  now: {{from: "{soon}", for: 1h}}\npools:\n', 1)
    )

    async def scenario() -> None:
        async with running(place) as control:
            assert served(control) == {"192.0.2.10"}
            await until(lambda: served(control) == {"192.0.2.20"})

    run(scenario)
