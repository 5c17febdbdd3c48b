"""geodns: own networks as rules, a weighted pool, master files; and its variants."""

import json
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from bench.facts import DEFAULT_REGION, GEO_ZONE, NAME_SERVER, REGIONS, WEIGHTS, Facts, master_file
from bench.servers.peer import Peer, Setup

_GEODNS = (sys.executable, "-P", "-m", "geodns")
_ZONE = """\
zone: {zone}
soa: {{primary: ns1, contact: hostmaster}}
pools:
{pools}
  weighted: {{members: {weighted}}}
policies:
  geo:
    ttl: 30s
    rules:
{rules}
      - {{pools: [{default}]}}
records:
  "@": {{NS: [ns1, ns2]}}
  ns1: {{A: {server}}}
  ns2: {{A: {server}}}
  www: {{policy: geo}}
  weighted: {{pool: weighted, select: weighted, ttl: 30s}}
"""
_NONE: Mapping[str, str] = MappingProxyType({})
_ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[2])}


def setup(
    known: Facts,
    folder: Path,
    port: int,
    *,
    workers: int = 1,
    settings: Mapping[str, object] = _NONE,
    environment: Mapping[str, str] = _NONE,
) -> Setup:
    server = {
        "listen": f"127.0.0.1:{port}",
        "workers": workers,
        "zones": "zones/",
        "state": "state/",
        "admin": {"listen": "off"},
        "watch": False,
        "networks": _networks(known),
        **settings,
    }
    files = {
        "geodns.yaml": "".join(f"{key}: {json.dumps(value)}\n" for key, value in server.items()),
        f"zones/{GEO_ZONE}.yaml": _zone(),
        **{f"zones/{zone}.zone": master_file(zone, known.hosts) for zone in known.static_zones},
    }
    config = f"{folder}/geodns.yaml"
    return Setup(
        argv=(*_GEODNS, "serve", "-c", config),
        check=(*_GEODNS, "check", "-c", config),
        files=files,
        environment={**_ENVIRONMENT, **environment},
    )


def _networks(known: Facts) -> dict[str, list[str]]:
    """The default region's need no rule."""
    return {
        wanted: [str(network) for network, region in known.regions if region == wanted]
        for wanted in REGIONS
        if wanted != DEFAULT_REGION
    }


def _zone() -> str:
    weighted = {f"m{n}": {"A": str(address), "weight": weight} for n, (address, weight) in enumerate(WEIGHTS.items())}
    rules = (f"      - {{network: [{region}], pools: [{region}]}}" for region in REGIONS if region != DEFAULT_REGION)
    return _ZONE.format(
        zone=GEO_ZONE,
        pools="\n".join(f"  {region}: {{members: {{m: {{A: {address}}}}}}}" for region, address in REGIONS.items()),
        weighted=json.dumps(weighted),
        rules="\n".join(rules),
        default=DEFAULT_REGION,
        server=NAME_SERVER,
    )


_VERSION = (*_GEODNS, "--version")
_GEO = frozenset({"geo"})

PLAIN = Peer(name="geodns", settings="1 worker, defaults", setup=setup, version=_VERSION)
SPINNING = Peer(
    name="geodns spin",
    settings="spin: 50us",
    setup=partial(setup, settings={"spin": "50us"}),
    version=_VERSION,
    workloads=_GEO,
    of_same="geodns",
)
SINGLY = Peer(
    name="geodns unsegmented",
    settings="udp_segmentation: false",
    setup=partial(setup, settings={"udp_segmentation": False}),
    version=_VERSION,
    workloads=_GEO,
    of_same="geodns",
)
INTERPRETED = Peer(
    name="geodns interpreted",
    settings="GEODNS_SPEED=interpreted",
    setup=partial(setup, environment={"GEODNS_SPEED": "interpreted"}),
    version=_VERSION,
    of_same="geodns",
    speed="interpreted",
)
TWO_WORKERS = Peer(name="geodns 2 workers", settings="2 workers", setup=partial(setup, workers=2), version=_VERSION)
