"""Pool + outlook → who of it is up. Operator intent beats health; what follows from it is decided in choice.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from geodns.model.check import Target
from geodns.model.name import Name
from geodns.model.place import Address
from geodns.model.pool import Family, Member, Pool, PoolName, State
from geodns.model.verdict import MemberKey, Outlook, Standing, Verdict
from geodns.policy.hold_down import held_until
from geodns.policy.nesting import merged
from geodns.policy.outside import Gap, gap_of, told_of, with_addresses
from geodns.policy.ramp import weights_now
from geodns.policy.strength import FINE
from geodns.policy.timetable import shut
from geodns.policy.warmth import warmth


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
    whatever their health. `holds`: the pool counts as healthy; `reason` says why not. `held_until`: it does, but has
    failed before and is held back so long, in seconds since the epoch. `keeps`: the part of its clients that its load
    leaves it. `flip_in`: seconds in which that could next change. `gap`: what its names outside lack in the family.
    """

    pool: Pool
    up: Roster
    admitted: Roster
    holds: bool
    reason: str
    flip_in: float
    held_until: float | None = None
    keeps: float = 1.0
    gap: Gap | None = None


Weighed = Sequence[tuple[Availability, Fraction]]


def availability(zone: Name, pool: Pool, family: Family, outlook: Outlook) -> Availability:
    """A pool that has no address of `family` at all is judged by the other one: it holds, and answers nothing."""
    if pool.in_order:
        return _in_order(pool, [availability(zone, part.pool, family, outlook) for part in pool.parts])
    if pool.parts:
        return _together(zone, pool, family, outlook)
    written, pool = pool, with_addresses(pool, family, outlook)
    admitted = [member for member in pool.members if intent(zone, pool, member, outlook) not in _TAKEN_OUT]
    names = {member.name for member in admitted}
    left_in = [member for member in written.members if member.name in names]
    up = [_only_up(zone, pool, member, outlook) for member in admitted]
    judged_by = [family] if family in pool.families() else list(Family)
    asked = sum(_has(member, judged_by) for member in admitted)
    healthy = sum(_has(member, judged_by) for member in up)
    holds = healthy >= max(1.0, pool.min_healthy.needed(asked))
    return Availability(
        pool=pool,
        up=_roster(up, family),
        admitted=_roster(admitted, family),
        holds=holds,
        reason=_reason(zone, pool, healthy, asked, outlook, told_of(left_in, outlook)),
        flip_in=_soonest_flip(zone, pool, outlook),
        held_until=held_until(zone, pool, family, outlook) if holds else None,
        keeps=outlook.loads.kept.get((zone, pool.name), 1.0),
        gap=gap_of(left_in, family, outlook),
    )


def _together(zone: Name, pool: Pool, family: Family, outlook: Outlook) -> Availability:
    """A pool of pools holds as long as one of them does; those that do share what the others leave.

    One that has too much load leaves to the others first; what none of them can take is left to the next pool.
    """
    views = [availability(zone, part.pool, family, outlook) for part in pool.parts]
    closed = shut(pool, None, outlook.now)
    weighed = [] if closed else list(zip(views, weights_now(zone, pool, outlook), strict=True))
    ready = [(view, weight) for view, weight in weighed if view.holds and view.held_until is None]
    holding = ready or [(view, weight) for view, weight in weighed if view.holds]
    keeps = max((view.keeps for view, weight in holding if weight), default=1.0)
    sharing = [(view.pool.name, weight * _part_of(view.keeps, keeps), view.up) for view, weight in holding]
    return Availability(
        pool=pool,
        up=merged_rosters(sharing),
        admitted=merged_rosters([(view.pool.name, weight, view.admitted) for view, weight in weighed]),
        holds=bool(holding),
        reason=closed or "; ".join(f"{view.pool.name}: {view.reason}" for view in views),
        flip_in=min(view.flip_in for view in views),
        held_until=_held_together(zone, pool, family, outlook, ready, holding),
        keeps=keeps,
        gap=_widest(views),
    )


