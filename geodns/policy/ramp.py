"""Ramps: a pool's share of the whole that moves evenly over some time, and stands still while the pool fails."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor

from geodns.model.name import Name
from geodns.model.pool import Part, Pool, Ramp
from geodns.model.verdict import Outlook, Pause

STEPS = 200  # of the whole way; fewer where they would come more than one a second
_FINEST = 10_000  # parts of the whole


def weights_now(zone: Name, pool: Pool, outlook: Outlook) -> Sequence[Fraction]:
    """Of the pool's parts, in their order. Those without a ramp share by weight what the ramps leave."""
    shares = [_share_now(zone, pool, part, outlook) for part in pool.parts]
    if all(share is None for share in shares):
        return [Fraction(part.weight) for part in pool.parts]
    rest = 1 - sum((share for share in shares if share is not None), Fraction(0))
    others = sum(part.weight for part in pool.parts if part.ramp is None)
    return [
        share if share is not None else rest * Fraction(part.weight, max(1, others))
        for share, part in zip(shares, pool.parts, strict=True)
    ]


def next_step(zone: Name, pool: Pool, outlook: Outlook) -> float:
    """Seconds until the share of some part is another one; infinite where all stand still."""
    return min((_until_next(zone, pool, part, outlook) for part in pool.parts), default=float("inf"))


def pause_of(zone: Name, pool: Pool, part: Part, outlook: Outlook) -> Pause:
    """Of the part's ramp as it is written now: what another one stood still has no meaning for it."""
    assert part.ramp is not None
    pause = outlook.pace.pauses.get((zone, pool.name, part.pool.name))
    return pause if pause and pause.start == part.ramp.start else Pause(part.ramp.start)


def paused(before: Pause, holds: bool, now: float) -> Pause:
    """What to remember of a ramp under way whose target holds now, or does not."""
    if not holds:
        return before if before.since is not None else replace(before, since=now)
    if before.since is None:
        return before
    return replace(before, seconds=before.seconds + now - before.since, since=None)


def progress(ramp: Ramp, pause: Pause, now: float) -> float:
    """Seconds of the way that are behind it, from 0 to the whole."""
    standing = now - pause.since if pause.since is not None else 0.0
    return min(ramp.over, max(0.0, now - ramp.start - pause.seconds - standing))


def _share_now(zone: Name, pool: Pool, part: Part, outlook: Outlook) -> Fraction | None:
    """None: it has a weight. Outside of time it has arrived."""
    ramp = part.ramp
    if ramp is None:
        return None
    if outlook.now is None:
        return _whole(ramp.high)
    done = progress(ramp, pause_of(zone, pool, part, outlook), outlook.now)
    steps = _steps(ramp)
    return _whole(ramp.low + (ramp.high - ramp.low) * floor(done / ramp.over * steps + _ROUNDING) / steps)


_ROUNDING = 1e-6  # of a step: a clock that is late by less is on time


def _until_next(zone: Name, pool: Pool, part: Part, outlook: Outlook) -> float:
    ramp, now = part.ramp, outlook.now
    if ramp is None or now is None:
        return float("inf")
    pause = pause_of(zone, pool, part, outlook)
    done = progress(ramp, pause, now)
    if done >= ramp.over or pause.since is not None:
        return float("inf")
    step = ramp.over / _steps(ramp)
    return max(0.0, ramp.start - now) + (floor(done / step + _ROUNDING) + 1) * step - done


def _steps(ramp: Ramp) -> int:
    return max(1, min(STEPS, floor(ramp.over)))


def _whole(share: float) -> Fraction:
    return Fraction(round(share * _FINEST), _FINEST)
