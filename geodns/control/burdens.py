"""Edition + reports → what the fold of load looks at, for each pool that load matters to. Pure.

What hangs on the configuration alone is surveyed once for all plans that are drafted from it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from geodns.load.reading import Reading, Report, Seat
from geodns.model.name import Name
from geodns.model.pool import EVERY, Family, Member, Pool, PoolName
from geodns.model.verdict import MemberKey, Outlook, PoolKey
from geodns.model.zone import Zone
from geodns.policy.availability import availability
from geodns.policy.selection import selection_of
from geodns.policy.warmth import warmth
from geodns.table.compile import Draft, Drafts

LEAST_LAG = 3  # steps: where answers hold for less than that, sessions and means over time make loads follow later


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A pool that load matters to.

    `drafts`: of the plans that may answer from it, but for hints, which follow the others. `evens`: by some of them its
    members are chosen by `least_load`. `is_flat`: by all of them as if they had the same weight.
    """

    zone: Name
    pool: Pool
    drafts: tuple[Draft, ...]
    evens: bool
    is_flat: bool

    @property
    def key(self) -> PoolKey:
        return self.zone, self.pool.name

    @property
    def ttl(self) -> float:
        return max((draft.policy.ttl for draft in self.drafts), default=0.0)

    @property
    def has_target(self) -> bool:
        limits = [self.pool.limit, *(member.limit for member in self.pool.members)]
        return any(limit and limit.target for limit in limits)


def every_of(pool: Pool) -> float:
    """Seconds between two steps."""
    return pool.limit.every if pool.limit else EVERY


class Reports(Protocol):
    """Who reported what. They are asked for, since there are many who report and few who matter."""

    def of_pool(self, key: PoolKey) -> Report | None: ...

    def of_member(self, key: MemberKey, pool: Pool, member: Member) -> Report | None: ...

    def asked(self) -> Mapping[MemberKey, float]: ...


class Nobody:
    """No reports at all: files are looked at, and no running geodns."""

    def of_pool(self, key: PoolKey) -> Report | None:
        return None

    def of_member(self, key: MemberKey, pool: Pool, member: Member) -> Report | None:
        return None

    def asked(self) -> Mapping[MemberKey, float]:
        return {}


def survey(zones: Iterable[Zone], drafts: Drafts, also: Collection[PoolKey] = ()) -> dict[PoolKey, Site]:
    """`also`: pools that load mattered to before, and that still have to get back what they left."""
    chosen = _selections(drafts.drafts)
    answering = [draft.key.service is None for draft in drafts.drafts]
    sites = (
        Site(
            zone=zone.name,
            pool=pool,
            drafts=tuple(
                drafts.drafts[number] for number in drafts.using.get((zone.name, pool.name), ()) if answering[number]
            ),
            evens="least_load" in chosen.get((zone.name, pool.name), ()),
            is_flat=chosen.get((zone.name, pool.name)) == {"round_robin"},
        )
        for zone in zones
        for pool in zone.pools.values()
        if not pool.parts
    )
    return {site.key: site for site in sites if site.evens or site.has_target or site.key in also}


def _selections(drafts: Iterable[Draft]) -> dict[PoolKey, set[str]]:
    """By which plans may choose a pool's members, within the pools that hold it."""
    chosen: dict[PoolKey, set[str]] = {}
    for draft in drafts:
        for name in draft.policy.pools():
            selection = selection_of(draft.policy, draft.pools[name])
            for leaf in draft.pools[name].leaves():
                chosen.setdefault((draft.key.zone, leaf.name), set()).add(selection)
    return chosen


def readings(sites: Collection[Site], outlook: Outlook, reports: Reports) -> dict[PoolKey, Reading]:
    found = reliefs([site for site in sites if site.has_target], outlook)
    asked = reports.asked()
    return {site.key: _reading(site, outlook, reports, asked, found.get(site.key, 0.0)) for site in sites}


def _reading(
    site: Site, outlook: Outlook, reports: Reports, asked: Mapping[MemberKey, float], relief: float
) -> Reading:
    return Reading(
        seats=_seats(site, outlook, reports, asked),
        report=reports.of_pool(site.key),
        limit=site.pool.limit,
        ttl=max(site.ttl, LEAST_LAG * every_of(site.pool)),
        relief=relief,
        evens=site.evens,
    )


def _seats(site: Site, outlook: Outlook, reports: Reports, asked: Mapping[MemberKey, float]) -> list[Seat]:
    pool = site.pool
    family = next(iter(pool.families()), Family.IPV4)  # those who may answer are the same for both
    up = {member.name: member.weight for member in availability(site.zone, pool, family, outlook).up.everyone}
    seats = []
    for member in pool.members:
        key = MemberKey(site.zone, pool.name, member.name)
        weight = 1 if site.is_flat and member.name in up else up.get(member.name, 0)
        part = warmth(pool, member, outlook) * asked.get(key, 1.0)
        seats.append(Seat(member.name, weight * part, reports.of_member(key, pool, member), member.limit))
    return seats


def reliefs(sites: Collection[Site], outlook: Outlook) -> dict[PoolKey, float]:
    """Of the routes that come to the pool, the part on which somebody would take what it leaves: a later pool that
    holds; or, on the last step, another part of the same pool of pools that leaves nothing itself. Where all parts have
    too much, what they leave would come back to them, and they would wind each other down.
    """

    known: dict[tuple[Name, Family, PoolName], bool] = {}

    def holds(draft: Draft, name: PoolName) -> bool:
        """Of pools with the same name in a zone, and the same family, all stand alike."""
        (family,) = draft.key.families
        key = (draft.key.zone, family, name)
        if key not in known:
            view = availability(draft.key.zone, draft.pools[name], family, outlook)
            known[key] = view.holds and view.held_until is None
        return known[key]

    drafts = {draft.key: draft for site in sites for draft in site.drafts}.values()
    ways = dict.fromkeys((site.key for site in sites), 0)
    relieved = dict(ways)
    for draft in drafts:
        for leaf, is_relieved in _ways(draft, partial(holds, draft), outlook):
            if (key := (draft.key.zone, leaf)) in ways:
                ways[key] += 1
                relieved[key] += is_relieved
    return {key: relieved[key] / count if count else 0.0 for key, count in ways.items()}


def _ways(draft: Draft, able: Callable[[PoolName], bool], outlook: Outlook) -> Iterator[tuple[PoolName, bool]]:
    """Each pool with members on each route, and whether others would take what it leaves."""
    kept = outlook.loads.kept
    for route in draft.routes:
        names = [name for name in route.pools if able(name)]
        for name in names:
            pool = draft.pools[name]
            takers = [leaf for leaf in _sharing(pool) if able(leaf) and (draft.key.zone, leaf) not in kept]
            for leaf in dict.fromkeys(each.name for each in pool.leaves()):
                yield leaf, name != names[-1] or any(taker != leaf for taker in takers)


def _sharing(pool: Pool) -> Iterator[PoolName]:
    """Those within the pool that have a share, while others hold."""
    if not pool.parts:
        yield pool.name
    for part in pool.parts:
        if part.weight or part.ramp:
            yield from _sharing(part.pool)
