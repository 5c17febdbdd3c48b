"""Names in a path → the zone, pool and member that they mean; or 404, with what may have been meant. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from geodns.admin.refusal import Refused
from geodns.config.problem import did_you_mean
from geodns.control.edition import Edition
from geodns.model.name import BadName, Name, parse_name, show
from geodns.model.pool import Member, Pool, PoolName
from geodns.model.verdict import MemberKey
from geodns.model.zone import Zone


@dataclass(frozen=True, slots=True)
class Found:
    """A member with what it belongs to."""

    zone: Zone
    pool: Pool
    member: Member

    @property
    def key(self) -> MemberKey:
        return MemberKey(self.zone.name, self.pool.name, self.member.name)


def zone_named(edition: Edition, text: str) -> Zone:
    """With or without the final dot, in any case."""
    wanted = _name(text)
    for zone in edition.inputs.zones:
        if zone.name == wanted:
            return zone
    raise _missing("zone", text, (str(zone) for zone in edition.inputs.zones))


def pool_named(edition: Edition, zone: str, text: str) -> tuple[Zone, Pool]:
    found = zone_named(edition, zone)
    pool = found.pools.get(PoolName(text))
    if pool is None:
        raise _missing("pool", text, found.pools, f" in {found}")
    return found, pool


def member_named(edition: Edition, zone: str, pool: str, text: str) -> Found:
    found, its_pool = pool_named(edition, zone, pool)
    for member in its_pool.members:
        if member.name == text:
            return Found(found, its_pool, member)
    raise _missing("member", text, (member.name for member in its_pool.members), f" in pool {its_pool.name} of {found}")


def member_of(edition: Edition, key: MemberKey) -> Found | None:
    """None where the configuration has no such member."""
    try:
        return member_named(edition, show(key.zone), key.pool, key.member)
    except Refused:
        return None


def key_of(zone: str, pool: str, member: str) -> MemberKey:
    """Whether there is such a member or not: an override outlives what it was said of."""
    return MemberKey(_name(zone), PoolName(pool), member)


def _name(text: str) -> Name:
    try:
        return parse_name(text)
    except BadName as error:
        raise Refused(404, f"there is no such zone: {error}") from None


def _missing(kind: str, text: str, known: Iterable[str], inside: str = "") -> Refused:
    return Refused(404, f"there is no {kind} '{text}'{inside}{did_you_mean(text, known)}")
