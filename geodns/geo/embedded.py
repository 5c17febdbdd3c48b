"""The country database that comes with geodns, so that geography works without a licence key. It is approximate."""

from hashlib import sha256
from importlib.resources import files

from geodns.geo.atlas import Atlas, Database
from geodns.geo.centroids import place_of_country
from geodns.geo.compact import unpack

_DATA = files("geodns.geo").joinpath("data")

# DB-IP's licence asks for it wherever the data is shown.
ATTRIBUTION = _DATA.joinpath("attribution.txt").read_text(encoding="utf-8").strip()


def embedded() -> Atlas:
    """DB-IP Lite's countries, with the points of the country table as locations."""
    content = _DATA.joinpath("countries-dbip.xz").read_bytes()
    label, v4, v6 = unpack(content)
    name, digest = f"{label.source} {label.version}", sha256(content).hexdigest()
    return Atlas(
        name=name,
        built=label.built,
        digest=digest,
        places=tuple(place_of_country(code) for code in label.countries),
        v4=v4,
        v6=v6,
        databases=(Database(name=name, built=label.built, digest=digest),),
    )
