"""Route + outlook → the pool that answers, and why not the others. "Never empty by accident" lives here.

In this order: the first pool of the route that holds; the first that is only held back after a failure; the fallback;
the first pool in full, its failed members too (fail open); and no address only where operators have asked for that. A
pool that has too much load keeps a part of its clients, and leaves the others to the next of the route that hold.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from math import ceil

from geodns.model.name import Name
from geodns.model.policy import Policy, Route
from geodns.model.pool import Family, Member, PoolName, Pools
from geodns.model.schedule import shown_in_utc
from geodns.model.verdict import Outlook
from geodns.policy.availability import Availability, Roster, availability, merged_rosters
from geodns.policy.making import with_made
from geodns.policy.outside import Gap
from geodns.policy.strength import FINE

FAIL_OPEN_TTL = 10  # seconds: clients must come back soon, since all they were given may be dead


class Ground(Enum):
    """Why a pool was chosen, or none."""

    HEALTHY = "healthy"
    FALLBACK = "every pool of the route has failed: fallback"
    FAIL_OPEN = "everything has failed: the pool in full (fail open)"
    NO_ADDRESS = "the rule names no pool"
    TAKEN_OUT = "operators have taken out every member"
    UNRESOLVED = "the name that it leads to is not resolved: SERVFAIL, so that resolvers ask another server"
    NO_ADDRESS_OUTSIDE = "the name that it leads to has no address"


@dataclass(frozen=True, slots=True)
class PassedOver:
    pool: PoolName
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`pool` None: NODATA; so is an empty `roster.own`, a pool without this family. `ttl`: seconds.

    `shares`: where the pool leaves clients to others, all of them with their shares, this one first; else empty.
    `hints`: where addresses are to be hints, of which families those are.
    """

    pool: PoolName | None
    ground: Ground
    roster: Roster
    passed_over: tuple[PassedOver, ...]
    ttl: int
    ttl_reason: str
    shares: tuple[tuple[PoolName, Fraction], ...] = ()
    unresolved: bool = False  # there is no address because nobody knows it: SERVFAIL
    hints: tuple[Family, ...] = ()

    @property
    def answering(self) -> tuple[PoolName, ...]:
        """The pools of the route that clients get, in its order."""
        return tuple(pool for pool, _ in self.shares) or (() if self.pool is None else (self.pool,))

    def ttl_of(self, members: Iterable[Member]) -> int:
        """Of an answer that names these members. An RRset has one TTL (RFC 2181 §5.2), so the least of them counts."""
        return min([self.ttl, *(member.ttl for member in members if member.ttl is not None)])

    def by_pool(self) -> tuple[tuple[PoolName, Fraction], ...]:
        """The pools whose members answer, each with its share; none where there is no address.

        CNAMEs have no more than is drawn: where all addresses that share with them lack the family, shares are less
        than 1 together.
        """
        if self.pool is None or not self.roster.own:
            return ()
        drawn, own = _weights(self.roster.everyone), _weights(self.roster.own)
        shares: defaultdict[PoolName, Fraction] = defaultdict(Fraction)
        for member in self.roster.own:
            kind = member.target is None
            part = Fraction(drawn[kind], drawn.total()) if drawn[kind] else Fraction(1)
            shares[member.home or self.pool] += part * Fraction(member.weight, own[kind])
        return tuple(shares.items())


def _weights(members: Iterable[Member]) -> Counter[bool]:
    """Of those with addresses, and of those that are CNAMEs."""
    weights: Counter[bool] = Counter()
    for member in members:
        weights[member.target is None] += member.weight
    return weights


_NOBODY = Roster((), ())


def choose(zone: Name, route: Route, policy: Policy, pools: Pools, family: Family, outlook: Outlook) -> Choice:
    known = with_made(pools, [route])
    return choose_among(route, policy, family, lambda name: availability(zone, known[name], family, outlook))


