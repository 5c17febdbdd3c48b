"""Slow start: a member that came up gains its weight over some time, in steps, so that its caches can fill."""

from geodns.model.check import Target
from geodns.model.place import Address
from geodns.model.pool import Member, Pool
from geodns.model.verdict import Outlook, Verdict

STEPS = 20  # from the first twentieth of the weight to all of it


def warmth(pool: Pool, member: Member, outlook: Outlook) -> float:
    """The part of its weight, from one step to 1. A member with several addresses is as warm as its warmest."""
    if not pool.slow_start or outlook.now is None:
        return 1.0
    return min(STEPS, _steps_taken(_up_for(pool, member, outlook), pool.slow_start)) / STEPS


def next_step(pool: Pool, outlook: Outlook) -> float:
    """Seconds until some member of the pool has more weight; infinite where all have theirs."""
    if not pool.slow_start or outlook.now is None:
        return float("inf")
    up_for = [_up_for(pool, member, outlook) for member in pool.members]
    return min((_until_next(seconds, pool.slow_start) for seconds in up_for), default=float("inf"))


def _up_for(pool: Pool, member: Member, outlook: Outlook) -> float:
    """Seconds since which it has been up without a break. Who is down is on no way anywhere: as if it were warm."""
    assert outlook.now is not None
    since = [seen for address in member.addresses if (seen := _up_since(pool, address, outlook)) is not None]
    return outlook.now - min(since) if since else float("inf")


def _up_since(pool: Pool, address: Address, outlook: Outlook) -> float | None:
    standing = outlook.standings.get(Target(pool.check, address)) if pool.check else None
    return standing.since if standing and standing.verdict is Verdict.UP else None


def _steps_taken(seconds: float, over: float) -> int:
    return STEPS if seconds >= over else 1 + int(max(0.0, seconds) / over * STEPS)


def _until_next(seconds: float, over: float) -> float:
    step = _steps_taken(seconds, over)
    return float("inf") if step >= STEPS else step * over / STEPS - seconds
