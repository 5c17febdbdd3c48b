"""NSD: static zones only. Debian builds it with --disable-recvmmsg."""

from pathlib import Path

from bench.facts import Facts, master_file
from bench.servers.peer import STATIC, Peer, Setup

_CONFIG = """\
server:
    ip-address: 127.0.0.1@{port}
    server-count: 1
    username: ""
    chroot: ""
    zonesdir: "{folder}"
    database: ""
    pidfile: "{folder}/nsd.pid"
    xfrdfile: "{folder}/xfrd.state"
    zonelistfile: "{folder}/zone.list"
    xfrdir: "{folder}"
    logfile: "{folder}/nsd.log"
    rrl-ratelimit: 0
    minimal-responses: yes
remote-control:
    control-enable: no
"""


def setup(known: Facts, folder: Path, port: int) -> Setup:
    zones = (f"zone:\n    name: {zone}\n    zonefile: {zone}.zone\n" for zone in known.static_zones)
    files = {
        "nsd.conf": _CONFIG.format(folder=folder, port=port) + "".join(zones),
        **{f"{zone}.zone": master_file(zone, known.hosts) for zone in known.static_zones},
    }
    return Setup(argv=("nsd", "-d", "-c", f"{folder}/nsd.conf"), files=files)


NSD = Peer(
    name="nsd",
    program="nsd",
    packages=("nsd",),
    version=("nsd", "-v"),
    settings="server-count 1, rrl-ratelimit 0, minimal-responses; Debian's build has recvmmsg disabled",
    setup=setup,
    workloads=STATIC,
)
