"""Real generations in a real state folder: one static zone whose `www` tells which generation answers."""

from pathlib import Path

from geodns.model.name import parse_name
from geodns.model.source import Source
from geodns.model.zone import RRset, Soa, Zone
from geodns.table.compile import names_part, plans_part
from geodns.table.lands import Lands, territories_part
from geodns.table.store import Store

ORIGIN = parse_name("example.com.")
NAME = "www.example.com."
_SOURCE = Source("example.com.yaml")


def publish(state: Path, last_octet: int) -> int:
    """A new generation in which www.example.com is 192.0.2.`last_octet`. Returns its number."""
    zones = [_zone(last_octet)]
    parts = {
        "names": names_part(zones, {ORIGIN: last_octet}, {ORIGIN: 1}),
        "territories": territories_part(Lands((), {})),
        "plans": plans_part([]),
    }
    return Store(state).publish(parts, created=float(last_octet), memo={}).generation


def damage(state: Path, generation: int) -> None:
    """Turns one bit of the generation's names."""
    store = Store(state)
    path = store.parts / store.manifest(generation).parts["names"]
    octets = bytearray(path.read_bytes())
    octets[-1] ^= 1
    path.unlink()  # other processes may have the old file mapped
    path.write_bytes(octets)


def _zone(last_octet: int) -> Zone:
    soa = Soa(primary=parse_name("ns1", ORIGIN), contact=parse_name("hostmaster", ORIGIN), ttl=300)
    name_server = RRset(ORIGIN, 2, 300, (parse_name("ns1", ORIGIN),))
    www = RRset(parse_name(NAME), 1, 60, (bytes((192, 0, 2, last_octet)),))
    return Zone(name=ORIGIN, soa=soa, rrsets=(name_server, www), source=_SOURCE)
