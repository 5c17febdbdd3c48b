"""A zone's own tests: what would a client get, if? Decided from the same rules and choices that answers come from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from geodns.geo.centroids import countries
from geodns.geo.fold import fold
from geodns.model.name import show_in
from geodns.model.place import NOWHERE, Address, Place
from geodns.model.policy import Policy
from geodns.model.pool import Family
from geodns.model.schedule import shown_in_utc
from geodns.model.zone import Expectation, Zone
from geodns.policy.choice import Choice, choose
from geodns.policy.route import own_networks, route_of
from geodns.policy.supposing import suppose_down

PlaceOf = Callable[[Address], Place]

NODATA = "NODATA"
_ROUNDED = 0.05  # per cent: 33.3% is a third
_NO_POLICY = "no policy's answer (the wildcard does not reach it: it has records, or a name above it exists)"


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that did not come out as expected."""

    test: Expectation
    zone: Zone
    got: str

    def __str__(self) -> str:
        name = show_in(self.test.owner, self.zone.name)
        origin = self.test.source_address or self.test.place
        down = f" with {', '.join(sorted(self.test.down))} down" if self.test.down else ""
        at = f" at {shown_in_utc(self.test.at)}" if self.test.at is not None else ""
        wanted = " or ".join(self.test.expect) or ", ".join(map(str, self.test.shares))
        return f"test failed: {name} {self.test.rtype} from {origin}{down}{at} gives {self.got}, expected {wanted}"


def failures(zone: Zone, place_of: PlaceOf) -> Iterator[Failure]:
    names = zone.names() if zone.tests else frozenset()
    for test in zone.tests:
        policy = zone.policy_of(test.owner, names)
        if policy is None:
            yield Failure(test, zone, _NO_POLICY)
            continue
        choice = _choice(zone, zone.policies[policy], test, place_of)
        if test.shares and not _shares_fit(choice, test):
            yield Failure(test, zone, _describe_shares(choice))
        elif test.expect and not any(_fits(choice, wanted) for wanted in test.expect):
            yield Failure(test, zone, _describe(choice))


def place_for(policy: Policy, address: Address, place_of: PlaceOf) -> Place:
    """The place as the policy's rules see it: the databases' and the own networks that the rules name.

    IPv6 that carries IPv4 is in the own networks that name it, else it is where the IPv4 address is.
    """
    mine = frozenset(network for network in own_networks(policy) if address in network)
    inner = fold(address)
    if inner == address:
        return replace(place_of(address), networks=mine)
    return replace(NOWHERE, networks=mine) if mine else place_for(policy, inner, place_of)


def _choice(zone: Zone, policy: Policy, test: Expectation, place_of: PlaceOf) -> Choice:
    place = place_for(policy, test.source_address, place_of) if test.source_address else _located(test.place or NOWHERE)
    pools, outlook = suppose_down(zone.pools, test.down)
    outlook = replace(outlook, now=test.at)
    family = Family.IPV6 if test.rtype == Family.IPV6.rtype else Family.IPV4
    return choose(zone.name, route_of(policy, pools, place), policy, pools, family, outlook)


def _located(place: Place) -> Place:
    """A country that is only named lies where the built-in table has it, as it does for clients that are looked up."""
    country = countries().get(place.country or "")
    return replace(place, location=country.location) if country and place.location is None else place


def _fits(choice: Choice, wanted: str) -> bool:
    if choice.pool is None or not choice.roster.own:
        return wanted == NODATA
    homes = {member.home or choice.pool for member in choice.roster.own}
    members = {f"{member.home or choice.pool}/{member.name}" for member in choice.roster.own}
    return wanted == choice.pool or wanted in homes or wanted in members


def _shares_fit(choice: Choice, test: Expectation) -> bool:
    shares = {pool: float(share) * 100 for pool, share in choice.by_pool()}
    return all(each.low - _ROUNDED <= shares.get(each.pool, 0.0) <= each.high + _ROUNDED for each in test.shares)


def _describe_shares(choice: Choice) -> str:
    shares = ", ".join(f"{pool} {float(share) * 100:.4g}%" for pool, share in choice.by_pool())
    return f"{shares} ({choice.ground.value})" if shares else _describe(choice)


def _describe(choice: Choice) -> str:
    if choice.pool is None:
        return f"{NODATA} ({choice.ground.value})"
    if not choice.roster.own:
        return f"{NODATA} ({choice.pool} has no address of this family)"
    return f"{choice.pool} ({', '.join(member.name for member in choice.roster.own)}; {choice.ground.value})"
