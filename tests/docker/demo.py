"""compose.yaml carried out by hand: its services as processes on loopback addresses, its mounts as copies.

Where the demo has the networks 10.53.1.0/24 and 10.53.2.0/24, it has 127.N.1.0/24 and 127.N.2.0/24 here, and geodns
listens on port 5300 of its own address, since port 53 of all addresses may be another's on this machine.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.docker.by_hand import Image
from tests.docker.dockerfile import DOCKER

PATIENCE = 20.0  # seconds for what takes a tenth of that on an idle machine
_NET = 100 + os.getpid() % 100  # so that two runs on one machine do not meet
_ADDRESSES = {
    "10.53.": f"127.{_NET}.",
    "0.0.0.0:53": f"127.{_NET}.1.2:5300",
    "127.0.0.1": f"127.{_NET}.1.2",
}


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    return found


def on_loopback(text: str) -> str:
    for there, here in _ADDRESSES.items():
        text = text.replace(there, here)
    return text


class Demo:
    """The services by name. What they say goes to `log`."""

    def __init__(self, image: Image, log: Path) -> None:
        self.image = image
        self._log = log
        self._services = compose()["services"]
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._mount()

    def start(self, name: str) -> None:
        said = self._services[name].get("entrypoint")
        words = [self.image.here(on_loopback(word)) for word in said] if said else self.image.command()
        with self._log.open("ab") as log:
            self._running[name] = subprocess.Popen(words, stdout=log, stderr=log, **self._inside())

    def kill(self, name: str) -> None:
        self._running[name].kill()
        self._running.pop(name).wait()

    def stop(self, name: str) -> int:
        """As an engine does; returns the exit code."""
        self._running[name].send_signal(signal.SIGTERM)
        return self._running.pop(name).wait(PATIENCE)

    def run_inside(self, words: list[str]) -> "subprocess.CompletedProcess[str]":
        """As `docker compose exec geodns` does."""
        return subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, **self._inside())

    def health(self) -> "subprocess.CompletedProcess[str]":
        return self.run_inside(self.image.health_command())

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def end(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _inside(self) -> dict[str, Any]:
        environment = {name: on_loopback(value) for name, value in self.image.environment().items()}
        return {"env": environment, "user": self.image.user, "group": self.image.user, "cwd": "/"}

    def _mount(self) -> None:
        self._adapt(self.image.path("/etc/geodns/geodns.yaml"))
        for service in self._services.values():
            for source, target, *_ in (mount.split(":") for mount in service["volumes"]):
                if source.startswith("."):
                    self._copy(DOCKER / source, self.image.path(target))

    def _copy(self, source: Path, target: Path) -> None:
        """A folder has files only."""
        target.parent.mkdir(exist_ok=True)
        pairs = [(each, target / each.name) for each in source.iterdir()] if source.is_dir() else [(source, target)]
        for one, other in pairs:
            other.write_bytes(one.read_bytes())
            self._adapt(other)

    def _adapt(self, path: Path) -> None:
        path.write_text(self.image.here(on_loopback(path.read_text())))


@contextmanager
def running_demo(image: Image, log: Path) -> Iterator[Demo]:
    demo = Demo(image, log)
    try:
        for name in compose()["services"]:
            demo.start(name)
        yield demo
    except BaseException:
        print(demo.log())
        raise
    finally:
        demo.end()
