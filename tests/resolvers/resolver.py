"""A caching resolver, run by hand on a loopback port, with everything that it writes in one folder."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.resolvers.questions import Question, Widths, ask
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL, PATIENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`port`: its own; `upstream`: that of geodns, whom it asks for example.com."""

    folder: Path
    port: int
    upstream: int
    widths: Widths


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`configure`: writes its configuration, and returns the options with which it runs in the foreground."""

    name: str
    program: str
    package: str  # Debian's
    configure: Callable[[Setting], list[str]]
    keeps_negatives: bool  # NODATA and NXDOMAIN are answered from its cache as well
    at_once: int  # questions that it may have under way


def program(kind: Kind) -> str:
    """Where it is. Without it the test is skipped; but not where tests are run for others to rely on."""
    found = shutil.which(kind.program) or shutil.which(f"/usr/sbin/{kind.program}")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"{kind.name} is not installed: apt-get install {kind.package}")
    if found is None:
        pytest.skip(f"{kind.name} is not installed (apt-get install {kind.package}), so there is no such cache to try")
    return found


@contextmanager
def resolving(kind: Kind, upstream: int, widths: Widths, folder: Path) -> Iterator[int]:
    """Its port, with an empty cache to begin with, until the block ends."""
    setting = Setting(folder=folder, port=free_port(LOCAL), upstream=upstream, widths=widths)
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen([program(kind), *kind.configure(setting)], stdout=output, stderr=output) as process,
    ):
        try:
            _wait(process, setting.port, log)
            yield setting.port
        finally:
            process.terminate()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            ask(port, [Question("ns1", "A", None)])
        except (ConnectionRefusedError, TimeoutError):
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"the resolver did not come up:\n{log.read_text(errors='replace')}")
