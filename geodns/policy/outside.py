"""Names outside of members → the addresses that they have now, and what is missing where they have none.

Rules:
- What was never resolved, or too long ago, is not known: SERVFAIL, so that resolvers ask another server and come back.
- What is known to have no address of a family is NODATA for it.
"""

from collections.abc import Iterable
from dataclasses import replace
from enum import Enum

from geodns.model.name import show
from geodns.model.outside import ResolvedBy
from geodns.model.pool import ADDRESS_FAMILIES, Family, Member, Pool
from geodns.model.verdict import Outlook


class Gap(Enum):
    """What names outside of a pool leave to be desired in a family; as it is told."""

    UNRESOLVED = "not resolved"
    NO_ADDRESS = "without addresses"


def with_addresses(pool: Pool, family: Family, outlook: Outlook) -> Pool:
    """The same pool, as those find it who ask for this family."""
    resolved = outlook.resolved
    if resolved is None or all(member.outside is None for member in pool.members):
        return pool
    return replace(pool, members=tuple(_addressed(member, family, resolved) for member in pool.members))


def member_with_addresses(member: Member, family: Family | None, outlook: Outlook) -> Member:
    """`family` None: of both, for those who look at the member alone."""
    if outlook.resolved is None or member.outside is None:
        return member
    return _addressed(member, family, outlook.resolved)


def _addressed(member: Member, family: Family | None, resolved: ResolvedBy) -> Member:
    """Of both families, for one draw names a member for both; the TTL is that of the asked one."""
    if member.outside is None:
        return member
    known = {each: resolved[member.outside, each] for each in ADDRESS_FAMILIES if (member.outside, each) in resolved}
    ttls = [each.ttl for of, each in known.items() if family in (of, None)]
    return replace(
        member,
        outside=None,
        addresses=tuple(address for each in known.values() for address in each.addresses),
        ttl=min([*ttls, *([] if member.ttl is None else [member.ttl])], default=None),
    )


def gap_of(members: Iterable[Member], family: Family, outlook: Outlook) -> Gap | None:
    """Of these, as the zone has them; None where nothing is amiss."""
    if outlook.resolved is None or family is Family.ALIAS:
        return None
    found = [outlook.resolved.get((each.outside, family)) for each in members if each.outside is not None]
    if any(each is None for each in found):
        return Gap.UNRESOLVED
    return Gap.NO_ADDRESS if any(each is not None and not each.addresses for each in found) else None


def told_of(members: Iterable[Member], outlook: Outlook) -> str:
    """`lb.example.net. is not resolved`, of those that leave a pool without addresses; empty where there are none."""
    said = []
    for outside in (each.outside for each in members):
        if outside is not None and outlook.resolved is not None:
            missing = any((outside, family) not in outlook.resolved for family in ADDRESS_FAMILIES)
            said.append(f"{show(outside)} {'is not resolved' if missing else 'has no address'}")
    return "; ".join(dict.fromkeys(said))
