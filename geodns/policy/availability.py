"""Pool + outlook → who of it is up. Operator intent beats health; what follows from it is decided in choice.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from geodns.model.check import Target
from geodns.model.name import Name
from geodns.model.place import Address
from geodns.model.pool import Family, Member, Pool, PoolName, State
from geodns.model.verdict import MemberKey, Outlook, Standing, Verdict
from geodns.policy.nesting import merged


@dataclass(frozen=True, slots=True)
class Roster:
    """Members that may answer. `everyone` is what both families draw from, so that one ticket names one member;
    `own` are those that answer for the asked family, drawn from where `everyone` yields one that has not."""

    everyone: tuple[Member, ...]
    own: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """A pool as clients of one family find it.

    `up` holds members with only those addresses that are up; `admitted` all that operators have not taken out,
    whatever their health. `holds`: the pool counts as healthy; `reason` says why not. `flip_in`: seconds in which
    that could next change.
    """

    pool: Pool
    up: Roster
    admitted: Roster
    holds: bool
    reason: str
    flip_in: float


def availability(zone: Name, pool: Pool, family: Family, outlook: Outlook) -> Availability:
    """A pool that has no address of `family` at all is judged by the other one: it holds, and answers nothing."""
    if pool.parts:
        return _together(pool, [availability(zone, part.pool, family, outlook) for part in pool.parts])
    admitted = [member for member in pool.members if intent(zone, pool, member, outlook) not in _TAKEN_OUT]
    up = [_only_up(zone, pool, member, outlook) for member in admitted]
    judged_by = [family] if family in pool.families() else list(Family)
    asked = sum(_has(member, judged_by) for member in admitted)
    healthy = sum(_has(member, judged_by) for member in up)
    return Availability(
        pool=pool,
        up=_roster(up, family),
        admitted=_roster(admitted, family),
        holds=healthy >= max(1.0, pool.min_healthy.needed(asked)),
        reason=_reason(pool, healthy, asked),
        flip_in=_soonest_flip(zone, pool, outlook),
    )


def _together(pool: Pool, views: Sequence[Availability]) -> Availability:
    """A pool of pools holds as long as one of them does; those that do share what the others leave."""
    weighed = [(view, part.weight) for view, part in zip(views, pool.parts, strict=True)]
    holding = [(view, weight) for view, weight in weighed if view.holds]
    return Availability(
        pool=pool,
        up=_merged([(view.pool.name, weight, view.up) for view, weight in holding]),
        admitted=_merged([(view.pool.name, weight, view.admitted) for view, weight in weighed]),
        holds=bool(holding),
        reason="; ".join(f"{view.pool.name}: {view.reason}" for view in views),
        flip_in=min(view.flip_in for view in views),
    )


def _merged(rosters: Sequence[tuple[PoolName, int, Roster]]) -> Roster:
    """A CNAME would be taken for all types, so it steps in for none that only the others lack."""
    everyone = merged([(name, weight, roster.everyone) for name, weight, roster in rosters])
    own = merged([(name, weight, roster.own) for name, weight, roster in rosters])
    if any(member.target is not None for member in everyone):
        return Roster(everyone, own)
    return Roster(everyone, tuple(member for member in own if member.target is None))


_TAKEN_OUT = (State.DOWN, State.DRAIN)


def intent(zone: Name, pool: Pool, member: Member, outlook: Outlook) -> State | None:
    """What operators want of the member: an override through the API, else the zone file."""
    override = outlook.overrides.get(MemberKey(zone, pool.name, member.name))
    return override.state if override else member.state


def address_is_up(pool: Pool, address: Address, outlook: Outlook) -> bool:
    """Health alone. Without a check, or before the first verdict, an address counts as up."""
    if pool.check is None:
        return True
    standing = outlook.standings.get(Target(pool.check, address))
    return standing is None or standing.verdict is not Verdict.DOWN


def _only_up(zone: Name, pool: Pool, member: Member, outlook: Outlook) -> Member:
    if pool.check is None or intent(zone, pool, member, outlook) is State.UP:
        return member
    return replace(member, addresses=tuple(a for a in member.addresses if address_is_up(pool, a, outlook)))


def _has(member: Member, families: Iterable[Family]) -> bool:
    return any(member.answers(family) for family in families)


def _roster(members: Iterable[Member], family: Family) -> Roster:
    reachable = [member for member in members if _has(member, Family)]
    return Roster(_by_weight(reachable), _by_weight([member for member in reachable if member.answers(family)]))


def _by_weight(members: list[Member]) -> tuple[Member, ...]:
    """Weight 0 answers only where nobody else does; then these members share evenly."""
    heavy = tuple(member for member in members if member.weight > 0)
    return heavy or tuple(replace(member, weight=1) for member in members)


def _reason(pool: Pool, healthy: int, asked: int) -> str:
    if asked == 0:
        return "operators have taken out every member"
    if healthy == 0:
        return "its one member is not up" if asked == 1 else f"none of {asked} members is up"
    return f"{healthy} of {asked} members up, min_healthy is {pool.min_healthy}"


def _soonest_flip(zone: Name, pool: Pool, outlook: Outlook) -> float:
    """Members that operators hold up or down cannot flip; an address never judged can with its first probe."""
    if pool.check is None:
        return float("inf")
    unjudged = Standing(Verdict.UNKNOWN, pool.check.interval)
    return min(
        (
            outlook.standings.get(Target(pool.check, address), unjudged).flip_in
            for member in pool.members
            if intent(zone, pool, member, outlook) is None
            for address in member.addresses
        ),
        default=float("inf"),
    )
