"""Many zone files of one kind: static names, pools without checks, and policies over them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

LABELS = ("host", "www", "db", "mail-in", "x")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    zones: int = 1000
    names: int = 1000  # static ones of a zone, each with an address of its own
    pools: int = 10  # of a zone
    steered: int = 5  # names of a zone


def write_zones(folder: Path, extent: Extent) -> None:
    dice = Random(1)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(extent.zones):
        text = "\n".join(zone_lines(number, extent, dice))
        (folder / f"zone{number}.example.yaml").write_text(f"{text}\n")


def zone_lines(number: int, extent: Extent, dice: Random) -> Iterator[str]:
    """Two policies, one by continents and distance, one that is weighted; the rest is static."""
    pools = [f"p{pool}" for pool in range(extent.pools)]
    yield f"zone: zone{number}.example"
    yield "ttl: 5m"
    yield "soa: {primary: ns1, contact: hostmaster}"
    yield "pools:"
    yield from (_pool(name, at, number) for at, name in enumerate(pools))
    yield "policies:"
    yield "  far:"
    yield "    rules:"
    yield f"      - {{continent: [EU, AF], pools: [{pools[0]}]}}"
    yield f"      - {{pools: {{nearest: [{', '.join(pools[1:])}]}}}}"
    yield f"  shared: {{pools: [{', '.join(pools)}], select: weighted, ttl: 30s}}"
    yield "records:"
    yield '  "@": {NS: [ns1, ns2]}'
    yield "  ns1: {A: 192.0.2.1}"
    yield "  ns2: {A: 192.0.2.2}"
    yield from (f"  geo{at}: {{policy: {('far', 'shared')[at % 2]}}}" for at in range(extent.steered))
    yield from (f"  {LABELS[at % 5]}{at}: {{A: {_address(dice)}}}" for at in range(extent.names))


def _pool(name: str, at: int, zone: int) -> str:
    place = f"{{lat: {at * 13 % 120 - 60}, lon: {at * 37 % 360 - 180}}}"
    members = ", ".join(
        f"m{member}: {{A: 198.18.{zone % 256}.{at * 2 + member}, weight: {member}}}" for member in (1, 2)
    )
    return f"  {name}: {{location: {place}, members: {{{members}}}}}"


def _address(dice: Random) -> str:
    return ".".join(map(str, dice.getrandbits(32).to_bytes(4)))