def choose_among(
    route: Route, policy: Policy, family: Family, availability_of: Callable[[PoolName], Availability]
) -> Choice:
    """For those who choose for many routes of the same pools: they ask for each pool once."""
    if not route.pools:
        return _decided(policy, [], Ground.NO_ADDRESS, _NOBODY, [])
    seen: list[Availability] = []

    def first_that_holds(names: Sequence[PoolName]) -> Availability | None:
        for name in names:
            seen.append(availability_of(name))
            if seen[-1].holds and seen[-1].held_until is None:
                return seen[-1]
        return None

    if found := first_that_holds(route.pools):
        return _spilling(policy, found, seen, map(availability_of, route.pools[len(seen) :]))
    if found := next((view for view in seen if view.holds), None):
        return _decided(policy, [found], Ground.HEALTHY, found.up, seen)
    if found := first_that_holds(_last_pools(route, policy)):
        return _decided(policy, [found], Ground.FALLBACK, found.up, seen)
    for failed in seen:
        if _can_open(failed, family):
            return _decided(policy, [failed], Ground.FAIL_OPEN, failed.admitted, seen)
    return _decided(policy, [], _why_nobody(seen), _NOBODY, seen)


def _why_nobody(seen: Sequence[Availability]) -> Ground:
    gaps = {view.gap for view in seen}
    if Gap.UNRESOLVED in gaps:
        return Ground.UNRESOLVED
    return Ground.NO_ADDRESS_OUTSIDE if Gap.NO_ADDRESS in gaps else Ground.TAKEN_OUT


def _spilling(
    policy: Policy, first: Availability, seen: Sequence[Availability], later: Iterator[Availability]
) -> Choice:
    """`later`: the pools after it. The last one that holds keeps what is left to it: there is nowhere else to go."""
    if first.keeps >= 1:
        return _decided(policy, [first], Ground.HEALTHY, first.up, seen)
    able = [first, *(view for view in later if view.holds and view.held_until is None)]
    shares = _parts_kept(able)
    rosters = [(view.pool.name, share, view.up) for view, share in zip(able, shares, strict=True)]
    decided = _decided(policy, able, Ground.HEALTHY, merged_rosters(rosters), [*seen, *able[1:]])
    return replace(decided, shares=tuple((name, share) for name, share, _ in rosters if share))


def _parts_kept(able: Sequence[Availability]) -> list[Fraction]:
    """Each keeps its part of what those before it have left."""
    left = Fraction(1)
    shares = []
    for view in able[:-1]:
        shares.append(left * Fraction(round(view.keeps * FINE), FINE))
        left -= shares[-1]
    return [*shares, left]


def _can_open(failed: Availability, family: Family) -> bool:
    """Whether operators have left anybody in; a pool that never had the family answers NODATA and keeps its clients."""
    has_family = family in failed.pool.families()
    return bool(failed.admitted.own if has_family else failed.admitted.everyone)


def _last_pools(route: Route, policy: Policy) -> Sequence[PoolName]:
    if route.fence or policy.fallback is None or policy.fallback in route.pools:
        return ()
    return (policy.fallback,)


def _decided(
    policy: Policy, answering: Sequence[Availability], ground: Ground, roster: Roster, seen: Sequence[Availability]
) -> Choice:
    ttl, reason = _ttl(policy.ttl, ground, min((view.flip_in for view in seen), default=float("inf")))
    return Choice(
        pool=answering[0].pool.name if answering else None,
        ground=ground,
        roster=roster,
        passed_over=tuple(
            PassedOver(view.pool.name, _why(view)) for view in seen if not any(view is each for each in answering)
        ),
        ttl=ttl,
        ttl_reason=reason,
        unresolved=not roster.own and any(view.gap is Gap.UNRESOLVED for view in answering or seen),
    )


def _why(passed_over: Availability) -> str:
    if passed_over.held_until is None:
        return passed_over.reason
    return f"has failed, and is held back until {shown_in_utc(passed_over.held_until)}"


def _ttl(ttl: int, ground: Ground, flip_in: float) -> tuple[int, str]:
    """At most the time in which a verdict could next flip, between `ttl` and its half."""
    if ground is Ground.FAIL_OPEN and ttl > FAIL_OPEN_TTL:
        return FAIL_OPEN_TTL, "short, because everything has failed"
    if flip_in >= ttl:
        return ttl, "the policy's"
    half = ceil(ttl / 2)
    if flip_in <= half:
        return half, f"half the policy's: a verdict could flip within {flip_in:g} s"
    return int(flip_in), f"a verdict could flip within {flip_in:g} s"
