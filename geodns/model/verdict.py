"""What health says of a target, and what operators say of a member."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from geodns.model.check import Target
from geodns.model.name import Name
from geodns.model.outside import ResolvedBy
from geodns.model.pool import Family, PoolName, State

PoolKey = tuple[Name, PoolName]
HoldKey = tuple[Name, PoolName, Family]
RampKey = tuple[Name, PoolName, PoolName]  # zone, the pool of pools, and its part that the ramp leads to


class Verdict(Enum):
    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """A target's verdict and the time, in seconds, in which it could next flip (interval × probes left).

    `since`: when the verdict became what it is, in seconds since the epoch; 0: longer ago than anybody remembers.
    """

    verdict: Verdict
    flip_in: float
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class MemberKey:
    """A member's identity over reloads: its names, not its addresses."""

    zone: Name
    pool: PoolName
    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What an operator said through the API. `expires` and `set_at` in seconds since the epoch; None: stays."""

    state: State
    reason: str
    author: str
    set_at: float
    expires: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """What load leaves of shares, as parts of 1. Who is missing has all of it.

    `kept`: of a pool's clients, those that it keeps; the others go on to the next pools of the route. `eased`: of a
    member's weight, what keeps it below its target. `evened`: of a member's weight, what evens the load in its pool,
    which only `least_load` goes by.
    """

    kept: Mapping[PoolKey, float] = field(default_factory=dict)
    eased: Mapping[MemberKey, float] = field(default_factory=dict)
    evened: Mapping[MemberKey, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pause:
    """Of the ramp that begins at `start`: for how long it has stood still, in seconds, and since when it does now.
    Times in seconds since the epoch."""

    start: float
    seconds: float = 0.0
    since: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What has to be remembered of pools beyond verdicts. Times in seconds since the epoch.

    `back`: since when a pool that had failed holds again, in each family; None: it fails now. A pool that is missing
    has never failed. `pauses`: of ramps, which stand still while what they lead to fails.
    """

    back: Mapping[HoldKey, float | None] = field(default_factory=dict)
    pauses: Mapping[RampKey, Pause] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything that changes while the configuration does not: verdicts, overrides in force now, load, and the time.

    A target that is missing from `standings` has never been judged. `resolved`: the addresses of names outside; None:
    nobody asks for them, and each is taken to have some. `now`: seconds since the epoch; None: outside of time, when no
    schedule runs, all ramps are over and everybody is warm.
    """

    standings: Mapping[Target, Standing]
    overrides: Mapping[MemberKey, Override]
    loads: Loads = field(default_factory=Loads)
    pace: Pace = field(default_factory=Pace)
    resolved: ResolvedBy | None = None
    now: float | None = None


CLEAR = Outlook({}, {})
