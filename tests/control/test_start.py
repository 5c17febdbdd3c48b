"""What a start comes to: while all is well, while files or disks are broken, and after a restart."""

import socket
from ipaddress import ip_address
from pathlib import Path

import pytest

from geodns.control.control import CannotStart
from geodns.serve.messages import Publish
from tests.admin.standins import channel_ends
from tests.control.place import BROKEN, FRA1, ZONE, Place, drain, run, served
from tests.control.test_workers import heard
from tests.control.waiting import PATIENCE


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_start_publishes_and_tells_the_workers(place: Place) -> None:
    async def scenario() -> None:
        with channel_ends() as (theirs, ours):
            control = place.control(ours)
            await control.start()
            control.workers.close()
            assert heard(theirs) == [Publish(1)]
            assert (control.publisher.generation, control.is_degraded, control.degraded_since) == (1, False, None)
            assert served(control) == {"192.0.2.10", "192.0.2.11"}

    run(scenario)


def test_with_broken_files_and_nothing_from_before_there_is_no_start(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        place.zone.write_text(BROKEN)
        with pytest.raises(CannotStart, match="there is nothing to serve: mend the problems above"):
            await place.control().start()

    run(scenario)
    assert f"{place.zone}:1:1: unknown key 'zoen'; did you mean 'zone'?" in caplog.text


def test_with_broken_files_the_last_generation_is_served_and_that_is_said(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        await place.control().start()
        place.zone.write_text(BROKEN)
        with channel_ends() as (theirs, ours):
            control = place.control(ours)
            await control.start()
            control.workers.close()
            assert heard(theirs) == [Publish(1)]
        assert (control.publisher.generation, control.is_degraded, control.edition) == (1, True, None)
        assert control.degraded_since is not None
        with pytest.raises(LookupError, match="there is no good configuration to explain from"):
            control.explain("www.example.com", "A", ip_address("192.0.2.1"))
        await control.override(FRA1, drain())
        assert control.publisher.generation == 1, "there is no edition that it could be compiled into"

    run(scenario)
    assert "DEGRADED: generation 1 from before is served until they are mended" in caplog.text


def test_a_restart_goes_on_with_serials_slots_and_what_operators_said(place: Place) -> None:
    async def scenario() -> None:
        first = place.control()
        await first.start()
        await first.override(FRA1, drain())
        place.zone.write_text(ZONE.replace("example.com", "an.example.com") + "# another zone\n")
        await first.reload()
        place.zone.write_text(ZONE)
        again = place.control()
        await again.start()
        assert again.edition is not None
        assert first.edition is not None
        assert served(again) == {"192.0.2.11"}
        assert again.publisher.generation == 4
        assert again.publisher.ledgers.zones.labels == ("example.com.", "an.example.com.")
        assert again.orders.overrides == first.orders.overrides

    run(scenario)


def test_a_backend_that_is_dead_is_not_in_the_very_first_answers(place: Place) -> None:
    async def scenario() -> None:
        with socket.create_server(("127.0.0.21", 0)) as alive:
            port = alive.getsockname()[1]
            zone = ZONE.replace("port: 9", f"port: {port}")
            place.zone.write_text(zone.replace("192.0.2.10", "127.0.0.21").replace("192.0.2.11", "127.0.0.22"))
            control = place.control(first_verdicts=PATIENCE)
            await control.start()
            assert (control.publisher.generation, served(control)) == (1, {"127.0.0.21"})

    run(scenario)
