"""Knot DNS: mod-geoip by subnet and by weight, master files."""

from pathlib import Path

from bench.facts import DEFAULT_REGION, GEO_NAME, GEO_ZONE, REGIONS, WEIGHTED_NAME, WEIGHTS, Facts, master_file
from bench.servers.peer import Peer, Setup

_CONFIG = """\
server:
    rundir: {folder}
    listen: 127.0.0.1@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    edns-client-subnet: on
database:
    storage: {folder}/db
log:
  - target: stderr
    any: warning
mod-geoip:
  - id: www
    config-file: {folder}/www
    ttl: 30
    mode: subnet
  - id: weighted
    config-file: {folder}/weighted
    ttl: 30
    mode: weighted
zone:
  - domain: {geo}
    file: {folder}/{geo}.zone
    module: [mod-geoip/www, mod-geoip/weighted]
"""


def setup(known: Facts, folder: Path, port: int) -> Setup:
    # A name that mod-geoip answers for has to be in the zone too; that record is the answer where no network fits.
    others = f"www 30 A {REGIONS[DEFAULT_REGION]}\nweighted 30 A {next(iter(WEIGHTS))}\n"
    static = "".join(f"  - domain: {zone}\n    file: {folder}/{zone}.zone\n" for zone in known.static_zones)
    nets = (f"  - net: {network}\n    A: {REGIONS[region]}\n" for network, region in known.regions)
    weights = (f"  - weight: {weight}\n    A: {address}\n" for address, weight in WEIGHTS.items())
    files = {
        "knot.conf": _config(folder, port) + static,
        "www": f"{GEO_NAME}:\n" + "".join(nets),
        "weighted": f"{WEIGHTED_NAME}:\n" + "".join(weights),
        f"{GEO_ZONE}.zone": master_file(GEO_ZONE, 0) + others,
        **{f"{zone}.zone": master_file(zone, known.hosts) for zone in known.static_zones},
    }
    return Setup(argv=("knotd", "-c", f"{folder}/knot.conf"), files=files, folders=("db",))


def _config(folder: Path, port: int) -> str:
    return _CONFIG.format(folder=folder, port=port, geo=GEO_ZONE)


KNOT = Peer(
    name="knot",
    program="knotd",
    packages=("knot", "knot-module-geoip"),
    version=("knotd", "-V"),
    settings="udp-workers 1, tcp-workers 1, background-workers 1; mod-geoip, modes subnet and weighted",
    setup=setup,
)
