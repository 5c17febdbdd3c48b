"""A database's record → Place. Records are judged by what they hold, whatever the file calls itself.

Known forms: MaxMind's and DB-IP's nested ones (`country.iso_code`), and the flat ones of ip-location-db and IPinfo
(`country_code`). Where a field may stand in several places, they are tried in the order written here.
"""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from geodns.geo.centroids import countries, place_of_country
from geodns.model.place import NOWHERE, Location, Place

CONTINENTS = frozenset(("AF", "AN", "AS", "EU", "NA", "OC", "SA"))

Path = tuple[str | int, ...]
T = TypeVar("T")

_CONTINENT: tuple[Path, ...] = (("continent", "code"), ("continent_code",), ("continent",))
# Where a network is registered is better than nothing, as for anycast networks that are in no one country.
_COUNTRY: tuple[Path, ...] = (
    ("country", "iso_code"),
    ("country_code",),
    ("country",),
    ("registered_country", "iso_code"),
)
_SUBDIVISION: tuple[Path, ...] = (("subdivisions", 0, "iso_code"),)
_CITY: tuple[Path, ...] = (("city", "names", "en"), ("city",))
_LATITUDE: tuple[Path, ...] = (("location", "latitude"), ("latitude",), ("lat",))
_LONGITUDE: tuple[Path, ...] = (("location", "longitude"), ("longitude",), ("lng",))
_ASN: tuple[Path, ...] = (("autonomous_system_number",), ("traits", "autonomous_system_number"), ("asn",))

# All keys that a record is asked for.
WANTED = frozenset(
    step
    for paths in (_CONTINENT, _COUNTRY, _SUBDIVISION, _CITY, _LATITUDE, _LONGITUDE, _ASN)
    for path in paths
    for step in path
    if isinstance(step, str)
)


def place_from(record: object) -> Place:
    """What the record says, continent and location completed from the country; NOWHERE where it says nothing."""
    country = _first(record, _COUNTRY, _country_code)
    subdivision = _first(record, _SUBDIVISION, _subdivision_code)
    by_country = place_of_country(country) if country else NOWHERE
    return Place(
        continent=_first(record, _CONTINENT, _continent_code) or by_country.continent,
        country=country,
        subdivision=f"{country}-{subdivision}" if country and subdivision else None,
        city=_first(record, _CITY, _text),
        location=_location(record) or by_country.location,
        asn=_first(record, _ASN, _as_number),
    )


def unknown_country(place: Place) -> bool:
    """Whether the place has a country that the country table doesn't know, and so perhaps no continent."""
    return place.country is not None and place.country not in countries()


def _first(record: object, paths: Sequence[Path], convert: Callable[[object], T | None]) -> T | None:
    for path in paths:
        found = _at(record, path)
        value = None if found is None else convert(found)
        if value is not None:
            return value
    return None


def _at(record: object, path: Path) -> object:
    for step in path:
        if isinstance(record, dict) and isinstance(step, str):
            record = record.get(step)
        elif isinstance(record, list) and isinstance(step, int) and len(record) > step:
            record = record[step]
        else:
            return None
    return record


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _country_code(value: object) -> str | None:
    if not isinstance(value, str) or len(value) != 2 or not (value.isascii() and value.isalpha()):
        return None
    return value.upper() if value.upper() != "ZZ" else None  # ISO 3166 leaves ZZ to users, here for "unknown"


def _continent_code(value: object) -> str | None:
    return value if isinstance(value, str) and value in CONTINENTS else None


def _subdivision_code(value: object) -> str | None:
    fits = isinstance(value, str) and 1 <= len(value) <= 3 and value.isascii() and value.isalnum()
    return value.upper() if isinstance(value, str) and fits else None


def _location(record: object) -> Location | None:
    lat, lon = _first(record, _LATITUDE, _degrees), _first(record, _LONGITUDE, _degrees)
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return Location(lat=lat, lon=lon)


def _degrees(value: object) -> float | None:
    if not isinstance(value, int | float | str):
        return None
    try:
        degrees = float(value)
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) else None


def _as_number(value: object) -> int | None:
    """3320, "3320" or "AS3320"."""
    digits = value.removeprefix("AS") if isinstance(value, str) else str(value)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 10:
        return None
    return int(digits) if 0 < int(digits) < 1 << 32 else None
