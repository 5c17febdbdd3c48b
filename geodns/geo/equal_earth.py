"""A point on the globe → a point on a flat map, the Equal Earth projection: areas keep their proportions.

B. Šavrič, T. Patterson and B. Jenny, "The Equal Earth map projection", International Journal of Geographical
Information Science 33 (2019), https://doi.org/10.1080/13658816.2018.1504949
"""

from math import asin, cos, radians, sin, sqrt

from geodns.model.place import Location

# The map is cut in the Bering Strait, where no country reaches from one side to the other, and not at 180°.
EDGE = -168.4  # degrees east, the left edge; the right edge is the same meridian
_MIDDLE = EDGE + 180

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2


def project(at: Location) -> tuple[float, float]:
    """x from -WIDTH/2 to WIDTH/2 eastward, y from -HEIGHT/2 to HEIGHT/2 northward, in radii of the globe.

    Longitudes lie from EDGE to EDGE + 360, both included.
    """
    theta = asin(_M * sin(radians(at.lat)))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    stretch = 9 * _A4 * t6 * t2 + 7 * _A3 * t6 + 3 * _A2 * t2 + _A1
    x = radians(at.lon - _MIDDLE) * cos(theta) / (_M * stretch)
    return x, theta * (_A4 * t6 * t2 + _A3 * t6 + _A2 * t2 + _A1)


def within(at: Location) -> Location:
    """The same point with the longitude that it has on the map."""
    return Location(lat=at.lat, lon=(at.lon - EDGE) % 360 + EDGE)


WIDTH = 2 * project(Location(lat=0.0, lon=EDGE + 360))[0]
HEIGHT = 2 * project(Location(lat=90.0, lon=_MIDDLE))[1]
