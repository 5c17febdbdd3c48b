"""Country code → continent, name, and a point that stands for the country where a database has none.

The point is the centre of where the people live, not of the land: Canada's is near Toronto, not in the tundra.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from geodns.model.place import NOWHERE, Location, Place

ATTRIBUTION = "Points of countries: made from GeoNames (https://www.geonames.org), CC BY 4.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """`code` is an ISO 3166-1 alpha-2 code, or XK for Kosovo, which databases use too."""

    code: str
    continent: str
    location: Location
    name: str  # in English


@cache
def countries() -> Mapping[str, Country]:
    """All countries by their codes."""
    text = files("geodns.geo").joinpath("data/countries.tsv").read_text(encoding="utf-8")
    rows = (_country(line) for line in text.splitlines() if line and not line.startswith("#"))
    return MappingProxyType({country.code: country for country in rows})


@cache
def place_of_country(code: str) -> Place:
    """What the country table knows of a country; NOWHERE for an empty code."""
    if not code:
        return NOWHERE
    country = countries().get(code)
    if country is None:
        return Place(country=code)
    return Place(continent=country.continent, country=code, location=country.location)


def _country(line: str) -> Country:
    code, continent, lat, lon, name = line.split("\t")
    return Country(code=code, continent=continent, location=Location(lat=float(lat), lon=float(lon)), name=name)
