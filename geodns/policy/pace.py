"""What is remembered of pools from one moment to the next, and when time alone will change their answers. Pure.

A fold: the pace before, and how pools stand now, give the pace from now on.
"""

from collections.abc import Iterable, Iterator

from geodns.model.name import Name
from geodns.model.pool import Family, Pool
from geodns.model.verdict import HoldKey, Outlook, Pace, Pause, RampKey
from geodns.policy import hold_down, ramp, warmth
from geodns.policy.availability import availability
from geodns.policy.timetable import next_turn

ZonePool = tuple[Name, Pool]


def is_timed(pool: Pool) -> bool:
    """Whether its answers may change though no verdict does."""
    ramps = any(part.ramp for part in pool.parts)
    return bool(ramps or pool.slow_start or pool.hold_down or any(True for _ in pool.schedules()))


def advance(pools: Iterable[ZonePool], outlook: Outlook) -> Pace:
    """The pace from now on, with what these pools have come to; of all others it stays as the outlook has it."""
    back, pauses = dict(outlook.pace.back), dict(outlook.pace.pauses)
    for zone, pool in pools:
        for hold_key, since in _back(zone, pool, outlook):
            back[hold_key] = since
        for ramp_key, pause in _pauses(zone, pool, outlook):
            pauses[ramp_key] = pause
    return Pace(back=back, pauses=pauses)


def next_change(zone: Name, pool: Pool, outlook: Outlook) -> float:
    """In how many seconds time changes what the pool answers; infinite: never, as things stand."""
    return min(_changes(zone, pool, outlook), default=float("inf"))


def _back(zone: Name, pool: Pool, outlook: Outlook) -> Iterator[tuple[HoldKey, float | None]]:
    """Nothing of a pool that has never failed."""
    for family in pool.families() if pool.hold_down else ():
        key = (zone, pool.name, family)
        if not availability(zone, pool, family, outlook).holds:
            yield key, None
        elif key in outlook.pace.back:
            before = outlook.pace.back[key]
            yield key, outlook.now if before is None else before


def _pauses(zone: Name, pool: Pool, outlook: Outlook) -> Iterator[tuple[RampKey, Pause]]:
    """Only a ramp that is under way can be held up."""
    for part in pool.parts:
        if part.ramp and outlook.now is not None and outlook.now >= part.ramp.start:
            holds = all(availability(zone, part.pool, each, outlook).holds for each in part.pool.families())
            before = ramp.pause_of(zone, pool, part, outlook)
            after = ramp.paused(before, holds, outlook.now)
            if after != before:
                yield (zone, pool.name, part.pool.name), after


def _changes(zone: Name, pool: Pool, outlook: Outlook) -> Iterator[float]:
    now = outlook.now
    if now is None:
        return
    yield from (next_turn(schedule, now) - now for schedule in pool.schedules())
    yield warmth.next_step(pool, outlook)
    yield ramp.next_step(zone, pool, outlook)
    for family in Family if pool.hold_down else ():
        until = hold_down.held_until(zone, pool, family, outlook)
        if until is not None:
            yield until - now
