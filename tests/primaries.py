"""Name servers that zones are copied from: BIND, Knot and NSD on loopback, with all that they write in a folder."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from tests.daemons import program
from tests.scenarios.ports import free_port

HOST = "127.0.0.1"
KEY, SECRET = "copies.example.", "c2VjcmV0IG9mIHR3byBzZXJ2ZXJz"
PATIENCE = 30.0  # seconds

_NAMED = """\
options {{
    directory "{folder}"; pid-file "{folder}/pid"; session-keyfile "{folder}/session";
    listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
    recursion no; dnssec-validation no; notify {notify}; minimal-responses no;
}};
controls {{ }};
key "{key}" {{ algorithm hmac-sha256; secret "{secret}"; }};
zone "example.org" {{
    type primary; file "{folder}/zone"; journal "{folder}/jnl";
    allow-transfer {{ key "{key}"; }}; ixfr-from-differences yes; {told}
}};
"""
_KNOT = """\
server:
    rundir: "{folder}"
    listen: 127.0.0.1@{port}
log:
  - target: stderr
    any: warning
database:
    storage: "{folder}/db"
key:
  - id: "{key}"
    algorithm: hmac-sha256
    secret: "{secret}"
{told}
acl:
  - id: copies
    key: "{key}"
    action: transfer
template:
  - id: default
    acl: copies
    {notify}
    zonefile-load: difference
    journal-content: changes
zone:
  - domain: example.org
    file: "{folder}/zone"
"""
_NSD = """\
server:
    ip-address: 127.0.0.1@{port}
    server-count: 1
    username: ""
    chroot: ""
    zonesdir: "{folder}"
    pidfile: "{folder}/nsd.pid"
    xfrdfile: "{folder}/xfrd.state"
    xfrdir: "{folder}"
    zonelistfile: "{folder}/zone.list"
remote-control:
    control-enable: no
key:
    name: "{key}"
    algorithm: hmac-sha256
    secret: "{secret}"
zone:
    name: "example.org"
    zonefile: "{folder}/zone"
    provide-xfr: 127.0.0.1 "{key}"
    {notify}
"""
_COMMANDS = {
    "named": (_NAMED, ["named", "-f", "-c"]),
    "knotd": (_KNOT, ["knotd", "-c"]),
    "nsd": (_NSD, ["nsd", "-d", "-c"]),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Who is sent NOTIFY on loopback, signed or not."""

    port: int
    signs: bool = True


def _telling(kind: str, told: Told | None) -> dict[str, str]:
    """Pieces of the configuration."""
    if kind == "named":
        if told is None:
            return {"notify": "no", "told": ""}
        key = f' key "{KEY}"' if told.signs else ""
        return {"notify": "explicit", "told": f"also-notify {{ 127.0.0.1 port {told.port}{key}; }}; notify-delay 0;"}
    if told is None:
        return {"notify": "", "told": ""}
    if kind == "nsd":
        return {"notify": f"notify: 127.0.0.1@{told.port} {KEY if told.signs else 'NOKEY'}"}
    key = f'    key: "{KEY}"\n' if told.signs else ""
    return {
        "notify": "notify: told",
        "told": f"remote:\n  - id: told\n    address: 127.0.0.1@{told.port}\n{key}",
    }


_PACKAGES = {"named": "bind9", "knotd": "knot", "nsd": "nsd"}  # Debian's

ZONE = """\
$ORIGIN example.org.
@ 300 IN SOA ns1 hostmaster {serial} {refresh} {retry} {expire} 60
@ 300 IN NS ns1
@ 300 IN NS ns2.example.net.
ns1 300 IN A 192.0.2.53
www 300 IN A {address}
*.dev 300 IN TXT "a wildcard"
sub 300 IN NS ns.sub
ns.sub 300 IN A 192.0.2.54
odd 300 IN TYPE65280 \\# 4 0a000001
"""


def zone_text(serial: int, address: str = "192.0.2.1", refresh: int = 1, retry: int = 1, expire: int = 3600) -> str:
    return ZONE.format(serial=serial, address=address, refresh=refresh, retry=retry, expire=expire)


class Primary:
    """A running one. `kind`: named, knotd or nsd."""

    def __init__(self, kind: str, folder: Path, port: int, process: subprocess.Popen[bytes]) -> None:
        self.kind = kind
        self.port = port
        self._folder = folder
        self._process = process

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def change(self, text: str) -> None:
        """Another content of the zone, taken up at once."""
        (self._folder / "zone").write_text(text)
        # NSD takes up files of zones when it is told to, and a second must have passed for it to see a change.
        os.utime(self._folder / "zone", (time.time() + 2, time.time() + 2))
        self._process.send_signal(signal.SIGHUP)

    def end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def primary(kind: str, folder: Path, text: str, port: int | None = None, told: Told | None = None) -> Iterator[Primary]:
    config, command = _COMMANDS[kind]
    found = program(command[0], _PACKAGES[kind])
    folder.mkdir(exist_ok=True)
    (folder / "db").mkdir(exist_ok=True)
    (folder / "zone").write_text(text)
    port = port or free_port(HOST)
    (folder / "conf").write_text(
        config.format(folder=folder, port=port, key=KEY, secret=SECRET, **_telling(kind, told))
    )
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([found, *command[1:], str(folder / "conf")], stdout=log, stderr=log)
    running = Primary(kind, folder, port, process)
    try:
        _wait(running, folder)
        yield running
    finally:
        running.end()


def _wait(running: Primary, folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    query = dns.message.make_query("example.org", "SOA")
    while time.monotonic() < end and running.is_alive():
        try:
            if dns.query.udp(query, HOST, 1.0, running.port).answer:
                return
        except (dns.exception.DNSException, OSError):
            time.sleep(0.05)
    raise AssertionError(f"{running.kind} does not answer: {(folder / 'log').read_text()}")
