"""NSD, run by hand on a loopback port, with everything that it writes in one folder."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import pytest

HOST = "127.0.0.1"
_PATIENCE = 30.0  # seconds to start in

_CONFIG = """\
server:
    ip-address: {host}@{port}
    server-count: 1
    username: ""
    chroot: ""
    database: ""
    zonesdir: "{folder}"
    pidfile: "{folder}/nsd.pid"
    xfrdfile: "{folder}/xfrd.state"
    xfrdir: "{folder}"
    zonelistfile: "{folder}/zone.list"
    minimal-responses: yes
    ipv4-edns-size: 4096
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
{more}
remote-control:
    control-enable: no
zone:
    name: "{zone}"
    zonefile: "{folder}/zone"
"""


class Nsd:
    """A server that answers for one zone."""

    def __init__(self, port: int, connection: socket.socket) -> None:
        self._port = port
        self._socket = connection

    def ask(self, question: dns.message.Message, timeout: float = 10.0) -> dns.message.Message:
        reply = dns.query.udp(question, HOST, timeout, self._port, sock=self._socket, ignore_unexpected=True)
        assert not reply.flags & dns.flags.TC, "the judge has cut its answer"
        return reply


def program() -> str:
    """Where NSD is. Without it the test is skipped; but not where tests are run for others to rely on."""
    found = shutil.which("nsd") or shutil.which("/usr/sbin/nsd")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("NSD is not installed: apt-get install nsd")
    if found is None:
        pytest.skip("NSD is not installed (apt-get install nsd), so there is no judge")
    return found


@contextmanager
def serving(zone: str, master: str, folder: Path, more: str = "") -> Iterator[Nsd]:
    """NSD with the zone of a master file, until the block ends. `more`: lines for its server section."""
    port = _free_port()
    (folder / "zone").write_text(master, encoding="utf-8")
    config = folder / "nsd.conf"
    config.write_text(_CONFIG.format(host=HOST, port=port, folder=folder, zone=zone, more=more), encoding="utf-8")
    with (
        (folder / "log").open("w+", encoding="utf-8") as log,
        subprocess.Popen([program(), "-d", "-c", str(config)], stdout=log, stderr=log) as process,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection,
    ):
        connection.setblocking(False)
        try:
            server = Nsd(port, connection)
            _wait(server, zone, process, folder / "log")
            yield server
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: Nsd, zone: str, process: subprocess.Popen[bytes], log: Path) -> None:
    question = dns.message.make_query(zone, "SOA")
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            if server.ask(question, timeout=0.2).answer:
                return
        except (dns.exception.Timeout, OSError):
            time.sleep(0.05)
    pytest.fail(f"NSD did not come up:\n{log.read_text(encoding='utf-8')}")
