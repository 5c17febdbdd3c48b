"""The state folder: what outlives the processes. One geodns at a time uses it."""

import fcntl
import json
import logging
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from geodns.table.store import write_whole

log = logging.getLogger(__name__)


class CannotUseFolder(Exception):
    """It cannot be written, or another geodns runs on it; the message says which."""


class StateFolder:
    """Generations and parts (see table/store.py), and small JSON documents: overrides, verdicts, serials."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"<StateFolder {self.path}>"

    def lock(self) -> int:
        """Makes the folder and takes it; returns the descriptor that holds the lock. Raises CannotUseFolder."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o755)
            fd = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CannotUseFolder(
                f"{self.path}: the state folder cannot be written ({error.strerror}); name another one with --state"
            ) from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            raise CannotUseFolder(
                f"{self.path}: another geodns runs on this state folder; end it, or name another one with --state"
            ) from None
        return fd

    def read(self, name: str) -> dict[str, object]:
        """The document, or an empty one where it is missing or damaged: what it held is worth less than a start."""
        path = self.path / f"{name}.json"
        try:
            found = json.loads(path.read_text())
            if not isinstance(found, dict):
                raise ValueError("it holds no mapping")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            log.warning("%s cannot be read and is begun anew: %s", path, error)
            return {}
        return found

    def write(self, name: str, document: Mapping[str, object]) -> None:
        """A line for each key: people read it, and laying it out further takes ten times as long."""
        lines = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in document.items())
        write_whole(self.path / f"{name}.json", ("{\n" + ",\n".join(lines) + "\n}\n").encode())

    def lands(self) -> Path:
        path = self.path / "territories"
        path.mkdir(parents=True, exist_ok=True)
        return path


def default_folder(environment: Mapping[str, str], served: Path) -> Path:
    """systemd's state directory, else a folder of the user's that belongs to what is served."""
    if given := environment.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])
    home = Path(environment.get("HOME") or "/var/lib")
    base = Path(environment.get("XDG_STATE_HOME") or home / ".local" / "state")
    served = served.resolve()
    tag = blake2b(str(served).encode(), digest_size=4).hexdigest()
    return base / "geodns" / f"{served.stem or 'root'}-{tag}"
