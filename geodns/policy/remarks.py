"""What time is doing to pools, in sentences for operators. Pure."""

from collections.abc import Iterable, Iterator

from geodns.model.name import Name
from geodns.model.pool import Part, Pool
from geodns.model.schedule import shown_in_utc
from geodns.model.verdict import Outlook
from geodns.policy.hold_down import held_until
from geodns.policy.ramp import pause_of, progress, weights_now
from geodns.policy.timetable import NEVER, is_running, next_turn


def remarks(zone: Name, pools: Iterable[Pool], outlook: Outlook) -> tuple[str, ...]:
    """Of these pools and all that they are made of, each once. Outside of time there are none."""
    every = dict.fromkeys(inner for pool in pools for inner in pool.within())
    return tuple(line for pool in every for line in _of_pool(zone, pool, outlook))


def remarks_on(zone: Name, pool: Pool, outlook: Outlook) -> tuple[str, ...]:
    """The same of one pool by itself, and until when it is held back."""
    return (*_held(zone, pool, outlook), *_of_pool(zone, pool, outlook))


def _of_pool(zone: Name, pool: Pool, outlook: Outlook) -> Iterator[str]:
    if outlook.now is not None:
        yield from _ramps(zone, pool, outlook)
        yield from _schedules(pool, outlook.now)


def _held(zone: Name, pool: Pool, outlook: Outlook) -> Iterator[str]:
    for family in sorted(pool.families(), key=lambda each: each.value):
        until = held_until(zone, pool, family, outlook)
        if until is not None:
            yield f"{family.rtype} has failed, and is held back until {shown_in_utc(until)}"


def _ramps(zone: Name, pool: Pool, outlook: Outlook) -> Iterator[str]:
    for part, weight in zip(pool.parts, weights_now(zone, pool, outlook), strict=True):
        if part.ramp is not None:
            state = _state(zone, pool, part, outlook)
            yield f"{part.pool.name} has {float(weight * 100):.4g}% now (ramp {part.ramp}): {state}"


def _state(zone: Name, pool: Pool, part: Part, outlook: Outlook) -> str:
    ramp, now = part.ramp, outlook.now
    assert ramp is not None
    assert now is not None
    pause = pause_of(zone, pool, part, outlook)
    done = progress(ramp, pause, now)
    if done >= ramp.over:
        return "at its end"
    if now < ramp.start:
        return "not begun"
    if pause.since is not None:
        return f"standing still since {shown_in_utc(pause.since)}, because {part.pool.name} fails"
    return f"there at {shown_in_utc(now + ramp.over - done)}"


def _schedules(pool: Pool, now: float) -> Iterator[str]:
    for schedule in dict.fromkeys(pool.schedules()):
        turn = next_turn(schedule, now)
        state = "runs" if is_running(schedule, now) else "does not run"
        until = f" until {shown_in_utc(turn)}" if turn != NEVER else ""
        yield f"schedule {schedule} {state}{until}"
