"""A zone with two pools, written to a folder for the verbs to read."""

from pathlib import Path

ZONE = """\
zone: example.com
pools:
  eu:
    location: {lat: 50.11, lon: 8.68}
    members:
      fra1: {A: 192.0.2.10, weight: 3}
      fra2: {A: 192.0.2.11}
  us:
    location: {lat: 39.04, lon: -77.49}
    members:
      iad1: {A: 198.51.100.10}
policies:
  global:
    rules:
      - {network: [203.0.113.0/24], pools: [us]}
      - {continent: [EU], pools: [eu, us]}
      - {pools: [us, eu]}
    select: weighted
    ttl: 30s
records:
  "@":  {NS: [ns1, ns2]}
  ns1:  {A: 192.0.2.53}
  ns2:  {A: 198.51.100.53}
  www:  {policy: global}
  shop: {CNAME: www}
tests:
  - {name: www, from: 203.0.113.7, expect: us}
"""


DATABASE = Path(__file__).parents[1] / "geo" / "data" / "GeoIP2-Country-Test.mmdb"


def settings(folder: Path) -> Path:
    """A geodns.yaml with a small database: with the embedded one a test takes a second longer."""
    return written(folder, f"geo: {{country: {DATABASE}}}\n", "geodns.conf")


def changed(*edits: tuple[str, str]) -> str:
    text = ZONE
    for old, new in edits:
        assert old in text, f"{old!r} is not in the example"
        text = text.replace(old, new)
    return text


def written(folder: Path, text: str = ZONE, name: str = "example.com.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
