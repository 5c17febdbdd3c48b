"""gdnsd: the geoip plugin on a map of networks, the weighted plugin, zone files."""

from pathlib import Path

from bench.facts import DEFAULT_REGION, GEO_ZONE, REGIONS, WEIGHTS, Facts, master_file
from bench.servers.peer import Peer, Setup

_CONFIG = """\
options => {{
  listen => 127.0.0.1:{port}, udp_threads => 1, tcp_threads => 1
  run_dir => {folder}/run, state_dir => {folder}/state
}}
plugins => {{
  geoip => {{
    maps => {{ world => {{ datacenters => [ {order} ], nets => nets }} }}
    resources => {{ www => {{ map => world, service_types => up, dcmap => {{ {regions} }} }} }}
  }}
  weighted => {{ service_types => up, all => {{ {weights} }} }}
}}
"""


def setup(known: Facts, folder: Path, port: int) -> Setup:
    order = [DEFAULT_REGION, *(region for region in REGIONS if region != DEFAULT_REGION)]
    config = _CONFIG.format(
        port=port,
        folder=folder,
        order=", ".join(order),
        regions=", ".join(f"{region} => {address}" for region, address in REGIONS.items()),
        weights=", ".join(f"m{n} => [ {address}, {weight} ]" for n, (address, weight) in enumerate(WEIGHTS.items())),
    )
    geo = master_file(GEO_ZONE, 0) + "www 30 DYNA geoip!www\nweighted 30 DYNA weighted!all\n"
    files = {
        "config": config,
        "geoip/nets": "".join(f"{network} => {region}\n" for network, region in known.regions),
        f"zones/{GEO_ZONE}": geo,
        **{f"zones/{zone}": master_file(zone, known.hosts) for zone in known.static_zones},
    }
    return Setup(argv=("gdnsd", "-c", str(folder), "start"), files=files, folders=("run", "state"))


GDNSD = Peer(
    name="gdnsd",
    program="gdnsd",
    packages=("gdnsd",),
    version=("gdnsd", "-c", "/nonexistent", "checkconf"),
    settings="udp_threads 1, tcp_threads 1; geoip plugin with `nets`, weighted plugin",
    setup=setup,
)
