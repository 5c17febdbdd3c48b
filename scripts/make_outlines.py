"""Make geodns/geo/data/outlines.xz: the outline of each country, for `geodns map`.

    python scripts/make_outlines.py                from the checkout; needs npm, and geodns installed

The shapes are Natural Earth's at 1:110 million, a TopoJSON file: borders are arcs that neighbours share, written as
differences (https://github.com/topojson/topojson-specification). Here each country gets its own rings, cut where the
map's edge is (geo/equal_earth.py), so that whoever draws them has nothing to think of.
"""

import json
import lzma
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from npm import Package, fetch

from geodns.geo.centroids import countries
from geodns.geo.equal_earth import EDGE
from geodns.geo.outlines import FORMAT, UNITS

SHAPES = Package(
    name="world-atlas",
    version="2.0.2",
    integrity="sha512-IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
)
CODES = Package(
    name="i18n-iso-countries",
    version="7.14.0",
    integrity="sha512-nXHJZYtNrfsi1UQbyRqm3Gou431elgLjKl//CYlnBGt5aTWdRPH1PiS2T/p/n8Q8LnqYqzQJik3Q7mkwvLokeg==",
)
FILE = Path(__file__).parent.parent / "geodns" / "geo" / "data" / "outlines.xz"

# Shapes without a number in ISO 3166-1. Databases have no code for the second and third, and give these.
BY_NAME = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
# Parts that have a code of their own: country, (west, south, east, north), code.
APART = (
    ("FR", (-55, 2, -51, 6), "GF"),
    ("NO", (10, 74, 36, 81), "SJ"),
)

Point = tuple[float, float]  # longitude, latitude
Ring = list[Point]  # closed: the last point is the first again


def main() -> None:
    topology = json.loads(fetch(SHAPES, "countries-110m.json"))
    codes = {number: alpha2 for alpha2, _, number, *_ in json.loads(fetch(CODES, "codes.json"))}
    rings: defaultdict[str, list[Ring]] = defaultdict(list)
    for geometry in topology["objects"]["countries"]["geometries"]:
        country = codes.get(geometry.get("id")) or BY_NAME[geometry["properties"]["name"]]
        for ring in rings_of(topology, geometry):
            rings[_part(country, ring)] += cut(ring)
    assert rings.keys() <= countries().keys()
    content = pack(rings)
    FILE.write_bytes(content)
    points = sum(len(ring) for found in rings.values() for ring in found)
    print(f"{len(content)} octets; {len(rings)} countries, {points} points", file=sys.stderr)


def _part(country: str, ring: Ring) -> str:
    for whole, (west, south, east, north), code in APART:
        if whole == country and all(west < lon < east and south < lat < north for lon, lat in ring):
            return code
    return country


# ── TopoJSON → rings ──────────────────────────────────────────────────────────────────────────────────────────────


def rings_of(topology: Any, geometry: Any) -> Iterator[Ring]:
    """Holes are rings too: drawn with the rule evenodd, they stay empty."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    for polygon in polygons:
        for numbers in polygon:
            ring: Ring = []
            for number in numbers:
                ring += _arc(topology, number)[1 if ring else 0 :]
            yield ring


def _arc(topology: Any, number: int) -> Ring:
    """A negative number, one's complement, is an arc the other way round."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    points: Ring = []
    for dx, dy in topology["arcs"][number if number >= 0 else ~number]:
        x, y = x + dx, y + dy
        points.append((x * scale_x + left, y * scale_y + bottom))
    return points if number >= 0 else points[::-1]


# ── the map's edge ────────────────────────────────────────────────────────────────────────────────────────────────


def cut(ring: Ring) -> Iterator[Ring]:
    """The ring in pieces between the edge's longitude and the same meridian 360° on."""
    unwound = _unwound(ring)
    if round(unwound[-1][0] - unwound[0][0]):
        yield _framed(_closed_over_pole(unwound))
    else:
        yield from filter(None, (_framed(_shifted(unwound, turns * 360)) for turns in (-1, 0, 1)))


def _framed(ring: Ring) -> Ring:
    return _clipped(_clipped(ring, EDGE, 1), EDGE + 360, -1)


def _shifted(ring: Ring, degrees: float) -> Ring:
    return [(lon + degrees, lat) for lon, lat in ring]


def _unwound(ring: Ring) -> Ring:
    """Without the leaps from 180° to -180°: longitudes go on beyond."""
    turns = 0
    points = ring[:1]
    for (before, _), (lon, lat) in pairwise(ring):
        turns -= round((lon - before) / 360)
        points.append((lon + 360 * turns, lat))
    return points


def _closed_over_pole(ring: Ring) -> Ring:
    """What goes around the earth, as Antarctica does: twice around from west of the edge, and back along the pole."""
    around = ring if ring[-1][0] > ring[0][0] else ring[::-1]
    first = _shifted(around, -360 * ((around[0][0] - EDGE) // 360 + 1))
    twice = [*first, *_shifted(first, 360)[1:]]
    return [*twice, (twice[-1][0], -90.0), (twice[0][0], -90.0), twice[0]]


def _clipped(ring: Ring, edge: float, side: int) -> Ring:
    """What lies east (side 1) or west (-1) of a meridian (Sutherland and Hodgman 1974)."""
    points: Ring = []
    for (lon, lat), (next_lon, next_lat) in pairwise(ring):
        here, there = (lon - edge) * side, (next_lon - edge) * side
        if here >= 0:
            points.append((lon, lat))
        if here * there < 0:
            points.append((edge, lat + (next_lat - lat) * here / (here - there)))
    return [*points, points[0]] if points else []


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────


def pack(rings: Mapping[str, Sequence[Ring]]) -> bytes:
    head = {
        "format": FORMAT,
        "source": f"Natural Earth 4.1, 1:110m countries, by way of npm {SHAPES.name} {SHAPES.version}",
        "licence": "public domain",
    }
    rows = [head, *([code, *_areas(rings[code])] for code in sorted(rings))]
    text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
    return lzma.compress(text.encode("ascii"), preset=9 | lzma.PRESET_EXTREME)


def _areas(rings: Sequence[Ring]) -> Iterator[list[int]]:
    """Without those that the grid makes a point or a line."""
    yield from (numbers for numbers in map(_differences, rings) if len(numbers) >= 6)


def _differences(ring: Ring) -> list[int]:
    """The first point, then from each point to the next: longitude and latitude in turn."""
    grid = [(round(lon * UNITS), round(lat * UNITS)) for lon, lat in ring[:-1]]
    steps = [(x - x0, y - y0) for (x0, y0), (x, y) in pairwise(((0, 0), *grid))]
    return [number for step in steps if step != (0, 0) for number in step]


if __name__ == "__main__":
    main()
