"""Changed files → reloads. Editors write in steps, so changes are taken together once they have settled.

What the kernel says is a hint to look; what counts is whether a file is another one than when it was last read. So
nothing is missed that changes during a reload, before the watching began, or where the kernel tells nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import awatch

from geodns.config.zones import SUFFIXES

log = logging.getLogger(__name__)

SETTLE = 0.3  # seconds without a further change
LOOK_EVERY = 5000  # milliseconds between two looks where the kernel says nothing

Stamps = Mapping[Path, tuple[int, int, int]]  # another one: another content


async def watch(watched: Callable[[], Collection[Path]], reload: Callable[[], Awaitable[object]], seen: Stamps) -> None:
    """Until cancelled. `watched` are files, and folders of zone files; it is asked again at each look.

    `seen`: the stamps from before the files were read for the first time.
    """
    while True:
        if stamps(watched()) == seen:
            await _stirred(watched())
            continue
        before, seen = seen, await _settled(watched)
        log.info("changed: %s; reloading", ", ".join(sorted(path.name for path in changed(before, seen))))
        await reload()


def stamps(watched: Collection[Path]) -> Stamps:
    """Of the files that are there. Links are followed: Kubernetes replaces a mounted ConfigMap by turning a link."""
    found = {}
    for file in _files(watched):
        try:
            status = file.stat()
        except OSError:  # not there, or gone in between
            continue
        found[file] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def changed(seen: Stamps, now: Stamps) -> Iterator[Path]:
    """Files that are other ones, new or gone."""
    return (path for path in seen.keys() | now.keys() if seen.get(path) != now.get(path))


def _files(watched: Collection[Path]) -> Iterator[Path]:
    for path in watched:
        if not path.is_dir():
            yield path
            continue
        with suppress(OSError):  # gone in between, or not ours to read
            yield from (file for file in path.iterdir() if file.suffix in SUFFIXES and not file.name.startswith("."))


async def _settled(watched: Callable[[], Collection[Path]]) -> Stamps:
    now = stamps(watched())
    while True:
        await asyncio.sleep(SETTLE)
        before, now = now, stamps(watched())
        if now == before:
            return now


async def _stirred(watched: Collection[Path]) -> None:
    """Returns when something may have changed.

    Folders are watched rather than files, since a file that is replaced by renaming is another one afterwards.
    """
    folders = sorted({path if path.is_dir() else path.parent for path in watched})
    hints = awatch(
        *(folder for folder in folders if folder.is_dir()),
        watch_filter=None,
        rust_timeout=LOOK_EVERY,
        yield_on_timeout=True,
        recursive=False,
    )
    async with aclosing(hints):
        await anext(hints, None)
