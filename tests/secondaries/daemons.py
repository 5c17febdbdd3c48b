"""BIND, Knot and NSD as secondaries, run by hand on loopback ports, with everything that they write in one folder."""

import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from tests.copies import KEY
from tests.daemons import program
from tests.scenarios.server import LOCAL, PATIENCE

SECRET = b64encode(KEY.secret).decode()
NAME = "secondary"  # of the key


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`port`: its own; `primary`: that of geodns."""

    folder: Path
    port: int
    primary: int
    zones: Sequence[str]

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`configure`: writes its configuration, and returns the options with which it runs in the foreground."""

    name: str
    program: str
    package: str  # Debian's
    configure: Callable[[Setting], list[str]]


def _bind(setting: Setting) -> list[str]:
    zones = "".join(
        f"""
zone "{zone}" {{
    type secondary; file "{zone}.copy"; masterfile-format text;
    primaries {{ {LOCAL} port {setting.primary} key {NAME}; }};
    allow-notify {{ key {NAME}; }};
}};"""
        for zone in setting.zones
    )
    text = f"""
options {{
    directory "{setting.folder}"; pid-file none; session-keyfile none; lock-file none;
    listen-on port {setting.port} {{ {LOCAL}; }}; listen-on-v6 {{ none; }};
    recursion no; dnssec-validation no; notify no; minimal-responses yes; empty-zones-enable no;
    check-names secondary ignore; max-records-per-type 0;
}};
controls {{ }};
key "{NAME}" {{ algorithm {KEY.algorithm}; secret "{SECRET}"; }};
{zones}
"""
    return ["-g", "-n", "1", "-c", str(setting.write("named.conf", text))]


def _knot(setting: Setting) -> list[str]:
    zones = "".join(f"  - domain: {zone}\n    master: primary\n    acl: told\n" for zone in setting.zones)
    text = f"""
server:
    rundir: "{setting.folder}"
    listen: {LOCAL}@{setting.port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: "{setting.folder}/db"
key:
  - id: {NAME}
    algorithm: {KEY.algorithm}
    secret: {SECRET}
remote:
  - id: primary
    address: {LOCAL}@{setting.primary}
    key: {NAME}
acl:
  - id: told
    key: {NAME}
    action: notify
template:
  - id: default
    storage: "{setting.folder}"
    semantic-checks: off
zone:
{zones}"""
    return ["-c", str(setting.write("knot.conf", text))]


def _nsd(setting: Setting) -> list[str]:
    zones = "".join(
        f"""
zone:
    name: "{zone}"
    zonefile: "{setting.folder}/{zone}.copy"
    allow-notify: {LOCAL} {NAME}
    request-xfr: {LOCAL}@{setting.primary} {NAME}
"""
        for zone in setting.zones
    )
    text = f"""
server:
    ip-address: {LOCAL}@{setting.port}
    server-count: 1
    username: ""
    chroot: ""
    database: ""
    zonesdir: "{setting.folder}"
    pidfile: "{setting.folder}/nsd.pid"
    xfrdfile: "{setting.folder}/xfrd.state"
    xfrdir: "{setting.folder}"
    zonelistfile: "{setting.folder}/zone.list"
    minimal-responses: yes
    rrl-ratelimit: 0
    xfrd-reload-timeout: 0
    verbosity: 2
remote-control:
    control-enable: no
key:
    name: "{NAME}"
    algorithm: {KEY.algorithm}
    secret: "{SECRET}"
{zones}"""
    return ["-d", "-c", str(setting.write("nsd.conf", text))]


BIND = Kind(name="BIND", program="named", package="bind9", configure=_bind)
KNOT = Kind(name="Knot", program="knotd", package="knot", configure=_knot)
NSD = Kind(name="NSD", program="nsd", package="nsd", configure=_nsd)
KINDS = (BIND, KNOT, NSD)


class Secondary:
    """One that runs."""

    def __init__(self, kind: Kind, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.kind = kind
        self.port = port
        self._process = process
        self._log = log

    def ask(self, name: str, rtype: str, timeout: float = PATIENCE) -> dns.message.Message:
        return ask(self.port, name, rtype, timeout)

    def serial(self, zone: str) -> int:
        """0: it does not serve the zone yet."""
        try:
            reply = self.ask(zone, "SOA", timeout=0.5)
        except (dns.exception.Timeout, OSError):
            return 0
        if reply.rcode() != dns.rcode.NOERROR or not reply.answer or not reply.flags & dns.flags.AA:
            return 0
        serial: int = reply.answer[0][0].serial
        return serial

    def wait_for(self, zone: str, serial: int) -> None:
        end = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            if self.serial(zone) == serial:
                return
            time.sleep(0.05)
        log = self._log.read_text(errors="replace")
        pytest.fail(f"{self.kind.name} has serial {self.serial(zone)} of {zone}, not {serial}:\n{log}")


def ask(port: int, name: str, rtype: str, timeout: float = PATIENCE) -> dns.message.Message:
    query = dns.message.make_query(name, rtype)
    reply, _ = dns.query.udp_with_fallback(query, LOCAL, timeout, port)
    return reply


@contextmanager
def running(kind: Kind, setting: Setting) -> Iterator[Secondary]:
    """Until the block ends."""
    setting.folder.mkdir()
    log = setting.folder / "log"
    words = [program(kind.program, kind.package), *kind.configure(setting)]
    with log.open("wb") as output, subprocess.Popen(words, stdout=output, stderr=output) as process:
        try:
            yield Secondary(kind, setting.port, process, log)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
