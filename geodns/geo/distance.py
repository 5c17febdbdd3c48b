"""How far it is from one place to another."""

from math import asin, cos, radians, sin, sqrt

from geodns.model.place import Location

EARTH_RADIUS = 6371.0088  # km, the mean radius of WGS 84


def kilometres(a: Location, b: Location) -> float:
    """Great-circle distance by the haversine formula, at most 0.6 % off as the earth is no perfect sphere."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_lat = sin((lat_b - lat_a) / 2)
    half_lon = sin(radians(b.lon - a.lon) / 2)
    haversine = half_lat * half_lat + cos(lat_a) * cos(lat_b) * half_lon * half_lon
    # Antipodes may come out a hair above 1, which asin refuses.
    return 2 * EARTH_RADIUS * asin(sqrt(min(1.0, haversine)))
