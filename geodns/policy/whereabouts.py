"""A client's address, or the place that a test names → the place as a policy's rules see it. Pure."""

from collections.abc import Callable
from dataclasses import replace

from geodns.geo.centroids import countries
from geodns.geo.fold import fold
from geodns.model.place import NOWHERE, Address, Place
from geodns.model.policy import Policy
from geodns.policy.route import own_networks

PlaceOf = Callable[[Address], Place]


def place_for(policy: Policy, address: Address, place_of: PlaceOf) -> Place:
    """The place as the policy's rules see it: the databases' and the own networks that the rules name.

    IPv6 that carries IPv4 is in the own networks that name it, else it is where the IPv4 address is.
    """
    mine = frozenset(network for network in own_networks(policy) if address in network)
    inner = fold(address)
    if inner == address:
        return replace(place_of(address), networks=mine)
    return replace(NOWHERE, networks=mine) if mine else place_for(policy, inner, place_of)


def located(place: Place) -> Place:
    """A country that is only named lies where the built-in table has it, as it does for clients that are looked up."""
    country = countries().get(place.country or "")
    return replace(place, location=country.location) if country and place.location is None else place
