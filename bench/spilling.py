"""A pool with too much load, and resolvers that remember its answers: what comes of a loop that moves its share.

Pure, and the same with each run: dice are seeded. A resolver asks when what it remembers is over, as often as that,
and is told to stay or to go as the share says; the load of its clients goes where it was told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import cos, exp, pi
from random import Random

from geodns.load.fold import advanced, begun
from geodns.load.reading import Reading, Report
from geodns.model.pool import Limit

TARGET, MOST = 8_000.0, 10_000.0
TTL = 60
EVERY = 10  # seconds between two reports, and two steps
NOISE = 0.02  # of a report, its standard deviation
RESOLVERS = 2_000
_GOLDEN = 0.6180339887498949

Demand = Callable[[int], float]
Loop = Callable[[float, int], float]  # load that was reported, second → share


@dataclass(frozen=True, slots=True)
class Moment:
    second: int
    demand: float
    load: float
    kept: float


def steps(second: int) -> float:
    """12,000 for an hour, 15,000 for half of one, then 9,000."""
    return 12_000 if second < 3600 else 15_000 if second < 5400 else 9_000


def day(second: int) -> float:
    """From 6,000 to 14,000 and back, in four hours: six times as fast as days go."""
    return 10_000 - 4_000 * cos(2 * pi * second / 14_400)


def undamped() -> Loop:
    """All below the target, none above `most`, in proportion between: at once, whatever is under way."""
    return lambda load, _: min(1.0, max(0.0, (MOST - load) / (MOST - TARGET)))


def slew_limited() -> Loop:
    """The same, two hundredths at most a step."""
    kept, wanted = [1.0], undamped()

    def loop(load: float, second: int) -> float:
        kept[0] += max(-0.02, min(0.02, wanted(load, second) - kept[0]))
        return kept[0]

    return loop


def ours() -> Loop:
    """geodns.load, as control has it step."""
    state = [begun(0.0)]
    reading = Reading(seats=(), limit=Limit(target=TARGET, most=MOST, every=EVERY), ttl=TTL)

    def loop(load: float, second: int) -> float:
        state[0] = advanced(state[0], replace(reading, report=Report(load, second, second + 60)), second)
        return state[0].keep.kept

    return loop


LOOPS = {"undamped, in proportion": undamped, "at most 2 % a step": slew_limited, "geodns": ours}
DEMANDS = {"12,000, then 15,000, then 9,000": (steps, 7200), "a day in four hours": (day, 14_400)}


def played(loop: Loop, demand: Demand, seconds: int, *, lag: float = 1.0, seed: int = 1) -> list[Moment]:
    """`lag`: resolvers remember answers for so many times the TTL. Before the start everybody stays."""
    dice = Random(seed)
    resolvers = _Resolvers(round(TTL * lag), dice)
    kept, moments = 1.0, []
    for second in range(seconds):
        load = demand(second) * resolvers.staying(second, kept)
        moments.append(Moment(second, demand(second), load, kept))
        if second % EVERY == 0:
            kept = loop(load * (1 + dice.gauss(0, NOISE)), second)
    return moments


class _Resolvers:
    """Of sizes that differ, each of which asks anew in its own second of every `memory`."""

    def __init__(self, memory: int, dice: Random) -> None:
        self._sizes = [dice.expovariate(1.0) for _ in range(RESOLVERS)]
        self._whole = sum(self._sizes)
        self._stays = [True] * RESOLVERS
        self._turns: list[list[int]] = [[] for _ in range(memory)]
        for number in range(RESOLVERS):
            self._turns[dice.randrange(memory)].append(number)
        self._asked = 0
        self._load = self._whole

    def staying(self, second: int, kept: float) -> float:
        """The part of the demand whose resolvers were told to stay. They are drawn as answers are, evenly."""
        for number in self._turns[second % len(self._turns)]:
            stays = self._asked * _GOLDEN % 1 < kept
            self._asked += 1
            self._load += self._sizes[number] * (stays - self._stays[number])
            self._stays[number] = stays
        return self._load / self._whole


def averaged(moments: Sequence[Moment], over: float = 5.0) -> Iterator[tuple[int, float]]:
    """Second and load, smoothed for the eye."""
    load = moments[0].load
    for each in moments:
        load += (each.load - load) * (1 - exp(-1 / over))
        yield each.second, load


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of the last ten minutes before a change of demand; `settling`: seconds from the one before, until the load left
    the band (two hundredths of leeway) no more; None: it never ended."""

    low: float
    high: float
    shares: tuple[float, float]
    settling: int | None


def outcome(moments: Sequence[Moment]) -> Outcome:
    """Of a stretch with one demand."""
    last = moments[-600:]
    outside = [each.second for each in moments if not 0.98 * TARGET <= each.load <= 1.02 * MOST]
    settling = outside[-1] + 1 - moments[0].second if outside else 0
    return Outcome(
        low=min(each.load for each in last),
        high=max(each.load for each in last),
        shares=(min(each.kept for each in last), max(each.kept for each in last)),
        settling=settling if settling <= len(moments) - 600 else None,
    )
