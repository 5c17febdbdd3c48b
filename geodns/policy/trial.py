"""A zone's own tests: what would a client get, if? Decided from the same rules and choices that answers come from."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from geodns.geo.centroids import countries
from geodns.geo.fold import fold
from geodns.model.name import Name, show, show_in
from geodns.model.place import NOWHERE, Address, Place
from geodns.model.policy import Policy
from geodns.model.schedule import shown_in_utc
from geodns.model.zone import Expectation, Zone
from geodns.policy.choice import Choice, choose
from geodns.policy.resolving import Resolver, Saying, resolver_for
from geodns.policy.route import own_networks, route_of
from geodns.policy.supposing import suppose_down

PlaceOf = Callable[[Address], Place]

NODATA, NOERROR = "NODATA", "NOERROR"
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
        client = self.test.source_address or self.test.place
        origin = f" from {client}" if client else ""
        down = f" with {', '.join(sorted(self.test.down))} down" if self.test.down else ""
        at = f" at {shown_in_utc(self.test.at)}" if self.test.at is not None else ""
        wanted = " or ".join(self.test.expect) or ", ".join(map(str, self.test.shares))
        return f"test failed: {name} {self.test.rtype}{origin}{down}{at} gives {self.got}, expected {wanted}"


def failures(zone: Zone, place_of: PlaceOf, served: Collection[Name] = ()) -> Iterator[Failure]:
    """`served`: the names of all zones, for what lies outside this one."""
    resolver = resolver_for(zone, served) if zone.tests else None
    for test in zone.tests:
        assert resolver is not None, "made where there are tests"
        found = resolver.resolve(test.owner, test.family.value)
        got = (
            _without_policy(resolver, test, found) if isinstance(found, Saying) else _told(zone, found, test, place_of)
        )
        if got is not None:
            yield Failure(test, zone, got)


def _without_policy(resolver: Resolver, test: Expectation, found: Saying) -> str | None:
    """What comes instead of what was expected; None where it is that."""
    if child := resolver.child_of(test.owner):
        return f"the answer of {show(child)}, which is another zone served here; test it there"
    if any(found.fits(wanted) for wanted in test.expect):
        return None
    return found.value if test.is_coded else f"{_NO_POLICY}: {found.value}"


def _told(zone: Zone, policy: str, test: Expectation, place_of: PlaceOf) -> str | None:
    if test.source_address is None and test.place is None:
        return f"what policy '{policy}' says, which depends on the client; add 'from' or 'place'"
    choice = _choice(zone, zone.policies[policy], test, place_of)
    if test.shares and not _shares_fit(choice, test):
        return _describe_shares(choice)
    if test.expect and not any(_fits(choice, wanted) for wanted in test.expect):
        return _describe(choice)
    return None


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
    place = place_for(policy, test.source_address, place_of) if test.source_address else located(test.place or NOWHERE)
    pools, outlook = suppose_down(zone.pools, test.down)
    outlook = replace(outlook, now=test.at)
    return choose(zone.name, route_of(policy, pools, place), policy, pools, test.family, outlook)


def located(place: Place) -> Place:
    """A country that is only named lies where the built-in table has it, as it does for clients that are looked up."""
    country = countries().get(place.country or "")
    return replace(place, location=country.location) if country and place.location is None else place


def _fits(choice: Choice, wanted: str) -> bool:
    if wanted == NOERROR:
        return True
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
