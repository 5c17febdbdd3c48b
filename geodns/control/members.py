"""A member as operators want to see it: in or out, and why."""

from dataclasses import dataclass

from geodns.model.name import Name, show
from geodns.model.pool import ADDRESS_FAMILIES, Family, Member, Pool
from geodns.model.verdict import MemberKey, Outlook
from geodns.model.zone import Zone
from geodns.policy.availability import address_is_up, intent
from geodns.policy.outside import member_with_addresses
from geodns.policy.timetable import shut
from geodns.policy.warmth import warmth


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """`share`: of the answers on the asked route that name the member. `state`: why it is in or out. `why`: it has no
    share; empty where it has one, or no route was asked for."""

    pool: str
    member: str
    addresses: tuple[str, ...]
    weight: int
    share: float
    state: str
    why: str = ""


def view_member(
    outlook: Outlook,
    zone: Zone,
    pool: Pool,
    member: Member,
    share: float = 0.0,
    family: Family | None = None,
    why: str = "",
) -> MemberView:
    """`family` None: both. An alias has its CNAME in the place of addresses; of a name outside whose addresses are not
    known there is the name."""
    outside, member = member.outside, member_with_addresses(member, family, outlook)
    addresses = member.of_family(family) if family else member.addresses
    shown = tuple(map(str, addresses)) if member.target is None else (f"CNAME {show(member.target)}",)
    return MemberView(
        pool=pool.name,
        member=member.name,
        addresses=shown or ((f"ALIAS {show(outside)}",) if outside is not None else ()),
        weight=member.weight,
        share=share,
        state=state_of(outlook, zone, pool, member, family, outside),
        why=why,
    )


def state_of(
    outlook: Outlook,
    zone: Zone,
    pool: Pool,
    member: Member,
    family: Family | None = None,
    outside: Name | None = None,
) -> str:
    """`up`, `down`, or what an operator said and why. `outside`: whose addresses the member has been given."""
    override = outlook.overrides.get(MemberKey(zone.name, pool.name, member.name))
    if override:
        return f"{override.state.value} by {override.author}: {override.reason}"
    if wanted := intent(zone.name, pool, member, outlook):
        return f"{wanted.value} at {member.source}" if member.state else shut(pool, member, outlook.now)
    if member.target is not None:
        return "up (not checked)"
    if member.outside is not None:
        return "up (not resolved here)"
    addresses = member.of_family(family) if family else member.addresses
    if not addresses and outside is not None and family is not Family.ALIAS:
        return _lacking(outside, family, outlook)
    if not addresses:
        return "has no CNAME" if family is Family.ALIAS else "has no address of this family"
    up = [address_is_up(pool, address, outlook) for address in addresses]
    if all(up):
        return _up(pool, member, outlook)
    return "partly up" if any(up) else "down"


def _lacking(outside: Name, family: Family | None, outlook: Outlook) -> str:
    families = [family] if family else ADDRESS_FAMILIES
    known = outlook.resolved or {}
    if any((outside, each) not in known for each in families):
        return f"{show(outside)} is not resolved"
    return f"{show(outside)} has no address" if family is None else f"{show(outside)} has no address of this family"


def _up(pool: Pool, member: Member, outlook: Outlook) -> str:
    warm = warmth(pool, member, outlook)
    if warm < 1:
        return f"up, warming up with {warm:.0%} of its weight"
    return "up" if pool.check else "up (not checked)"
