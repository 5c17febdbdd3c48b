"""What health says of a target, and what operators say of a member."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from geodns.model.check import Target
from geodns.model.name import Name
from geodns.model.pool import PoolName, State


class Verdict(Enum):
    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """A target's verdict and the time, in seconds, in which it could next flip (interval × probes left)."""

    verdict: Verdict
    flip_in: float


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


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything that changes while the configuration does not: verdicts, and overrides in force now.

    A target that is missing from `standings` has never been judged.
    """

    standings: Mapping[Target, Standing]
    overrides: Mapping[MemberKey, Override]


CLEAR = Outlook({}, {})
