"""The fold: how asking for one name and family has gone so far, and what follows from it.

Rules:
- Asked again when the answer's time is over (its TTL, between SHORTEST and LONGEST), and a little later, at random, so
  that names do not come together.
- A failure is asked again after FIRST_RETRY, then after twice as long each time, up to LAST_RETRY. What was known goes
  on meanwhile (RFC 8767), with a TTL of at most STALE_TTL once its time is over, until `stale` seconds after that.
- A denial that would take addresses away has to come twice, CONFIRM apart: one resolver may be mistaken.
- The TTL that is served is the one that came, but for what a cache has taken of it: it follows one that is longer, or
  has fallen below half. So the same addresses do not make a new generation each time.
"""

from dataclasses import dataclass, replace

from geodns.model.outside import Resolved
from geodns.model.place import Address
from geodns.resolution.outcome import Denied, Failed, Found, Outcome, in_order

SHORTEST = 5.0  # seconds
LONGEST = 3600.0
FIRST_RETRY = 2.0
LAST_RETRY = 60.0
CONFIRM = 5.0
STALE_TTL = 30
SCATTER = 0.1  # of the time that was to be waited; chance adds at most this part of it
MOST_SCATTER = 10.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Times in seconds since the epoch.

    `known`: what the last answer that counts said; None: none has come. `good_until`: its time. `ask_at`: when to ask
    again. `failures`: in a row since then; `failing_since`: the first of them; `trouble`: what the last one was.
    """

    known: Resolved | None = None
    good_until: float = 0.0
    ask_at: float = 0.0
    failures: int = 0
    failing_since: float | None = None
    trouble: str = ""
    denials: int = 0  # in a row, that are not believed yet

    def is_stale(self, now: float) -> bool:
        """What is served has outlived its time, because nobody answers."""
        return self.known is not None and self.failures > 0 and now >= self.good_until


def heard(course: Course, outcome: Outcome, now: float, chance: float) -> Course:
    """`chance`: from 0 to 1, for when to ask again."""
    match outcome:
        case Found():
            addresses = in_order(outcome)
            return _answered(
                Resolved(addresses, _followed(course.known, addresses, outcome.ttl)), outcome.ttl, now, chance
            )
        case Denied(why, ttl):
            if course.known is not None and course.known.addresses and course.denials == 0:
                return replace(course, denials=1, ask_at=now + _scattered(CONFIRM, chance), trouble=why)
            return replace(_answered(Resolved((), ttl), ttl, now, chance), trouble=why)
        case Failed(why):
            retry = min(LAST_RETRY, FIRST_RETRY * 2.0 ** min(course.failures, 30))
            return replace(
                course,
                ask_at=now + _scattered(retry, chance),
                failures=course.failures + 1,
                failing_since=now if course.failing_since is None else course.failing_since,
                trouble=why,
            )


def served(course: Course, now: float, stale: float) -> Resolved | None:
    """`stale`: for how many seconds beyond its time an answer goes on. None: nothing is known, or not any more."""
    known = course.known
    if known is None or not course.is_stale(now):
        return known
    if now >= course.good_until + stale:
        return None
    return replace(known, ttl=min(known.ttl, STALE_TTL))


def _answered(known: Resolved, ttl: int, now: float, chance: float) -> Course:
    lasts = min(LONGEST, max(SHORTEST, ttl))
    return Course(known=known, good_until=now + lasts, ask_at=now + _scattered(lasts, chance))


def _scattered(seconds: float, chance: float) -> float:
    return seconds + min(seconds * SCATTER, MOST_SCATTER) * chance


def _followed(before: Resolved | None, addresses: tuple[Address, ...], ttl: int) -> int:
    if before is None or before.addresses != addresses or not before.ttl / 2 <= ttl <= before.ttl:
        return ttl
    return before.ttl
