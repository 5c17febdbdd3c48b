"""Where a client is, as far as the databases know."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A point on the globe, in degrees: latitude north, longitude east."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known of a prefix. Codes are upper case; what is not known is None.

    `continent` is one of AF AN AS EU NA OC SA, `country` an ISO 3166-1 alpha-2 code, `subdivision` an ISO 3166-2
    code with its country (`US-CA`). `networks` are those of the operator's own that contain the address.
    """

    continent: str | None = None
    country: str | None = None
    subdivision: str | None = None
    city: str | None = None
    location: Location | None = None
    asn: int | None = None
    networks: frozenset[Network] = frozenset()

    def __str__(self) -> str:
        known = (self.continent, self.country, self.subdivision, self.city)
        return "/".join(part for part in known if part) or "unknown"


NOWHERE = Place()
