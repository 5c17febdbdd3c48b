"""Address → place, as one database or several together know it."""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from geodns.geo.fold import fold
from geodns.geo.runs import Runs
from geodns.geo.special import SPECIAL_V4, SPECIAL_V6
from geodns.model.place import NOWHERE, Address, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """What an atlas was read from. `built`: seconds since the epoch; `tells`: what it knows of addresses."""

    name: str
    built: int
    digest: str  # SHA-256, in hex
    tells: str = "places"


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """Both address spaces, cut into places. The values of `v4` and `v6` index `places`; places[0] is NOWHERE."""

    name: str
    built: int  # seconds since the epoch; of several databases, the oldest one's
    digest: str  # SHA-256 of what it was read from, in hex
    places: tuple[Place, ...] = field(repr=False)
    v4: Runs
    v6: Runs
    warnings: tuple[str, ...] = ()
    databases: tuple[Database, ...] = ()  # the first that knows something is believed

    def place_of(self, address: Address) -> Place:
        """NOWHERE where the address is private, unroutable or not in the database."""
        address = fold(address)
        number = int(address)
        special, runs = (SPECIAL_V4, self.v4) if address.version == 4 else (SPECIAL_V6, self.v6)
        return NOWHERE if special.at(number) else self.places[runs.at(number)]

    def address_at(self, wanted: Place) -> Address | None:
        """The first routable address at a place that agrees with all that is known of `wanted`; IPv4 before IPv6."""
        fitting = {number for number, place in enumerate(self.places) if _agrees(place, wanted)}
        for runs, make in ((self.v4, IPv4Address), (self.v6, IPv6Address)):
            for start, value in zip(runs.starts, runs.values, strict=True):
                if value in fitting and _agrees(self.place_of(make(start)), wanted):
                    return make(start)
        return None


def _agrees(place: Place, wanted: Place) -> bool:
    asked = (
        (wanted.continent, place.continent),
        (wanted.country, place.country),
        (wanted.subdivision, place.subdivision),
    )
    return all(want is None or want == found for want, found in asked)
