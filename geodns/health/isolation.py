"""Are they all down, or is it us? Most targets of independent pools falling silent at once speak against the monitor.

Pure; the ledger tells it every result before it judges it.

Rules:
- Counted are targets that were up, or not judged yet: they answer, or they fell silent within the last window.
  What has been down for longer says nothing about us.
- The window is the time in which more than half of the targets have had their turn. One check that runs every ten
  minutes does not stretch it.
- Pools that share an address are not independent; neither are two pools that both share one with a third.
- Isolated: more than half of the counted targets are silent, and they lie in at least three independent pools.
  So small installations never freeze, and two dead data centres out of three are taken out as they should be.
- It ends when half or more of them answer again.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from geodns.health.history import History
from geodns.model.check import Target
from geodns.model.place import Address
from geodns.model.pool import Pool
from geodns.model.verdict import Verdict

MIN_GROUPS = 3  # two may fail together by chance, or share an uplink that nobody wrote down


@dataclass(frozen=True, slots=True)
class Silence:
    """When a target stopped answering, and what was known of it before."""

    since: float
    before: History


class Isolation:
    """The targets that answer and those that fell silent, and whether the monitor suspects itself."""

    def __init__(self, pools: Collection[Pool], histories: Mapping[Target, History]) -> None:
        self._groups = groups_of(pools)
        self._window = window_of(self._groups)
        self._answering = {target for target in self._groups if histories[target].verdict is not Verdict.DOWN}
        self._silent: dict[Target, Silence] = {}  # in the order in which they fell silent
        self._silent_in: Counter[Address] = Counter()  # group → silent targets
        self.frozen = False

    def __repr__(self) -> str:
        state = "isolated" if self.frozen else "connected"
        return f"<Isolation {state}: {len(self._answering)} answer, {len(self._silent)} fell silent>"

    @property
    def reason(self) -> str:
        """What to tell the operator while it is frozen."""
        silent, groups = len(self._silent), len(self._silent_in)
        return (
            f"monitor isolated: {silent} of {silent + len(self._answering)} targets in {groups} independent pools "
            f"stopped answering within {self._window:g} s; no member is taken down until half of them answer again. "
            "Check the network of this host; drain by hand what is really down"
        )

    def silences(self) -> Iterator[tuple[Target, Silence]]:
        """Who fell silent within the window, or since the freeze began."""
        yield from self._silent.items()

    def carry_over(self, earlier: "Isolation") -> None:
        """Takes on what is still true after a reload."""
        for target, silence in earlier.silences():
            if target in self._groups:
                self._fall_silent(target, silence)
        self.frozen = earlier.frozen and self._looks_isolated()

    def hear(self, target: Target, ok: bool, before: History, now: float) -> None:
        """One more result; `before` is the target's history without it."""
        if target not in self._groups:  # nobody is counted where the monitor may not suspect itself
            return
        if ok:
            self._answer(target, before)
        elif target in self._answering:
            self._fall_silent(target, Silence(now, before))
        if self.frozen:
            self.frozen = len(self._silent) > len(self._answering)
        else:
            self._forget_older_than(now - self._window)
            self.frozen = self._looks_isolated()

    def _looks_isolated(self) -> bool:
        return is_isolated(len(self._silent), len(self._answering), len(self._silent_in))

    def _answer(self, target: Target, before: History) -> None:
        self._forget(target)
        if before.verdict is not Verdict.DOWN:
            self._answering.add(target)

    def _fall_silent(self, target: Target, silence: Silence) -> None:
        self._answering.discard(target)
        self._silent[target] = silence
        self._silent_in[self._groups[target]] += 1

    def _forget_older_than(self, oldest: float) -> None:
        while self._silent and next(iter(self._silent.values())).since < oldest:
            self._forget(next(iter(self._silent)))

    def _forget(self, target: Target) -> None:
        if self._silent.pop(target, None) is None:
            return
        group = self._groups[target]
        self._silent_in[group] -= 1
        if not self._silent_in[group]:
            del self._silent_in[group]  # the length of the counter is the number of groups


def is_isolated(silent: int, answering: int, groups: int) -> bool:
    """`silent` targets in so many independent groups stopped answering at once, while `answering` still answer."""
    return silent > answering and groups >= MIN_GROUPS


def window_of(targets: Collection[Target]) -> float:
    """The seconds in which more than half of the targets have been asked and have answered or timed out."""
    turns = sorted(target.check.interval + target.check.timeout for target in targets)
    return turns[len(turns) // 2] if turns else 0.0


def groups_of(pools: Collection[Pool]) -> dict[Target, Address]:
    """Each target's group, named by one of its addresses; pools sharing one, also by way of others, are one group."""
    above: dict[Address, Address] = {}  # a forest: each address points towards the name of its group
    for pool in pools:
        addresses = [target.address for target in pool.targets()]
        for address in addresses:
            above[_group(above, address)] = _group(above, addresses[0])
    return {target: _group(above, target.address) for pool in pools for target in pool.targets()}


def _group(above: dict[Address, Address], address: Address) -> Address:
    while (higher := above.setdefault(address, address)) != address:
        above[address] = above[higher]  # halves the way for the next who asks
        address = higher
    return address
