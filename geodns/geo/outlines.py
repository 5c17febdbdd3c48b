"""Country code → its outline, for drawing. Borders are those of Natural Earth, which shows who holds a place in fact.

The file, once unpacked: a line of JSON that says where it is from, then a line for each country, its code and its
rings. A ring is longitudes and latitudes in turn, in UNITS a degree: the first point, then from each point to the next.
"""

import json
import lzma
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import accumulate
from types import MappingProxyType

from geodns.model.place import Location

ATTRIBUTION = "Outlines of countries: Natural Earth (https://www.naturalearthdata.com), public domain"

FORMAT = 1
UNITS = 50  # a degree: some 2 km

Ring = tuple[Location, ...]  # from its last point back to the first; longitudes from equal_earth.EDGE on


@cache
def outlines() -> Mapping[str, tuple[Ring, ...]]:
    """Of all countries that are large enough for a map of the world. A ring within another one is a hole."""
    content = files("geodns.geo").joinpath("data/outlines.xz").read_bytes()
    head, *rows = map(json.loads, lzma.decompress(content).splitlines())
    assert head["format"] == FORMAT, "the outlines are of another version of geodns"
    return MappingProxyType({code: tuple(map(_ring, rings)) for code, *rings in rows})


def _ring(steps: list[int]) -> Ring:
    return tuple(
        Location(lat=lat, lon=lon) for lon, lat in zip(_degrees(steps[0::2]), _degrees(steps[1::2]), strict=True)
    )


def _degrees(steps: Iterable[int]) -> Iterable[float]:
    return (units / UNITS for units in accumulate(steps))
