"""Other programs as children of a test: found, run in the foreground, waited for, and ended."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.scenarios.server import PATIENCE, environment


def program(name: str, package: str) -> str:
    """Where it is. Without it the test is skipped; but not where tests are run for others to rely on."""
    found = shutil.which(name) or shutil.which(f"/usr/sbin/{name}")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed: apt-get install {package}")
    if found is None:
        pytest.skip(f"{name} is not installed (apt-get install {package})")
    return found


@contextmanager
def running(argv: Sequence[str], folder: Path, is_up: Callable[[], bool]) -> Iterator[None]:
    """What it says goes to `folder`/log. `is_up` is asked again and again until it is so."""
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(argv, stdout=output, stderr=output, cwd=folder, env=environment()) as process,
    ):
        try:
            _wait(argv[0], process, is_up, log)
            yield
        finally:
            _end(process)


def _wait(name: str, process: "subprocess.Popen[bytes]", is_up: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if is_up():
            return
        time.sleep(0.02)
    pytest.fail(f"{name} did not come up:\n{log.read_text(errors='replace')}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
