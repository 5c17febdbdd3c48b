"""Entries by key that change one at a time, kept on disk: a change costs the same however many entries there are.

    verdicts.json    all entries as they were when it was written last
    verdicts.log     what changed since: a line `{key: entry}` a change, null where an entry is gone

Rules:
- What was written outlives a power cut: `append` returns when it is on the disk.
- A line that a crash cut short is passed over, and so is one that makes no sense. Each append begins a line of its own.
- `rewrite` puts all entries into the first file and then empties the second one. A crash in between repeats changes
  that are in the first file already; the last of each key is the same.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping

from geodns.control.folder import StateFolder
from geodns.table.store import sync

log = logging.getLogger(__name__)


class Journal:
    """One process writes. `lines`: of the log, as far as it was read or written here."""

    def __init__(self, folder: StateFolder, name: str) -> None:
        self._folder = folder
        self._name = name
        self._log = folder.path / f"{name}.log"
        self.lines = 0

    def __repr__(self) -> str:
        return f"<Journal {self._name}, {self.lines} changes>"

    def read(self) -> dict[str, object]:
        entries = self._folder.read(self._name)
        for change in self._changes():
            self.lines += len(change)
            entries |= change
        return {key: entry for key, entry in entries.items() if entry is not None}

    def append(self, changes: Mapping[str, object]) -> None:
        """Raises OSError; part of it may have been written then, and writing it again does no harm."""
        text = "".join(f"{json.dumps({key: entry})}\n" for key, entry in changes.items())
        is_new = not self._log.exists()
        with self._log.open("ab") as file:
            file.write(f"\n{text}".encode())
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync(self._folder.path)
        self.lines += len(changes)

    def rewrite(self, entries: Mapping[str, object]) -> None:
        """These and no others. Raises OSError."""
        self._folder.write(self._name, entries)
        if self._log.exists():
            os.truncate(self._log, 0)
        self.lines = 0

    def _changes(self) -> Iterator[dict[str, object]]:
        try:
            lines = self._log.read_bytes().splitlines()
        except FileNotFoundError:
            return
        except OSError as error:
            log.warning("%s cannot be read, so what it says is forgotten: %s", self._log, error)
            return
        for line in lines:
            try:
                change = json.loads(line or b"{}")
            except ValueError:
                continue
            if isinstance(change, dict):
                yield change
