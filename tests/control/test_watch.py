"""What counts as a change, and that none is missed. Real files; waits are bounded, and end with what is waited for."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from geodns.control.watch import changed, stamps, watch


def write(path: Path, text: str) -> None:
    path.write_text(text)


def rename_over(path: Path) -> None:
    beside = path.with_name(".beside")
    beside.write_text("old")  # the same size
    os.utime(beside, ns=(1, 1))  # and the same time
    beside.rename(path)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda folder: write(folder / "a.yaml", "longer"), ["a.yaml"]),
        (lambda folder: rename_over(folder / "a.yaml"), ["a.yaml"]),
        (lambda folder: write(folder / "new.zone", "new"), ["new.zone"]),
        (lambda folder: (folder / "a.yaml").unlink(), ["a.yaml"]),
        (lambda folder: write(folder / "notes.txt", "no zone file"), []),
        (lambda folder: write(folder / ".a.yaml.swp", "an editor's"), []),
        (lambda folder: write(folder / ".hidden.yaml", "hidden"), []),
    ],
)
def test_zone_files_of_a_watched_folder_count(tmp_path: Path, act: Callable[[Path], None], expected: list[str]) -> None:
    write(tmp_path / "a.yaml", "old")
    os.utime(tmp_path / "a.yaml", ns=(1, 1))
    before = stamps([tmp_path])
    act(tmp_path)
    assert [path.name for path in changed(before, stamps([tmp_path]))] == expected


def test_a_file_that_is_watched_itself_counts_whatever_its_name(tmp_path: Path) -> None:
    database = tmp_path / "places.mmdb"
    before = stamps([database])
    write(database, "new")
    assert list(changed(before, stamps([database]))) == [database]


def test_a_link_that_is_turned_counts_as_its_file_does(tmp_path: Path) -> None:
    """A mounted ConfigMap: `a.yaml` → `..data/a.yaml`, and `..data` is turned from one folder to another."""
    for number in ("1", "2"):
        (tmp_path / number).mkdir()
        write(tmp_path / number / "a.yaml", "same")
    zones = tmp_path / "zones"
    zones.mkdir()
    (zones / "..data").symlink_to("../1")
    (zones / "a.yaml").symlink_to("..data/a.yaml")
    before = stamps([zones])
    (zones / "..data").unlink()
    (zones / "..data").symlink_to("../2")
    assert list(changed(before, stamps([zones]))) == [zones / "a.yaml"]


class Reloads:
    """Counts; `meanwhile` is done during the first one."""

    def __init__(self, enough: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.count = 0
        self.enough = asyncio.Event()
        self._wanted = enough
        self._meanwhile = meanwhile

    async def __call__(self) -> None:
        self.count += 1
        if self.count == 1:
            self._meanwhile()
        if self.count >= self._wanted:
            self.enough.set()


async def until_enough(folder: Path, reloads: Reloads, seen: dict[Path, tuple[int, int, int]] | None = None) -> None:
    known = stamps([folder]) if seen is None else seen
    watching = asyncio.create_task(watch(lambda: [folder], reloads, known))
    try:
        async with asyncio.timeout(20):
            await reloads.enough.wait()
    finally:
        watching.cancel()
        await asyncio.wait([watching])


def test_a_file_that_changes_during_a_reload_is_reloaded_after_it(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "1")

    async def scenario() -> None:
        reloads = Reloads(2, meanwhile=lambda: write(tmp_path / "a.yaml", "changed meanwhile"))
        await until_enough(tmp_path, reloads, seen={})

    asyncio.run(scenario())


def test_a_file_that_changed_before_the_watching_began_is_reloaded(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "1")
    before = dict(stamps([tmp_path]))
    write(tmp_path / "a.yaml", "another")

    async def scenario() -> None:
        await until_enough(tmp_path, Reloads(1), before)

    asyncio.run(scenario())


def test_a_folder_that_is_made_later_is_found(tmp_path: Path) -> None:
    zones = tmp_path / "zones"

    def make() -> None:
        zones.mkdir()
        write(zones / "a.yaml", "1")

    async def scenario() -> None:
        reloads = Reloads(1)
        asyncio.get_running_loop().call_later(0.1, make)
        await until_enough(zones, reloads)

    asyncio.run(scenario())
