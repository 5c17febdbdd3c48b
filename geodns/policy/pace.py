"""What is remembered of pools from one moment to the next, and when time alone will change their answers. Pure.

A fold: the pace before, and how pools stand now, give the pace from now on.
"""

from collections.abc import Iterable, Iterator, Mapping

from geodns.model.name import Name
from geodns.model.pool import Family, Pool, PoolName
from geodns.model.verdict import HoldKey, Outlook, Pace, Pause, RampKey
from geodns.policy import hold_down, ramp, warmth
from geodns.policy.availability import availability
from geodns.policy.timetable import next_turn, schedules_of


def is_timed(pool: Pool) -> bool:
    """Whether its answers may change though no verdict does."""
    ramps = any(part.ramp for part in pool.parts)
    return bool(ramps or pool.slow_start or pool.hold_down or any(True for _ in schedules_of(pool)))


def advance(zone: Name, pools: Mapping[PoolName, Pool], outlook: Outlook) -> Pace:
    """The zone's part of the pace as it is from now on; the outlook has the pace before."""
    assert outlook.now is not None, "there is no pace outside of time"
    back: dict[HoldKey, float | None] = {}
    pauses: dict[RampKey, Pause] = {}
    for pool in pools.values():
        back |= _back(zone, pool, outlook, outlook.now)
        pauses |= _pauses(zone, pool, outlook, outlook.now)
    return Pace(back=back, pauses=pauses)


def next_change(zone: Name, pools: Iterable[Pool], outlook: Outlook) -> float:
    """In how many seconds time changes what one of these pools answers; infinite: never, as things stand."""
    return min((seconds for pool in pools for seconds in _changes(zone, pool, outlook)), default=float("inf"))


def _back(zone: Name, pool: Pool, outlook: Outlook, now: float) -> dict[HoldKey, float | None]:
    back: dict[HoldKey, float | None] = {}
    for family in pool.families() if pool.hold_down else ():
        holds = availability(zone, pool, family, outlook).holds
        back |= hold_down.back_since((zone, pool.name, family), holds, outlook.pace, now)
    return back


def _pauses(zone: Name, pool: Pool, outlook: Outlook, now: float) -> dict[RampKey, Pause]:
    """Only a ramp that is under way can be held up."""
    pauses: dict[RampKey, Pause] = {}
    for part in pool.parts:
        if part.ramp and now >= part.ramp.start:
            holds = all(availability(zone, part.pool, each, outlook).holds for each in part.pool.families())
            pauses |= ramp.paused((zone, pool.name, part.pool.name), holds, outlook.pace, now)
    return pauses


def _changes(zone: Name, pool: Pool, outlook: Outlook) -> Iterator[float]:
    now = outlook.now
    if now is None:
        return
    yield from (next_turn(schedule, now) - now for schedule in schedules_of(pool))
    yield warmth.next_step(pool, outlook)
    yield ramp.next_step(zone, pool, outlook)
    for family in Family if pool.hold_down else ():
        until = hold_down.held_until(zone, pool, family, outlook)
        yield until - now if until is not None else float("inf")


def joined(paces: Iterable[Pace]) -> Pace:
    """Of several zones."""
    paces = tuple(paces)
    return Pace(
        back={key: since for pace in paces for key, since in pace.back.items()},
        pauses={key: pause for pace in paces for key, pause in pace.pauses.items()},
    )
