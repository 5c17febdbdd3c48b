"""Great-circle distances that atlases give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.distance import EARTH_RADIUS, kilometres
from geodns.model.place import Location

locations = st.builds(Location, lat=st.floats(-90, 90), lon=st.floats(-180, 180))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((51.5074, -0.1278), (48.8566, 2.3522), 344),  # London, Paris
        ((40.6413, -73.7781), (51.4700, -0.4543), 5540),  # JFK, Heathrow
        ((-18.14, 178.44), (-13.83, -171.77), 1150),  # Suva, Apia: across the antimeridian
        ((0, 179.5), (0, -179.5), 111.2),
        ((90, 0), (90, 123), 0),  # at the pole, all longitudes are one point
        ((89, 0), (89, 180), 222.4),  # over the pole, not round it
        ((60, 10), (60, 11), 55.6),  # a degree of longitude is half as long in the north
        ((0, 0), (0, 180), 20015.1),
        ((52, 13), (52, 13), 0),
    ],
)
def test_known_distances(a: tuple[float, float], b: tuple[float, float], expected: float) -> None:
    found = kilometres(Location(lat=a[0], lon=a[1]), Location(lat=b[0], lon=b[1]))
    assert found == pytest.approx(expected, rel=0.005, abs=0.1)


@given(locations, locations)
def test_it_is_as_far_there_as_back_and_never_beyond_the_antipodes(a: Location, b: Location) -> None:
    assert kilometres(a, b) == pytest.approx(kilometres(b, a))
    assert 0 <= kilometres(a, b) <= EARTH_RADIUS * 3.1416
