"""One target's results → its verdict. Pure: time comes in as an argument.

Rules:
- A verdict flips after `fall` failures or `rise` passes in a row; one result that confirms it starts the count anew.
- A target that was never judged takes its first result at its word, as gdnsd and HAProxy do: waiting for `rise` passes
  would tell nobody anything new, and waiting for `fall` failures would answer with a member that has never worked.
- A verdict restored from before a restart is a verdict like any other: it takes `rise` or `fall` to change it.
"""

from dataclasses import dataclass, replace

from geodns.model.check import Check
from geodns.model.verdict import Standing, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is remembered of a target's results. Times in seconds since the epoch; 0: never."""

    verdict: Verdict = Verdict.UNKNOWN
    since: float = 0.0  # when the verdict became what it is
    streak: int = 0  # results in a row that contradict the verdict
    last_ok: bool | None = None  # the last result; None: not asked since the start
    asked: float = 0.0  # when the last result came
    took: float = 0.0  # seconds
    detail: str = ""  # the last result's remark

    def __repr__(self) -> str:
        against = f", {self.streak} against it" if self.streak else ""
        return f"<History {self.verdict.value} since {self.since:.0f}{against}: {self.detail or 'not asked'}>"


UNJUDGED = History()


def observe(
    history: History, ok: bool, now: float, check: Check, detail: str = "", took: float = 0.0, *, frozen: bool = False
) -> History:
    """The history with one more result.

    `frozen`: the prober suspects itself, so a flip to DOWN is held back; the failures are counted all the same.
    """
    said = Verdict.UP if ok else Verdict.DOWN
    streak = 0 if said is history.verdict else history.streak + 1
    flips = _is_enough(streak, said, history.verdict, check) and (ok or not frozen)
    return History(
        verdict=said if flips else history.verdict,
        since=now if flips else history.since,
        streak=0 if flips else streak,
        last_ok=ok,
        asked=now,
        took=took,
        detail=detail,
    )


def _is_enough(streak: int, said: Verdict, verdict: Verdict, check: Check) -> bool:
    if streak == 0:
        return False
    if verdict is Verdict.UNKNOWN:
        return True
    return streak >= (check.rise if said is Verdict.UP else check.fall)


def standing(history: History, check: Check) -> Standing:
    """The verdict, and the seconds in which it could next flip: `interval` × probes left, at least one probe."""
    needed = {Verdict.UP: check.fall, Verdict.DOWN: check.rise, Verdict.UNKNOWN: 1}[history.verdict]
    return Standing(history.verdict, check.interval * max(1, needed - history.streak), history.since)


def remembered(history: History) -> History:
    """What is left of a history once the probing started anew: the verdict, and why; nothing counts against it."""
    return replace(history, streak=0, last_ok=None)
