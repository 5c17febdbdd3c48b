"""What a reload was made from is kept beside its generations, and read back as it was."""

from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from geodns.control.configurations import KEPT, Configurations, NoConfiguration, Snapshot
from geodns.control.control import Control
from geodns.control.inputs import read_inputs
from geodns.model.pool import PoolName
from tests.control.place import BROKEN, FRA1, ZONE, Place, drain, run


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def kept(place: Place) -> list[int]:
    folder = place.state.path / "configurations"
    return sorted(int(path.name[:8]) for path in folder.glob("*.zip"))


def text_of(place: Place, generation: int) -> str:
    (content,) = Configurations(place.state.path).of(generation).contents.values()
    return content.decode()


def edit(place: Place, number: int) -> str:
    text = ZONE.replace("192.0.2.11", f"192.0.2.{100 + number}")
    place.zone.write_text(text)
    return text


async def reloaded(control: Control) -> int:
    assert (await control.reload()).ok
    return control.publisher.generation


def test_a_generation_has_the_configuration_of_the_reload_that_it_came_from(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        await control.override(FRA1, drain())
        first = edit(place, 1)
        assert await reloaded(control) == 3
        await control.override(FRA1, None)
        assert control.publisher.generation == 4
        assert kept(place) == [1, 3], "an order is no reload, and writes none"
        assert [text_of(place, number) for number in (1, 2, 3, 4, 5)] == [ZONE, ZONE, first, first, first]

    run(scenario)


def test_a_reload_of_the_same_files_keeps_no_second_copy(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        assert await reloaded(control) == 2
        assert kept(place) == [1]
        edit(place, 1)
        assert await reloaded(control) == 3
        place.zone.write_text(ZONE)
        assert await reloaded(control) == 4
        assert kept(place) == [1, 3, 4], "back to what there was is another configuration than the last one"

    run(scenario)


def test_a_restart_goes_on_with_what_is_kept(place: Place) -> None:
    async def scenario() -> None:
        await place.control().start()
        again = place.control()
        await again.start()
        assert (again.publisher.generation, kept(place)) == (2, [1])

    run(scenario)


def test_files_with_problems_are_not_kept(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        place.zone.write_text(BROKEN)
        assert not (await control.reload()).ok
        await control.override(FRA1, drain())
        assert (kept(place), text_of(place, 2)) == ([1], ZONE)

    run(scenario)


def test_what_could_not_be_published_is_not_taken_for_the_next_generation_s(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        place.block()
        edit(place, 1)
        assert not (await control.reload()).ok
        place.unblock()
        await control.override(FRA1, drain())
        assert control.publisher.generation == 2
        assert (kept(place), text_of(place, 2)) == ([1], ZONE)

    run(scenario)


def test_the_newest_are_kept(place: Place) -> None:
    async def scenario() -> None:
        control = place.control()
        await control.start()
        for number in range(KEPT + 2):
            edit(place, number)
            await reloaded(control)
        assert kept(place) == list(range(4, KEPT + 4))

    run(scenario)
    with pytest.raises(NoConfiguration, match=r"of generation 3 is not in .*: the oldest kept is that of generation 4"):
        Configurations(place.state.path).of(3)


def test_what_a_history_that_is_gone_has_left_is_nobody_s(tmp_path: Path, place: Place) -> None:
    inputs = read_inputs(place.settings, with_contents=True)
    found = Configurations(tmp_path / "state")
    found.put(40, found.snapshot(inputs, 40))
    snapshot = found.snapshot(inputs, 1)
    assert snapshot.packed is not None, "generation 1 must not lean on what is dropped with it"
    found.put(1, snapshot)
    assert kept(place) == [1]


def test_settings_come_back_with_their_files_networks_and_databases(tmp_path: Path, place: Place) -> None:
    master = tmp_path / "example.org.zone"
    master.write_text("@ 300 IN SOA ns1 hostmaster 1 3600 900 1209600 60\n@ 300 IN NS ns1\nns1 300 IN A 192.0.2.1\n")
    networks = {"office": (ip_network("203.0.113.0/24"), ip_network("2001:db8::/32"))}
    settings = replace(place.settings, zones=(place.zone, master), networks=networks)
    inputs = read_inputs(settings, with_contents=True)
    found = Configurations(tmp_path / "state")
    found.put(1, found.snapshot(inputs, 1))
    back = found.of(7)
    assert (back.first, back.paths, back.digest) == (1, (place.zone, master), inputs.atlas.digest)
    again = read_inputs(back.settings(tmp_path / "out"))
    assert [str(zone) for zone in again.zones] == ["example.com.", "example.org."]
    assert [member.addresses for member in again.zones[0].pools[PoolName("eu")].members] == [
        member.addresses for member in inputs.zones[0].pools[PoolName("eu")].members
    ]
    assert again.settings.networks == networks
    assert again.settings.geo == place.settings.geo


def test_a_damaged_one_is_told(tmp_path: Path) -> None:
    found = Configurations(tmp_path)
    found.put(1, Snapshot("0" * 32, b"no archive"))
    with pytest.raises(NoConfiguration, match=r"00000001-0*\.zip is damaged: File is not a zip file"):
        found.of(1)


def test_of_nothing_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(NoConfiguration, match=r"of generation 1 is not in .*: none is kept"):
        Configurations(tmp_path).of(1)


def test_the_folder_is_its_owner_s_alone(tmp_path: Path) -> None:
    """Zone files may have secrets in the headers of their checks."""
    Configurations(tmp_path).put(1, Snapshot("0" * 32, b""))
    assert (tmp_path / "configurations").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "configurations").write_text("no folder")
    with pytest.raises(NoConfiguration, match="configurations cannot be read: Not a directory"):
        Configurations(tmp_path).of(1)
