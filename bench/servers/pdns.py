"""PowerDNS: the geoip backend, with networks and weights and no database, beside the bind backend for static zones."""

from collections.abc import Iterator
from pathlib import Path

from bench.facts import (
    DEFAULT_REGION,
    GEO_NAME,
    GEO_ZONE,
    NAME_SERVER,
    REGIONS,
    WEIGHTED_NAME,
    WEIGHTS,
    Facts,
    master_file,
)
from bench.servers.peer import Peer, Setup

_CONFIG = """\
daemon=no
guardian=no
disable-syslog=yes
loglevel=3
local-address=127.0.0.1
local-port={port}
socket-dir={folder}
launch=bind,geoip
bind-config={folder}/named.conf
geoip-zones-file={folder}/geo.yaml
geoip-database-files=
edns-subnet-processing=yes
receiver-threads=1
distributor-threads=1
"""


def setup(known: Facts, folder: Path, port: int) -> Setup:
    zones = (f'zone "{zone}" {{ type native; file "{folder}/{zone}.zone"; }};\n' for zone in known.static_zones)
    files = {
        "pdns.conf": _CONFIG.format(folder=folder, port=port),
        "named.conf": "".join(zones),
        "geo.yaml": "\n".join(_geo_zone(known)) + "\n",
        **{f"{zone}.zone": master_file(zone, known.hosts) for zone in known.static_zones},
    }
    return Setup(argv=("pdns_server", f"--config-dir={folder}"), files=files)


def _geo_zone(known: Facts) -> Iterator[str]:
    """A region is a name of its own, which the networks of the service lead to."""
    yield "domains:"
    yield f"- domain: {GEO_ZONE}"
    yield "  ttl: 30"
    yield "  records:"
    yield f"    {GEO_ZONE}:"
    yield f"    - soa: ns1.{GEO_ZONE} hostmaster.{GEO_ZONE} 1 3600 900 1209600 60"
    yield f"    - ns: ns1.{GEO_ZONE}"
    yield f"    ns1.{GEO_ZONE}: [{{a: {NAME_SERVER}}}]"
    for region, address in REGIONS.items():
        yield f"    {region}.{GEO_ZONE}: [{{a: {address}}}]"
    yield f"    {WEIGHTED_NAME}:"
    for address, weight in WEIGHTS.items():
        yield f"    - a: {{content: {address}, weight: {weight}}}"
    yield "  services:"
    yield f"    {GEO_NAME}:"
    yield f"      default: [{DEFAULT_REGION}.{GEO_ZONE}]"
    for network, region in known.regions:
        yield f"      {network}: [{region}.{GEO_ZONE}]"


PDNS = Peer(
    name="pdns",
    program="pdns_server",
    packages=("pdns-server", "pdns-backend-geoip", "pdns-backend-bind"),
    version=("pdns_server", "--version"),
    settings="receiver-threads 1, distributor-threads 1, caches as they come; geoip backend, bind backend for static",
    setup=setup,
)