def _in_order(pool: Pool, views: Sequence[Availability]) -> Availability:
    """The first that holds stands for all; one that is held back only where no other holds."""
    ready = [view for view in views if view.holds and view.held_until is None]
    found = next(iter(ready or [view for view in views if view.holds]), None)
    left_in = next((view for view in views if view.admitted.everyone), None)
    return Availability(
        pool=pool,
        up=_of(found, found.up) if found else _NOBODY,
        admitted=_of(left_in, left_in.admitted) if left_in else _NOBODY,
        holds=found is not None,
        reason="; ".join(f"{view.pool.name}: {view.reason}" for view in views) or "it has no address",
        flip_in=min((view.flip_in for view in views), default=float("inf")),
        held_until=found.held_until if found else None,
        keeps=found.keeps if found else 1.0,
        gap=_widest(views),
    )


def _widest(views: Sequence[Availability]) -> Gap | None:
    """What is not known goes before what is known to be missing."""
    gaps = [view.gap for view in views]
    return next((gap for gap in Gap if gap in gaps), None)


_NOBODY = Roster((), ())


def _of(view: Availability, roster: Roster) -> Roster:
    return merged_rosters([(view.pool.name, 1, roster)])


def _held_together(
    zone: Name, pool: Pool, family: Family, outlook: Outlook, ready: Weighed, holding: Weighed
) -> float | None:
    """Its own hold-down; or, where all that hold are held back, until the first of them is free."""
    if ready or not holding:
        return held_until(zone, pool, family, outlook) if ready else None
    return min(view.held_until for view, _ in holding if view.held_until is not None)


def _part_of(keeps: float, most: float) -> Fraction:
    return Fraction(round(keeps * FINE), round(most * FINE)) if keeps < most else Fraction(1)


def merged_rosters(rosters: Sequence[tuple[PoolName, int | Fraction, Roster]]) -> Roster:
    """Pools by weight, each with its roster, as one. A CNAME would be taken for all types, so it steps in for none that
    only the others lack."""
    everyone = merged([(name, weight, roster.everyone) for name, weight, roster in rosters])
    own = merged([(name, weight, roster.own) for name, weight, roster in rosters])
    if any(member.target is not None for member in everyone):
        return Roster(everyone, own)
    return Roster(everyone, tuple(member for member in own if member.target is None))


_TAKEN_OUT = (State.DOWN, State.DRAIN)


def intent(zone: Name, pool: Pool, member: Member, outlook: Outlook) -> State | None:
    """What operators want of the member: an override through the API, else the zone file with its schedules."""
    override = outlook.overrides.get(MemberKey(zone, pool.name, member.name))
    if override:
        return override.state
    if member.state is None and shut(pool, member, outlook.now):
        return State.DRAIN
    return member.state


def address_is_up(pool: Pool, address: Address, outlook: Outlook) -> bool:
    """Health alone. Without a check, or before the first verdict, an address counts as up."""
    if pool.check is None:
        return True
    standing = outlook.standings.get(Target(pool.check, address))
    return standing is None or standing.verdict is not Verdict.DOWN


def _only_up(zone: Name, pool: Pool, member: Member, outlook: Outlook) -> Member:
    key = MemberKey(zone, pool.name, member.name)
    strength = warmth(pool, member, outlook) * outlook.loads.eased.get(key, 1.0)
    evening = outlook.loads.evened.get(key, 1.0)
    if strength != 1.0 or evening != 1.0:
        member = replace(member, strength=strength, evening=evening)
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


def _reason(zone: Name, pool: Pool, healthy: int, asked: int, outlook: Outlook, outside: str) -> str:
    """`outside`: what is missing of the names there, where that is what leaves nobody."""
    if asked == 0 and outside:
        return outside
    if asked == 0:
        closed = {shut(pool, member, outlook.now) for member in pool.members}
        return "; ".join(sorted(filter(None, closed))) or "operators have taken out every member"
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
