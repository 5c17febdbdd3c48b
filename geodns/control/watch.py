"""Changed files → reloads. Editors write in steps, so changes are taken together once they have settled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

from watchfiles import awatch

from geodns.config.zones import SUFFIXES

log = logging.getLogger(__name__)

SETTLE = 300  # milliseconds without a further change


async def watch(watched: Callable[[], Collection[Path]], reload: Callable[[], Awaitable[object]]) -> None:
    """Until cancelled. `watched` are files, and folders of zone files; it is asked again after each reload.

    Folders are watched rather than files, since a file that is replaced by renaming is another one afterwards.
    """
    while True:
        paths = {path.absolute() for path in watched()}
        folders = sorted({path if path.is_dir() else path.parent for path in paths})
        async for changes in awatch(
            *(folder for folder in folders if folder.is_dir()), debounce=1600, step=SETTLE, recursive=False
        ):
            touched = {Path(name) for _, name in changes}
            if any(concerns(path, paths) for path in touched):
                log.info("changed: %s; reloading", ", ".join(sorted(path.name for path in touched)))
                await reload()
                break
        else:
            await asyncio.sleep(1)


def concerns(changed: Path, watched: Collection[Path]) -> bool:
    """Whether the file is watched itself, or is a zone file of a watched folder.

    `..data` is how Kubernetes replaces all files of a mounted ConfigMap at once.
    """
    if changed in watched or changed.name == "..data":
        return True
    return changed.parent in watched and changed.suffix in SUFFIXES and not changed.name.startswith(".")
