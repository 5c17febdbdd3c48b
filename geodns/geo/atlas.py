"""Address → place, as one database or several together know it."""

from dataclasses import dataclass, field

from geodns.geo.fold import fold
from geodns.geo.runs import Runs
from geodns.geo.special import SPECIAL_V4, SPECIAL_V6
from geodns.model.place import NOWHERE, Address, Place


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

    def place_of(self, address: Address) -> Place:
        """NOWHERE where the address is private, unroutable or not in the database."""
        address = fold(address)
        number = int(address)
        special, runs = (SPECIAL_V4, self.v4) if address.version == 4 else (SPECIAL_V6, self.v6)
        return NOWHERE if special.at(number) else self.places[runs.at(number)]
