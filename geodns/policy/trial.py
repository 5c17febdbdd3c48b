"""A zone's own tests: what would a client get, if? Decided from the same rules and choices that answers come from."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from geodns.config.rdata import ADDRESSES, folded
from geodns.model.name import Name, show
from geodns.model.place import NOWHERE
from geodns.model.policy import Policy
from geodns.model.pool import Family
from geodns.model.zone import Expectation, RRset, Zone
from geodns.policy.choice import Choice, choose
from geodns.policy.hinting import choose_hints
from geodns.policy.resolving import Drawn, Resolver, Saying, resolver_for
from geodns.policy.route import route_of
from geodns.policy.shortfall import Failure, Shortfall, to_see_why, told, told_choice, told_shares
from geodns.policy.supposing import suppose_down
from geodns.policy.whereabouts import PlaceOf, located, place_for

NODATA, NOERROR = "NODATA", "NOERROR"
_ROUNDED = 0.05  # per cent: 33.3% is a third
_NO_POLICY = "no policy's answer (the wildcard does not reach it: it has records, or a name above it exists)"
_ONE_FOR_ALL = "no pool's answer, for it is the same for everybody"


def failures(zone: Zone, place_of: PlaceOf, served: Collection[Name] = ()) -> Iterator[Failure]:
    """`served`: the names of all zones, for what lies outside this one."""
    resolver = resolver_for(zone, served) if zone.tests else None
    for test in zone.tests:
        assert resolver is not None, "made where there are tests"
        shortfall = _shortfall(resolver, test, place_of)
        if shortfall is not None:
            yield Failure(test, zone, shortfall)


def _shortfall(resolver: Resolver, test: Expectation, place_of: PlaceOf) -> Shortfall | None:
    """None where all comes as expected."""
    if other := resolver.other_zone(test.owner, test.rtype):
        return Shortfall(f"the answer of {show(other)}, which is another zone served here", "test it there")
    found = resolver.resolve(test.owner, test.rtype)
    if isinstance(found, Drawn):
        return _of_policy(resolver.zone, found, test, place_of)
    return _of_records(found, test)


def _of_records(found: RRset | Saying, test: Expectation) -> Shortfall | None:
    if not test.is_coded:
        why = _NO_POLICY if test.rtype in ADDRESSES else _ONE_FOR_ALL
        return Shortfall(f"{why}: {told(found)}", "expect its records or a code, or give the name a policy or pool")
    if test.expect and not any(_has_code(found, wanted) for wanted in test.expect):
        return Shortfall(told(found))
    if test.records and not (isinstance(found, RRset) and _has_the_records(found, test)):
        return Shortfall(told(found))
    return None


def _has_code(found: RRset | Saying, wanted: str) -> bool:
    return found.fits(wanted) if isinstance(found, Saying) else wanted == NOERROR


def _has_the_records(rrset: RRset, test: Expectation) -> bool:
    """These and no others, whatever their order."""
    came, wanted = ({folded(test.rtype, rdata) for rdata in rdatas} for rdatas in (rrset.rdatas, test.records))
    return came == wanted


def _of_policy(zone: Zone, found: Drawn, test: Expectation, place_of: PlaceOf) -> Shortfall | None:
    """Of records with hints, those that are written are compared: whose hints they have is for `expect`."""
    policy = zone.policies[found.policy]
    if test.records and found.service is None:
        return Shortfall(f"what policy '{policy.name}' draws", "expect the pool that it draws from, or a member of it")
    if test.records and found.service is not None and not _has_the_records(found.service, test):
        return Shortfall(told(found.service))
    if not test.expect and not test.shares:
        return None
    if test.source_address is None and test.place is None:
        return Shortfall(f"what policy '{policy.name}' says, which depends on the client", "add 'from' or 'place'")
    choice = _choice(zone, policy, found.service, test, place_of)
    if test.shares and not _shares_fit(choice, test):
        return Shortfall(told_shares(choice, test), to_see_why(test))
    if test.expect and not any(_fits(choice, wanted) for wanted in test.expect):
        return Shortfall(told_choice(choice, test), to_see_why(test))
    return None


def _choice(zone: Zone, policy: Policy, service: RRset | None, test: Expectation, place_of: PlaceOf) -> Choice:
    place = place_for(policy, test.source_address, place_of) if test.source_address else located(test.place or NOWHERE)
    pools, outlook = suppose_down(zone.pools, test.down)
    outlook = replace(outlook, now=test.at)
    route = route_of(policy, pools, place)

    def of(family: Family) -> Choice:
        return choose(zone.name, route, policy, pools, family, outlook)

    if service is not None:
        return choose_hints(of(Family.IPV4), of(Family.IPV6), service.ttl)
    return of(Family(test.rtype) if test.rtype in ADDRESSES else Family.ALIAS)


def _fits(choice: Choice, wanted: str) -> bool:
    if wanted == NOERROR:
        return True
    if choice.pool is None or not choice.roster.own:
        return wanted == NODATA and not choice.hints  # records without hints are there all the same
    homes = {member.home or choice.pool for member in choice.roster.own}
    members = {f"{member.home or choice.pool}/{member.name}" for member in choice.roster.own}
    return wanted == choice.pool or wanted in homes or wanted in members


def _shares_fit(choice: Choice, test: Expectation) -> bool:
    shares = {pool: float(share) * 100 for pool, share in choice.by_pool()}
    return all(each.low - _ROUNDED <= shares.get(each.pool, 0.0) <= each.high + _ROUNDED for each in test.shares)
