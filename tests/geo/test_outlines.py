"""The shapes of countries, and the projection that lays them flat."""

from importlib.resources import files
from math import isclose, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.centroids import countries
from geodns.geo.equal_earth import EDGE, HEIGHT, WIDTH, project, within
from geodns.geo.outlines import Ring, outlines
from geodns.model.place import Location

FILE = files("geodns.geo").joinpath("data/outlines.xz")


def test_the_file_is_small() -> None:
    assert len(FILE.read_bytes()) < 40_000


def test_every_shape_is_of_a_country_in_the_table() -> None:
    assert outlines().keys() <= countries().keys()
    assert len(outlines()) == 177


def test_every_ring_is_an_area_on_the_map() -> None:
    for rings in outlines().values():
        for ring in rings:
            assert len(ring) >= 3
            assert all(-90 <= at.lat <= 90 and EDGE <= at.lon <= EDGE + 360 for at in ring)


def test_nothing_but_antarctica_reaches_from_one_edge_of_the_map_to_the_other() -> None:
    wide = {code for code, rings in outlines().items() for ring in rings if _width(ring) > 180}
    assert wide == {"AQ"}


def test_antarctica_goes_to_the_pole() -> None:
    assert min(at.lat for ring in outlines()["AQ"] for at in ring) == -90


def test_countries_beyond_180_degrees_are_in_one_piece() -> None:
    assert max(at.lon for ring in outlines()["RU"] for at in ring) == pytest.approx(190.1, abs=0.1)
    assert all(_width(ring) < 2 for ring in outlines()["FJ"])


def _width(ring: Ring) -> float:
    lons = [at.lon for at in ring]
    return max(lons) - min(lons)


@pytest.mark.parametrize("code", ["DE", "FR", "US", "BR", "JP", "RU", "ZA", "AU", "XK", "GF", "TW"])
def test_a_shape_lies_around_its_country_s_point(code: str) -> None:
    at = within(countries()[code].location)
    assert sum(_encloses(ring, at) for ring in outlines()[code]) == 1


def test_a_country_inside_another_one_is_a_hole_in_it() -> None:
    lesotho = countries()["LS"].location
    assert sum(_encloses(ring, lesotho) for ring in outlines()["ZA"]) == 2


def _encloses(ring: Ring, at: Location) -> bool:
    """A ray to the east crosses the ring an odd number of times."""
    crossed = False
    for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (a.lat > at.lat) != (b.lat > at.lat):
            crossed ^= at.lon < a.lon + (b.lon - a.lon) * (at.lat - a.lat) / (b.lat - a.lat)
    return crossed


# ── the projection ────────────────────────────────────────────────────────────────────────────────────────────────

MIDDLE = EDGE + 180


def test_the_middle_of_the_map_is_zero() -> None:
    assert project(Location(lat=0, lon=MIDDLE)) == pytest.approx((0, 0))


def test_the_map_has_the_proportions_that_its_authors_name() -> None:
    pole = 2 * project(Location(lat=90, lon=EDGE + 360))[0]
    assert round(WIDTH / HEIGHT, 2) == 2.05
    assert round(pole / WIDTH, 2) == 0.59


@given(st.floats(-89, 89), st.floats(EDGE + 1, EDGE + 359))
def test_areas_keep_their_proportions(lat: float, lon: float) -> None:
    """A small square has everywhere the same area on the map as on the globe."""
    size = 1e-3  # degrees
    x0, y0 = project(Location(lat=lat, lon=lon))
    x1, y1 = project(Location(lat=lat, lon=lon + size))
    x2, y2 = project(Location(lat=lat + size, lon=lon))
    on_map = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    on_globe = radians(size) * (sin(radians(lat + size)) - sin(radians(lat)))
    assert isclose(on_map, on_globe, rel_tol=1e-3)


@pytest.mark.parametrize(("lon", "on_map"), [(0, 0), (-170, 190), (180, 180), (-168, -168), (-168.4, -168.4)])
def test_a_point_has_its_longitude_within_the_map_s_edges(lon: float, on_map: float) -> None:
    assert within(Location(lat=1, lon=lon)).lon == pytest.approx(on_map)
