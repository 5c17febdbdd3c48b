"""What a reload comes to while files, disks or code are broken."""

import asyncio
import threading
from pathlib import Path

import pytest

from geodns.config.server import Settings
from geodns.control.control import CannotStart, Control
from geodns.control.edition import Edition
from geodns.control.inputs import Inputs
from geodns.control.totals import Tallies
from geodns.control.workers import Workers
from geodns.model.verdict import Outlook
from tests.control.place import BROKEN, FRA1, ZONE, Place, drain, messages, run, served, stale_since
from tests.control.waiting import PATIENCE, until


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_broken_reload_keeps_the_last_edition_until_it_is_mended(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        before = control.edition
        place.zone.write_text(BROKEN)
        came = await control.reload()
        assert (came.ok, control.edition, control.publisher.generation) == (False, before, 1)
        assert "did you mean 'zone'?" in messages(control)
        since = stale_since(control)
        assert since is not None
        await control.reload()
        assert stale_since(control) == since, "it is as stale as it was at the first failure"
        place.zone.write_text(ZONE.replace("192.0.2.11", "192.0.2.12"))
        assert (await control.reload()).ok
        assert (control.is_degraded, stale_since(control), control.publisher.generation) == (False, None, 2)
        assert served(control) == {"192.0.2.10", "192.0.2.12"}

    run(scenario)


def test_while_degraded_verdicts_and_orders_go_on(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        place.zone.write_text(BROKEN)
        await control.reload()
        await control.override(FRA1, drain())
        assert served(control) == {"192.0.2.11"}
        assert (control.publisher.generation, control.is_degraded) == (2, True)

    run(scenario)


def test_a_state_folder_that_cannot_be_written_is_told_with_the_way_out(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        before = control.edition
        place.block()
        place.zone.write_text(ZONE.replace("192.0.2.11", "192.0.2.12"))
        came = await control.reload()
        assert (came.ok, control.edition, control.publisher.generation) == (False, before, 1)
        assert messages(control) == (
            f"{place.state.path}: the state folder cannot be written (File exists): make room there or mend its "
            "permissions, and try again; what was published before is served meanwhile"
        )
        place.unblock()
        assert (await control.reload()).ok
        assert served(control) == {"192.0.2.10", "192.0.2.12"}

    run(scenario)


def test_an_edition_that_could_not_be_published_is_not_probed_for(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        before = set(control.monitor.histories())
        place.block()
        place.zone.write_text(ZONE.replace("port: 9", "port: 10").replace("192.0.2.11", "192.0.2.12"))
        await control.reload()
        assert set(control.monitor.histories()) == before != set()

    run(scenario)


def test_with_a_state_folder_that_was_never_writable_there_is_no_start(place: Place) -> None:
    async def scenario() -> None:
        (place.state.path / "generations").write_text("no folder")
        with pytest.raises(CannotStart):
            await place.control().start()

    run(scenario)


def test_a_fault_of_ours_ends_no_more_than_the_reload(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        before, place.settings = control.edition, Settings(zones=(None,))  # type: ignore[arg-type]
        came = await control.reload()
        assert (came.ok, control.edition, control.is_degraded) == (False, before, True)
        assert "this is a fault in geodns, please report it with the log" in messages(control)

    run(scenario)
    assert "Traceback" in caplog.text


class Slow(Control):
    """Whose compiling waits for a gate."""

    begun: threading.Event
    gate: threading.Event

    def _compile(self, inputs: Inputs, outlook: Outlook) -> Edition:
        self.begun.set()
        assert self.gate.wait(PATIENCE)
        return super()._compile(inputs, outlook)


def test_a_reload_that_takes_long_holds_up_nobody_and_forgets_nothing_that_came_meanwhile(place: Place) -> None:
    async def scenario() -> None:
        control = Slow(lambda: place.settings, place.state, Workers([]), Tallies([]), first_verdicts=0)
        control.begun, control.gate = threading.Event(), threading.Event()
        control.gate.set()
        await control.start()
        control.gate.clear()
        control.begun.clear()
        place.zone.write_text(ZONE.replace("192.0.2.11", "192.0.2.12"))
        reloading = asyncio.create_task(control.reload())
        await until(control.begun.is_set)
        await control.override(FRA1, drain())
        assert served(control) == {"192.0.2.11"}, "in force before the reload has ended"
        control.gate.set()
        assert (await reloading).ok
        assert served(control) == {"192.0.2.12"}, "and after it"

    run(scenario)
