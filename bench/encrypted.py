"""What a query costs that comes by TCP, TLS and HTTPS, here and in BIND, in one run.

    python -m bench.encrypted                  dnsperf 5 s a transport and server
    python -m bench.encrypted --seconds 20

Needs dnsperf, openssl and named. What is measured is the CPU time of the process that answers.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.running import free_port

CLIENTS, OUTSTANDING = 10, 100
PATIENCE = 60.0  # seconds until a server answers, and until dnsperf has ended

_ZONE_FILE = """\
$ORIGIN example.com.
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 604800 60
@ NS ns1
ns1 A 192.0.2.53
www A 192.0.2.1
"""

_NAMED = """\
tls pair {{ cert-file "{folder}/cert.pem"; key-file "{folder}/key.pem"; }};
http doh {{ endpoints {{ "/dns-query"; }}; }};
options {{
    directory "{folder}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no; notify no;
    minimal-responses yes; tcp-clients 1000; listen-on-v6 {{ none; }};
    listen-on port {tcp} {{ 127.0.0.1; }};
    listen-on port {dot} tls pair {{ 127.0.0.1; }};
    listen-on port {doh} tls pair http doh {{ 127.0.0.1; }};
}};
controls {{}};
zone "example.com" {{ type primary; file "{folder}/example.com.zone"; }};
"""

_GEODNS = """\
listen: 127.0.0.1:{tcp}
listen_tls: 127.0.0.1:{dot}
listen_https: 127.0.0.1:{doh}
tls: {{certificate: cert.pem, key: key.pem}}
zones: zones
state: state
workers: 1
admin: {{listen: "off"}}
"""

MODES = {  # what dnsperf is told
    "tcp": ("-m", "tcp"),
    "dot": ("-m", "dot"),
    "doh GET": ("-m", "doh", "-O", "doh-method=GET"),
    "doh POST": ("-m", "doh", "-O", "doh-method=POST"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    server: str
    mode: str
    queries: int
    cpu: float  # seconds

    def __str__(self) -> str:
        each = 1e6 * self.cpu / self.queries if self.queries else float("nan")
        return f"{self.server:8} {self.mode:8} {self.queries:9,} queries {each:7.1f} µs of CPU each"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    seconds = parser.parse_args().seconds
    with TemporaryDirectory() as path:
        folder = Path(path)
        _write(folder)
        for server, argv, settings, name in (
            ("geodns", [str(Path(sys.executable).parent / "geodns"), "serve", "-c"], _GEODNS, "geodns.yaml"),
            ("bind", ["named", "-f", "-n", "1", "-c"], _NAMED, "named.conf"),
        ):
            ports = {transport: free_port() for transport in ("tcp", "dot", "doh")}
            (folder / name).write_text(settings.format(folder=folder, **ports))
            with _running([*argv, str(folder / name)], folder) as process:
                for mode in MODES:
                    port = ports[mode.partition(" ")[0]]
                    _await(mode, port, folder, process)
                    print(_measured(server, mode, port, process.pid, folder, seconds), flush=True)
    return 0


def _write(folder: Path) -> None:
    (folder / "zones").mkdir()
    for path in (folder / "zones" / "example.com.zone", folder / "example.com.zone"):
        path.write_text(_ZONE_FILE)
    (folder / "questions").write_text("www.example.com A\n" * 1000)
    pair = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    subprocess.run(
        ["openssl", "req", "-x509", *curve, "-nodes", "-days", "2", "-subj", "/CN=localhost", *pair],
        check=True,
        capture_output=True,
    )


@contextmanager
def _running(argv: list[str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(argv, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _dnsperf(mode: str, port: int, folder: Path, *options: str, within: float = PATIENCE) -> int:
    """The number of queries that were answered with NOERROR."""
    argv = ["dnsperf", *MODES[mode], "-s", "127.0.0.1", "-p", str(port), "-d", str(folder / "questions"), *options]
    try:
        said = subprocess.run(argv, capture_output=True, text=True, timeout=within).stdout
    except subprocess.TimeoutExpired:  # it tries for ever where nothing listens
        return 0
    found = re.search(r"NOERROR (\d+)", said)
    return int(found[1]) if found else 0


def _await(mode: str, port: int, folder: Path, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is not None or not _dnsperf(mode, port, folder, "-l", "1", "-c", "1", "-q", "1", "-t", "1"):
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"nothing answers by {mode}; the log says\n{(folder / 'log').read_text()}")
        time.sleep(0.2)


def _measured(server: str, mode: str, port: int, pid: int, folder: Path, seconds: int) -> Figure:
    before = _cpu(pid)
    options = ("-l", str(seconds), "-c", str(CLIENTS), "-q", str(OUTSTANDING))
    queries = _dnsperf(mode, port, folder, *options, within=seconds + PATIENCE)
    return Figure(server, mode, queries, _cpu(pid) - before)


def _cpu(pid: int) -> float:
    """Seconds, of the process and its children: while one transport is asked, only one of them has work."""
    family = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    ticks = 0
    for each in family:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
