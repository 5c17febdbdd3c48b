"""A vocabulary of two probes, a good zone, and short ways to read a text as a file."""

from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path

from geodns.config.problem import ConfigError, Problem
from geodns.config.transfers import Acquaintances
from geodns.config.yaml_zone import Vocabulary
from geodns.config.zones import load
from geodns.model.check import Heard
from geodns.model.place import Address
from geodns.model.zone import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Tcp:
    """The member accepts a connection."""

    port: int

    def __post_init__(self) -> None:
        if not 0 < self.port < 65536:
            raise ValueError(f"port {self.port} is not between 1 and 65535")

    async def ask(self, address: Address) -> Heard:
        return Heard("open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What the answer has to hold."""

    status: tuple[str, ...] = ("200-299",)
    body: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """The member answers a request."""

    port: int = 80
    path: str = "/"
    expect: Expect = Expect()

    async def ask(self, address: Address) -> Heard:
        return Heard("200 OK")


COUNTRIES = {"DE": "EU", "AT": "EU", "CH": "EU", "NO": "EU", "FR": "EU", "KP": "AS", "GB": "EU", "US": "NA", "IT": "EU"}
VOCABULARY = Vocabulary(
    probes={"tcp": Tcp, "http": Http},
    selections=("round_robin", "weighted", "random", "sticky", "least_load", "all"),
    countries=COUNTRIES,
)
OFFICE = Acquaintances({"office": (IPv4Network("198.18.0.0/24"),)})

GOOD = """\
zone: example.com
ttl: 5m
soa: {primary: ns1, contact: host.master@example.com, negative_ttl: 60s}

checks:
  web: {type: http, path: /healthz, interval: 10s, timeout: 3s, rise: 2, fall: 3,
        expect: {status: [200-299], body: ok}}

pools:
  eu:
    check: web
    location: {lat: 50.11, lon: 8.68}
    min_healthy: 50%
    members:
      fra1: {A: 192.0.2.10, AAAA: "2001:db8:1::10", weight: 3}
      fra2: {A: [192.0.2.11, 192.0.2.12]}
  us:
    check: web
    location: {lat: 39.04, lon: -77.49}
    members:
      iad1: {A: 198.51.100.10, AAAA: "2001:db8:2::10"}
      iad2: {A: 198.51.100.11, state: drain}
  sorry: {members: {static1: {A: 203.0.113.1, AAAA: "2001:db8:3::1"}}}

policies:
  global:
    rules:
      - {network: [203.0.113.0/24, office], pools: [us]}
      - {country: [DE, AT, NO], pools: [eu], fence: true}
      - {continent: [EU, AF], pools: [eu, us]}
      - {country: [KP], pools: []}
      - {pools: {nearest: [eu, us]}}
    select: weighted
    answers: 1
    ttl: 30s
    fallback: sorry

records:
  "@":   {NS: [ns1, ns2], MX: ["10 mail"], policy: global}
  ns1:   {A: 192.0.2.53}
  ns2:   {A: 198.51.100.53}
  mail:  {A: 192.0.2.25}
  www:   {policy: global}
  api:   {pool: eu, select: round_robin}
  api2:  {pool: eu, select: round_robin}
  shop:  {CNAME: www}
  "*.dev": {A: [192.0.2.80, 192.0.2.81], ttl: 1h}
  old:   {A: 192.0.2.9, TXT: {ttl: 1d, data: "its own TTL"}}
  txt:   {TXT: v=spf1 -all}
  odd:   {TYPE65280: '\\# 4 0a000001'}

tests:
  - {name: www, from: 203.0.113.7, expect: us}
  - {name: www, place: EU/FR, down: [eu, us/iad1], expect: [us, NODATA]}
"""


def read(text: str, folder: Path) -> Zone:
    """The zone, which has to be without warnings."""
    (folder / "zone.yaml").write_text(text, encoding="utf-8")
    loaded = load([folder / "zone.yaml"], VOCABULARY, OFFICE)
    assert loaded.warnings == ()
    return loaded.zones[0]


def problems(text: str, folder: Path) -> list[str]:
    """What is said of the text: `line:column: message`."""
    file = folder / "zone.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        found: tuple[Problem, ...] = load([file], VOCABULARY, OFFICE).warnings
    except ConfigError as error:
        found = error.problems
    return [str(problem).removeprefix(f"{file}:") for problem in found]


def changed(old: str, new: str) -> str:
    """The good zone with one thing changed."""
    assert GOOD.count(old) == 1, f"{old!r} stands {GOOD.count(old)} times in the example"
    return GOOD.replace(old, new)
