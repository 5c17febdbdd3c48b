"""Choices for A and for AAAA → the one that the hints of HTTPS and SVCB records follow (RFC 9460 §7.3). Pure.

Most often both lead to the same members, and a record has hints of both families. They differ where one family of a
pool has failed. Then hints of both would have to be of two members, or contradict what A or AAAA says: the record has
those of one family alone, and clients ask for the other.
"""

from dataclasses import replace

from geodns.model.pool import ADDRESS_FAMILIES, Family, Member
from geodns.policy.availability import Roster
from geodns.policy.choice import Choice, Ground

_GROUNDS = list(Ground)  # the better ones first


def choose_hints(ipv4: Choice, ipv6: Choice, ttl: int) -> Choice:
    """Of its roster, members have the addresses that are hints. `ttl`: the records' own, in seconds, which those of
    the policy may make less."""
    if _drawn(ipv4) == _drawn(ipv6):
        shorter = min(ipv4, ipv6, key=lambda choice: choice.ttl)
        found = replace(shorter, roster=Roster(ipv4.roster.everyone, ipv4.roster.everyone), hints=ADDRESS_FAMILIES)
    else:
        family, choice = min(zip(ADDRESS_FAMILIES, (ipv4, ipv6), strict=True), key=lambda each: _rank(each[1]))
        found = replace(choice, roster=_only(choice.roster, family), hints=(family,))
    found = replace(found, unresolved=False)  # the records are here, whatever is known of addresses
    return found if found.ttl <= ttl else replace(found, ttl=ttl, ttl_reason="the records' own")


def _drawn(choice: Choice) -> object:
    """What draws follow from. Of a pool made of others, different ones may hold for the two families."""
    members = tuple((member.home, member.name, member.weight) for member in choice.roster.everyone)
    return choice.pool, choice.shares, choice.ground, members


def _rank(choice: Choice) -> tuple[bool, int]:
    return not choice.roster.own, _GROUNDS.index(choice.ground)


def _only(roster: Roster, family: Family) -> Roster:
    return Roster(*(tuple(_of(member, family) for member in each) for each in (roster.everyone, roster.own)))


def _of(member: Member, family: Family) -> Member:
    return replace(member, addresses=member.of_family(family))
