"""What operators say through the API: kept first, then published, and all or nothing."""

import asyncio
import json
import logging
import time
from pathlib import Path

import pytest

from geodns.model.verdict import MemberKey
from tests.control.place import FRA1, Place, drain, run, served
from tests.control.waiting import until


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_an_order_is_published_before_it_returns_and_so_is_its_end(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        await control.override(FRA1, drain())
        assert (served(control), control.publisher.generation) == ({"192.0.2.11"}, 2)
        await control.override(FRA1, None)
        assert (served(control), control.publisher.generation) == ({"192.0.2.10", "192.0.2.11"}, 3)
        assert place.state.read("overrides") == {"overrides": []}

    run(scenario)


def test_an_order_that_changes_no_answer_is_kept_without_a_generation(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        await control.override(MemberKey(FRA1.zone, FRA1.pool, "gone"), drain())
        assert control.publisher.generation == 1
        assert [key.member for key in control.orders.overrides] == ["gone"]

    run(scenario)


def test_an_order_that_cannot_be_published_leaves_all_as_it_was(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        place.block()
        with pytest.raises(OSError, match="File exists"):
            await control.override(FRA1, drain())
        assert control.orders.overrides == {}
        assert place.state.read("overrides") == {"overrides": []}
        place.unblock()
        await control.override(FRA1, drain())
        place.block()
        with pytest.raises(OSError, match="File exists"):
            await control.override(FRA1, None)
        assert list(control.orders.overrides) == [FRA1], "it can be taken back once there is room"

    run(scenario)


def test_an_order_that_cannot_be_written_down_is_not_followed(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        (place.state.path / "overrides.json").mkdir()
        with pytest.raises(OSError, match="directory"):
            await control.override(FRA1, drain())
        assert (control.orders.overrides, served(control)) == ({}, {"192.0.2.10", "192.0.2.11"})

    run(scenario)


def test_an_override_ends_by_itself(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        running = asyncio.create_task(control.run())
        await control.override(FRA1, drain(time.time() + 0.2))
        await until(lambda: control.orders.overrides == {} and served(control) == {"192.0.2.10", "192.0.2.11"})
        assert place.state.read("overrides") == {"overrides": []}
        running.cancel()
        await asyncio.wait([running])

    run(scenario)


def test_an_end_that_cannot_be_published_does_not_end_control(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        await control.override(FRA1, drain())
        control.orders.overrides = {FRA1: drain(time.time())}  # as if time had gone by
        place.block()
        running = asyncio.create_task(control.run())
        await until(lambda: "an override is over but stays in the answers" in caplog.text)
        assert not running.done()
        assert list(control.orders.overrides) == [FRA1]
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()

    with caplog.at_level(logging.ERROR):
        run(scenario)


def test_what_is_written_down_of_an_order_is_plain_json(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        await control.override(FRA1, drain())

    run(scenario)
    (entry,) = json.loads((place.state.path / "overrides.json").read_text())["overrides"]
    assert (entry["zone"], entry["pool"], entry["member"], entry["state"]) == ("example.com.", "eu", "fra1", "drain")
