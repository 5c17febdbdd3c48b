"""The fold: how the copying of one zone has gone, by the timers of its SOA (RFC 1035 §3.3.13, RFC 1034 §4.3.5).

Rules:
- Asked again after `refresh`, or after `retry` where no primary answered; never sooner than SHORTEST nor later than
  LONGEST, and up to a tenth sooner, at random, so that zones do not come together.
- Without a copy there are no timers yet: after FIRST_RETRY, then twice as long each time, up to LAST_RETRY.
- A copy that no primary has confirmed for `expire` seconds is not served any more: whatever it says may be long wrong.
"""

from dataclasses import dataclass, replace

SHORTEST = 1.0  # seconds
LONGEST = 86400.0
FIRST_RETRY = 2.0
LAST_RETRY = 300.0
SCATTER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """Of the copy that there is. Seconds, but for the serial."""

    serial: int
    refresh: int
    retry: int
    expire: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A primary has answered: this is the copy now, whether it was so before or has just come."""

    timers: Timers


@dataclass(frozen=True, slots=True)
class Failed:
    """No primary answered, or what came cannot be served."""

    why: str


Outcome = Confirmed | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Times in seconds since the epoch. `timers` None: there is no copy."""

    timers: Timers | None = None
    confirmed: float = 0.0  # when a primary said last that the copy is the zone
    ask_at: float = 0.0
    failures: int = 0  # in a row
    failing_since: float | None = None
    trouble: str = ""

    @property
    def expires(self) -> float:
        return 0.0 if self.timers is None else self.confirmed + self.timers.expire

    def is_served(self, now: float) -> bool:
        return now < self.expires


def heard(course: Course, outcome: Outcome, now: float, chance: float) -> Course:
    """`chance`: from 0 to 1, for when to ask again."""
    if isinstance(outcome, Confirmed):
        wait = _scattered(outcome.timers.refresh, chance)
        return Course(timers=outcome.timers, confirmed=now, ask_at=now + wait)
    doubled = min(LAST_RETRY, FIRST_RETRY * 2.0 ** min(course.failures, 30))
    return replace(
        course,
        ask_at=now + _scattered(course.timers.retry if course.timers else doubled, chance),
        failures=course.failures + 1,
        failing_since=now if course.failing_since is None else course.failing_since,
        trouble=outcome.why,
    )


def _scattered(seconds: float, chance: float) -> float:
    wait = min(LONGEST, max(SHORTEST, float(seconds)))
    return max(SHORTEST, wait * (1 - SCATTER * chance))
