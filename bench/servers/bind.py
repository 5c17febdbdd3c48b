"""BIND: static zones only."""

from pathlib import Path

from bench.facts import Facts, master_file
from bench.servers.peer import STATIC, Peer, Setup

_OPTIONS = """\
options {{
    directory "{folder}";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    recursion no;
    minimal-responses yes;
    notify no;
    empty-zones-enable no;
    dnssec-validation no;
    pid-file none;
    session-keyfile none;
}};
controls {{}};
"""


def setup(known: Facts, folder: Path, port: int) -> Setup:
    zones = (f'zone "{zone}" {{ type primary; file "{folder}/{zone}.zone"; }};\n' for zone in known.static_zones)
    files = {
        "named.conf": _OPTIONS.format(folder=folder, port=port) + "".join(zones),
        **{f"{zone}.zone": master_file(zone, known.hosts) for zone in known.static_zones},
    }
    return Setup(argv=("named", "-f", "-n", "1", "-c", f"{folder}/named.conf"), files=files)


BIND = Peer(
    name="bind",
    program="named",
    packages=("bind9",),
    version=("named", "-v"),
    settings="-n 1 (one thread), recursion no, minimal-responses yes",
    setup=setup,
    workloads=STATIC,
)
