"""Policies → the records that stand for them in a copy of the zone: the answers of one client. Pure.

They follow from the configuration: everybody is up, no schedule runs, and the client's first pool answers, with all the
addresses that its members have. So a copy changes when somebody edits the zone, and not when a probe fails.

Members that are names elsewhere have the addresses that are known of these, as far as the zone's serial can tell of a
change: where it is the operator's own, it would not be counted up, so such members are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from geodns.config.rdata import CNAME
from geodns.model.name import Name
from geodns.model.outside import ResolvedBy
from geodns.model.place import Address, Place
from geodns.model.policy import Policy
from geodns.model.pool import ADDRESS_FAMILIES, Family, Member
from geodns.model.verdict import CLEAR, Outlook
from geodns.model.zone import RRset, Zone
from geodns.policy.choice import Choice, choose
from geodns.policy.route import route_of
from geodns.policy.whereabouts import PlaceOf, located, place_for


def records_in_view(zone: Zone, place_of: PlaceOf, elsewhere: ResolvedBy | None = None) -> tuple[RRset, ...]:
    """Of all names that policies answer for, each name's together; none where the zone's copies leave them out.

    `elsewhere`: the addresses of names elsewhere; None: they are not asked for.
    """
    sets = sets_in_view(zone, place_of, elsewhere)
    return tuple(replace(rrset, owner=owner) for owner, name in zone.steered.items() for rrset in sets.get(name, ()))


def sets_in_view(zone: Zone, place_of: PlaceOf, elsewhere: ResolvedBy | None) -> dict[str, tuple[RRset, ...]]:
    """The same of each policy that is used, without an owner."""
    view = zone.transfer.view if zone.transfer is not None and zone.transfer.allow else None
    if view is None:
        return {}
    outlook = CLEAR if zone.soa.serial is not None else replace(CLEAR, resolved=elsewhere)
    used = dict.fromkeys(zone.steered.values())
    return {name: tuple(_sets(zone, zone.policies[name], view, place_of, outlook)) for name in used}


def _sets(zone: Zone, policy: Policy, view: Place | Address, place_of: PlaceOf, outlook: Outlook) -> Iterator[RRset]:
    """A CNAME stands alone; where it shares the answers with addresses, the greater weight decides."""
    place = located(view) if isinstance(view, Place) else place_for(policy, view, place_of)
    choices = {family: _choice(zone, policy, place, family, outlook) for family in Family}
    if target := _alias(choices[Family.ALIAS].roster.everyone):
        yield RRset(Name(b""), CNAME, choices[Family.ALIAS].ttl_of(choices[Family.ALIAS].roster.everyone), (target,))
        return
    for family in ADDRESS_FAMILIES:
        members = choices[family].roster.own
        addresses = dict.fromkeys(address.packed for member in members for address in member.of_family(family))
        if choices[family].pool is not None and addresses:
            yield RRset(Name(b""), family.value, choices[family].ttl_of(members), tuple(addresses))


def _choice(zone: Zone, policy: Policy, place: Place, family: Family, outlook: Outlook) -> Choice:
    return choose(zone.name, route_of(policy, zone.pools, place), policy, zone.pools, family, outlook)


def _alias(members: Sequence[Member]) -> Name | None:
    """That of the member with the greatest weight, the first of several, where it is one."""
    return max(members, key=lambda member: member.weight).target if members else None
