"""What a running geodns does: questions a second of one worker, CPU time a question, memory of each process.

    python -m bench.server [--seconds 5]

Closed loop over loopback, a few sockets with a window of questions each; the client is Python on the other core, so
the rate is a lower bound, and CPU time a question is the steadier figure. Linux only (it reads /proc).
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import dns.edns
import dns.message

ZONE = """\
zone: example.com
soa: {primary: ns1, contact: hostmaster@example.com}
pools:
  eu: {members: {a: {A: 192.0.2.10, weight: 3}, b: {A: 192.0.2.11}}, select: weighted}
  us: {members: {c: {A: 198.51.100.10}, d: {A: 198.51.100.11}}}
policies:
  global:
    rules:
      - {continent: [EU, AF], pools: [eu, us]}
      - {pools: [us, eu]}
records:
  "@": {NS: [ns1, ns2]}
  ns1: {A: 192.0.2.53}
  ns2: {A: 192.0.2.54}
  www: {policy: global}
  api: {pool: eu}
"""

NAMES = 10_000
WINDOW = 64  # questions on their way
_TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each kind of question")
    seconds = parser.parse_args().seconds
    with _server() as (port, admin):
        worker = _worker_pid(admin)
        print(f"{'question':28}{'q/s':>9}{'CPU µs/q':>10}{'user':>7}{'system':>8}")
        for name, packets in _questions():
            rate, user, system = _load(port, worker, packets, seconds)
            print(f"{name:28}{rate:9.0f}{user + system:10.1f}{user:7.1f}{system:8.1f}")
        print()
        for what, pid in _processes(worker):
            print(f"{what:28}{_memory(pid, 'Rss'):7.1f} MB resident, {_memory(pid, 'Pss'):.1f} MB proportional")


def _questions() -> Iterator[tuple[str, list[bytes]]]:
    dice = random.Random(1)

    def subnet() -> str:
        return f"{dice.randrange(1, 224)}.{dice.randrange(256)}.{dice.randrange(256)}.0"

    yield "geo name, 65,536 subnets", [_packet("www", subnet()) for _ in range(65_536)]
    yield "weighted name", [_packet("api") for _ in range(1000)]
    yield f"{NAMES:,} static names", [_packet(f"h{dice.randrange(NAMES)}") for _ in range(20_000)]
    yield "NXDOMAIN, random names", [_packet(f"x{dice.randrange(10**9)}") for _ in range(20_000)]


def _packet(label: str, subnet: str | None = None) -> bytes:
    options: list[dns.edns.Option] = [dns.edns.ECSOption(subnet, 24)] if subnet else []
    return dns.message.make_query(f"{label}.example.com.", "A", use_edns=0, options=options).to_wire()


@contextmanager
def _server() -> Iterator[tuple[int, int]]:
    port, admin = _free_port(), _free_port()
    with tempfile.TemporaryDirectory() as folder:
        zone = Path(folder) / "example.com.yaml"
        zone.write_text(ZONE + "".join(f"  h{number}: {{A: 192.0.2.80}}\n" for number in range(NAMES)))
        argv = [sys.executable, "-m", "geodns", "serve", str(zone), "--workers", "1", "--state", f"{folder}/state"]
        argv += ["--listen", f"127.0.0.1:{port}", "--admin", f"127.0.0.1:{admin}", "--no-watch"]
        with subprocess.Popen(argv, stderr=subprocess.DEVNULL) as process:
            try:
                _until(lambda: _is_ready(admin))
                yield port, admin
            finally:
                process.terminate()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _is_ready(admin: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{admin}/readyz", timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def _until(true: Callable[[], bool]) -> None:
    for _ in range(300):
        if true():
            return
        time.sleep(0.1)
    sys.exit("geodns did not become ready within 30 s")


def _worker_pid(admin: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{admin}/api/v1/status", timeout=5) as reply:
        pid: int = json.load(reply)["workers"][0]["pid"]
        return pid


def _load(port: int, worker: int, packets: Sequence[bytes], seconds: float) -> tuple[float, float, float]:
    """(questions a second, user µs and system µs of the worker's CPU time a question)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", port))
        sock.settimeout(1.0)
        user, system = _cpu(worker)
        begin = time.perf_counter()
        answered = at = 0
        while time.perf_counter() - begin < seconds:
            for _ in range(WINDOW):
                sock.send(packets[at])
                at = (at + 1) % len(packets)
            answered += _receive(sock, WINDOW)
        took = time.perf_counter() - begin
    after_user, after_system = _cpu(worker)
    return answered / took, (after_user - user) / answered * 1e6, (after_system - system) / answered * 1e6


def _receive(sock: socket.socket, wanted: int) -> int:
    for got in range(wanted):
        try:
            sock.recv(4096)
        except TimeoutError:
            return got
    return wanted


def _cpu(pid: int) -> tuple[float, float]:
    """User and system seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) / _TICK, int(fields[12]) / _TICK


def _processes(worker: int) -> Iterator[tuple[str, int]]:
    keeper = int(Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()[1])
    yield "keeper", keeper
    for pid in map(int, Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()):
        yield ("worker" if pid == worker else "control"), pid


def _memory(pid: int, kind: str) -> float:
    """MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1000


if __name__ == "__main__":
    main()
