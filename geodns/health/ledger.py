"""Every target's history in one place: takes results, says which verdicts flipped. Pure: time is an argument.

Rules:
- A reload keeps the histories of the targets that stay. A target whose check was edited keeps the verdict of its key.
- A restart keeps verdicts by key (`example.com./web@192.0.2.10`); see `history` for what they are worth.
- While the monitor is isolated nobody goes down, and who went down in the same silence, before it was noticed, comes
  back to the verdict it had.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from geodns.health.history import UNJUDGED, History, observe, remembered, standing
from geodns.health.isolation import Isolation
from geodns.model.check import Result, Target
from geodns.model.pool import Pool
from geodns.model.verdict import Standing, Verdict


@dataclass(frozen=True, slots=True)
class Flip:
    """A verdict that changed, and the remark of the result that changed it."""

    target: Target
    before: Verdict
    after: Verdict
    detail: str

    def __str__(self) -> str:
        return f"{self.target} {self.before.value} → {self.after.value}: {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a result came to. `stirred`: its target's standing is another one, be it only the time to the next flip.
    `alarm`: a freeze began or ended with it, in a sentence for the operator."""

    flips: tuple[Flip, ...] = ()
    stirred: bool = False
    isolated: bool = False
    alarm: str = ""


# What nearly every result comes to, by whether the monitor is isolated.
_NOTHING = (Changes(), Changes(isolated=True))


class Ledger:
    """The histories of all targets that are probed now."""

    def __init__(self, saved: Mapping[str, History] | None = None) -> None:
        self._saved = dict(saved or {})  # by key; used up by the first retarget
        self._histories: dict[Target, History] = {}
        self._standings: dict[Target, Standing] = {}  # of those that were judged, kept as results come in
        self._isolation = Isolation((), {})

    def __repr__(self) -> str:
        return f"<Ledger {len(self._histories)} targets, {self._isolation!r}>"

    @property
    def isolated(self) -> str:
        """Why the monitor suspects itself; empty when it does not."""
        return self._isolation.reason if self._isolation.frozen else ""

    def targets(self) -> Collection[Target]:
        """Everything that has to be probed."""
        return self._histories.keys()

    def unjudged(self) -> Collection[Target]:
        """Nobody knows yet whether they are up."""
        return [target for target, history in self._histories.items() if history.verdict is Verdict.UNKNOWN]

    def histories(self) -> Mapping[Target, History]:
        """A copy, so that it stays as it is while results come in."""
        return dict(self._histories)

    def history_of(self, target: Target) -> History:
        return self._histories.get(target, UNJUDGED)

    def standings(self) -> dict[Target, Standing]:
        """For the compiler: the targets that were judged. A copy, so that it stays as it is."""
        return dict(self._standings)

    def histories_of(self, targets: Iterable[Target]) -> dict[Target, History]:
        """Of those among them that are probed."""
        return {target: self._histories[target] for target in targets if target in self._histories}

    def retarget(self, pools: Collection[Pool], *, may_freeze: bool = True) -> None:
        """From now on these pools' targets are judged: at the start, and after each reload.

        `may_freeze` False: the monitor never suspects itself.
        """
        by_key = self._saved | {str(target): remembered(history) for target, history in self._histories.items()}
        wanted = dict.fromkeys(target for pool in pools for target in pool.targets())
        self._histories = {
            target: self._histories.get(target) or by_key.get(str(target), UNJUDGED) for target in wanted
        }
        self._standings = {}
        for target in self._histories:
            self._judge(target)
        earlier, self._isolation = self._isolation, Isolation(pools if may_freeze else (), self._histories)
        self._isolation.carry_over(earlier)
        self._saved = {}

    def observe(self, result: Result, now: float) -> Changes:
        """Takes one result in; `now` in seconds since the epoch.

        A target that was removed while its last probe was under way is passed over.
        """
        target = result.target
        before = self._histories.get(target)
        if before is None:
            return _NOTHING[self._isolation.frozen]
        was_frozen = self._isolation.frozen
        self._isolation.hear(target, result.ok, before, now)
        frozen = self._isolation.frozen
        after = observe(before, result.ok, now, target.check, result.detail, result.took, frozen=frozen)
        self._histories[target] = after
        stirred = self._judge(target)
        if frozen is was_frozen and not stirred:
            return _NOTHING[frozen]
        flips = () if after.verdict is before.verdict else (Flip(target, before.verdict, after.verdict, result.detail),)
        if frozen is was_frozen:
            return Changes(flips=flips, stirred=stirred, isolated=frozen)
        if frozen:
            flips = (*flips, *self._take_back())
            return Changes(flips=flips, stirred=stirred, isolated=True, alarm=self._isolation.reason)
        alarm = "monitor no longer isolated: half or more of the targets answer again"
        return Changes(flips=flips, stirred=stirred, alarm=alarm)

    def _judge(self, target: Target) -> bool:
        """Keeps the standing that follows from the target's history; says whether it is another one."""
        history = self._histories[target]
        if history.verdict is Verdict.UNKNOWN:
            return self._standings.pop(target, None) is not None
        after = standing(history, target.check)
        if self._standings.get(target) == after:
            return False
        self._standings[target] = after
        return True

    def _take_back(self) -> Iterator[Flip]:
        """Undoes what the silence led to before it was recognised; one failure after the freeze repeats it."""
        for target, silence in self._isolation.silences():
            history, before = self._histories[target], silence.before
            if history.verdict is not before.verdict:
                self._histories[target] = replace(
                    history, verdict=before.verdict, since=before.since, streak=target.check.fall
                )
                self._judge(target)
                yield Flip(target, history.verdict, before.verdict, "taken back: monitor isolated")
