"""Schedule + time → does it run, and until when. Pure: seconds since the epoch come in as an argument.

Recurring windows follow cron as Debian has it: a start that the clocks skip in spring comes right after the gap, and
one that they show twice in autumn comes once. A window lasts as long as it says, whatever clocks do meanwhile.
"""

from datetime import datetime
from functools import lru_cache

from cronsim import CronSim

from geodns.model.pool import Member, Pool
from geodns.model.schedule import Once, Recurring, Schedule, Window

NEVER = float("inf")
_MOST_LINKS = 1000  # windows that begin before the last one is over, one after the other, until we call it always


def is_running(schedule: Schedule, now: float) -> bool:
    return any(_end_of(window, now) is not None for window in schedule.windows)


@lru_cache(4096)
def next_turn(schedule: Schedule, now: float) -> float:
    """When it next begins or ends; NEVER where it does neither any more."""
    if not is_running(schedule, now):
        return min((_next_start(window, now) for window in schedule.windows), default=NEVER)
    at = now
    for _ in range(_MOST_LINKS):
        ends = [end for window in schedule.windows if (end := _end_of(window, at)) is not None]
        if not ends:
            return at
        at = max(ends)
    return NEVER


def shut(pool: Pool, member: Member | None, now: float | None) -> str:
    """Why the schedules keep the pool, or its member, out of the answers now; empty where they do not.

    Outside of time no schedule runs.
    """
    running = next((each for each in _maintenance(pool, member) if now is not None and is_running(each, now)), None)
    if running is not None:
        return f"maintenance ({running})"
    if pool.when and not any(now is not None and is_running(each, now) for each in pool.when):
        return f"outside its schedule ({', '.join(map(str, pool.when))})"
    return ""


def _maintenance(pool: Pool, member: Member | None) -> tuple[Schedule, ...]:
    return pool.maintenance + (member.maintenance if member else ())


def _end_of(window: Window, now: float) -> float | None:
    """When the window that is open now closes; None where none is."""
    match window:
        case Once(start, end):
            return end if start <= now < end else None
        case Recurring():
            start = _last_start(window, now)
            return start + window.length if now < start + window.length else None


def _next_start(window: Window, now: float) -> float:
    match window:
        case Once(start, _):
            return start if start > now else NEVER
        case Recurring():
            following = CronSim(window.cron, _clock(window, now))
            return next((at.timestamp() for at in following), NEVER)


@lru_cache(4096)
def _last_start(window: Recurring, now: float) -> float:
    """Of those until now. CronSim passes over the moment that it begins with, hence a second later."""
    earlier = CronSim(window.cron, _clock(window, now // 1 + 1), reverse=True)
    return next((at.timestamp() for at in earlier), -NEVER)


def _clock(window: Recurring, now: float) -> datetime:
    return datetime.fromtimestamp(now, window.timezone)
