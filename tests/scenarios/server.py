"""A geodns of one's own: `geodns serve` as a subprocess, with its keeper, control and workers.

    with serving(zones, state=tmp_path / "state") as server:
        server.ask("www.example.com", subnet="192.0.2.0/24")     # dnspython's message
        server.api("GET", "/api/v1/status").content["generation"]

Whatever waits here does so for a bounded time. When the block raises, what the server said on stderr is shown, and at
its end nothing that was started is left.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import dns.edns
import dns.message
import dns.query
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from tests.scenarios.ports import free_port
from tests.scenarios.processes import children_of, is_alive, name_of

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0  # seconds for what takes a tenth of that on an idle machine
LOCAL = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Response:
    """`content`: the JSON that came."""

    status: int
    content: Any


class Server:
    """A running `geodns serve`, and how to talk to it."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path, host: str, port: int, admin: int) -> None:
        self.process = process
        self.host = host
        self.port = port
        self.admin = admin
        self.tls = 0  # the ports of what is encrypted, where its settings have any
        self.https = 0
        self._log = log

    def ask(
        self,
        name: str,
        rtype: str = "A",
        *,
        subnet: str | None = None,
        tcp: bool = False,
        host: str | None = None,
        timeout: float = PATIENCE,
    ) -> dns.message.Message:
        """Each question comes from a port of its own. `subnet` as dig takes it; `host`: where to ask."""
        options = [dns.edns.ECSOption.from_text(f"ECS {subnet}")] if subnet else []
        query = dns.message.make_query(name, rtype, use_edns=bool(options), options=options or None)
        send = dns.query.tcp if tcp else dns.query.udp
        return send(query, host or self.host, port=self.port, timeout=timeout)

    def addresses(self, name: str, rtype: str = "A") -> list[str]:
        """Those of one answer."""
        return [rdata.to_text() for rrset in self.ask(name, rtype).answer for rdata in rrset]

    def api(self, method: str, path: str, body: object = None) -> Response:
        """Raises OSError while nobody listens."""
        status, content = self._http(method, path, None if body is None else json.dumps(body))
        return Response(status, json.loads(content))

    def metric(self, name: str) -> float:
        """The sum over all labels."""
        found = self.samples(name)
        assert found, f"there is no metric {name}"
        return sum(sample.value for sample in found)

    def samples(self, name: str) -> list[Sample]:
        """One for each set of labels of a metric."""
        _, content = self._http("GET", "/metrics")
        families = text_string_to_metric_families(content)
        return [sample for family in families for sample in family.samples if sample.name == name]

    def _http(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {} if body is None else {"Content-Type": "application/json"}
        with closing(HTTPConnection(LOCAL, self.admin, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()

    def status(self) -> Any:
        return self.api("GET", "/api/v1/status").content

    def is_ready(self) -> bool:
        try:
            return self.api("GET", "/readyz").status == 200
        except OSError:
            return False

    def wait_until(self, is_true: Callable[[], bool], what: str) -> None:
        """Fails at once where the server has ended."""
        deadline = time.monotonic() + PATIENCE
        while not is_true():
            assert self.process.poll() is None, f"geodns ended while it was waited for: {what}"
            assert time.monotonic() < deadline, f"not within {PATIENCE:g} s: {what}"
            time.sleep(0.02)

    def wait_until_ready(self) -> None:
        self.wait_until(self.is_ready, "every worker serves the current generation")

    def pids(self) -> dict[str, int]:
        """The children that live now: `control`, `worker 0`, `worker 1` and so on."""
        named = ((name_of(pid), pid) for pid in children_of(self.process.pid) if is_alive(pid))
        return dict(sorted((name, pid) for name, pid in named if name))

    def stderr(self) -> str:
        return self._log.read_text(errors="replace")

    def end(self) -> int:
        """As systemd ends it; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(
    *zones: Path,
    state: Path,
    listen: Sequence[str] = (LOCAL,),
    workers: int = 2,
    options: Sequence[str] = (),
    wait: bool = True,
    port: int | None = None,
) -> Iterator[Server]:
    """On one port of all addresses of `listen`, `port` or any that is free. `wait`: until it is ready. `options`: more
    of the command line."""
    port, admin = port or free_port(*listen), free_port(LOCAL)
    words = [*map(str, zones)]
    for host in listen:
        words += ["--listen", f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]
    words += ["--admin", f"{LOCAL}:{admin}", "--workers", str(workers), "--state", str(state), *options]
    log = state.with_name(f"stderr-{port}.log")
    with log.open("wb") as stderr:
        process = subprocess.Popen(command("serve", *words), env=environment(), stderr=stderr)
    server = Server(process, log, listen[0], port, admin)
    try:
        if wait:
            server.wait_until_ready()
        yield server
    except BaseException:
        print(f"\n{' '.join(words)}\n{server.stderr()}", file=sys.stderr)
        raise
    finally:
        _end(process)


def command(*words: str) -> list[str]:
    """`geodns` as this checkout has it."""
    return [sys.executable, "-P", "-m", "geodns", *words]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The keeper ends its children, and they end by themselves where it was killed."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
