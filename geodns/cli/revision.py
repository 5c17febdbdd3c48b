"""`HEAD~1:zones` → the folder as git has it, laid out in a temporary one for as long as it is read."""

import io
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from geodns.cli.fault import CannotDo


@contextmanager
def laid_out(text: str) -> Iterator[Path]:
    """A path that is there is itself; what else has a colon in it is REVISION:PATH. Raises CannotDo."""
    revision, colon, path = text.partition(":")
    if Path(text).exists() or not colon:
        yield Path(text)
        return
    if not revision or not path:
        raise CannotDo(f"'{text}' is no file, no folder and no REVISION:PATH, such as HEAD~1:zones")
    archive = _archive(revision, path)
    with TemporaryDirectory(prefix="geodns-diff-") as folder:
        with ZipFile(io.BytesIO(archive)) as zipped:
            zipped.extractall(folder)
        yield Path(folder) / _below(path)


def _archive(revision: str, path: str) -> bytes:
    # Paths are relative to where the command runs, as those of files are.
    argv = ["git", "archive", "--format=zip", revision, "--", path]
    try:
        done = subprocess.run(argv, capture_output=True, check=False)
    except FileNotFoundError:
        raise CannotDo("git is not installed, so only files and folders can be compared") from None
    if done.returncode:
        raise CannotDo(f"git has no '{revision}:{path}': {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _below(path: str) -> str:
    return path.rstrip("/") or "."
