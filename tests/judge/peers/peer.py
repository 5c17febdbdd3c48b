"""A nameserver with one zone, run by hand on a loopback port, with everything that it writes in one folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from tests.daemons import program, running
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`zone`: its name; the master file is the folder's file `name.zone`."""

    folder: Path
    port: int
    zone: str

    @property
    def file(self) -> Path:
        return self.folder / f"{self.zone}.zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """`configure`: writes its configuration, and returns the options with which it runs in the foreground."""

    name: str
    program: str
    package: str  # Debian's
    configure: Callable[[Setting], list[str]]


@contextmanager
def serving(peer: Peer, zone: str, master: str, folder: Path) -> Iterator[int]:
    """The port of a server with the zone of a master file, until the block ends."""
    found = program(peer.program, peer.package)
    folder.mkdir(parents=True, exist_ok=True)
    setting = Setting(folder=folder, port=free_port(LOCAL), zone=zone.rstrip("."))
    setting.file.write_text(master, encoding="utf-8")
    with running([found, *peer.configure(setting)], folder, lambda: _has(setting.zone, setting.port)):
        yield setting.port


def _has(zone: str, port: int) -> bool:
    try:
        return bool(dns.query.udp(dns.message.make_query(zone, "SOA"), LOCAL, timeout=0.5, port=port).answer)
    except (dns.exception.Timeout, OSError):
        return False
