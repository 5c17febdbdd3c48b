"""What a member has to pass to be up, and the addresses that are asked."""

from dataclasses import dataclass, field
from typing import Protocol

from geodns.model.place import Address
from geodns.model.source import Source


@dataclass(frozen=True, slots=True)
class Heard:
    """What an address that passed has said. `detail`: a short remark for the operator (`200 OK`).

    `load`: how much it has to do, in whatever its operator counts; None: it says nothing of it. `part`: of its weight,
    what it asks for, above 0 and up to 1.
    """

    detail: str
    load: float | None = None
    part: float = 1.0


class Probe(Protocol):
    """One way of asking an address whether it is up; the types stand in `geodns.probe`, a file each.

    An instance is a frozen dataclass whose fields are the keys of the zone file. Hashable, so that two pools with the
    same check on the same address share one probe. One that may tell a load has a `tells_load` that is true.
    """

    def __hash__(self) -> int: ...

    async def ask(self, address: Address) -> Heard:
        """What the address said where it passed; raises ProbeFailed where it did not."""
        ...


class ProbeFailed(Exception):
    """The address answered wrongly or not at all; the message is shown to the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A named check of a zone: what to ask, how often, and how many answers in a row change the verdict."""

    zone: str  # presentation form, with the final dot
    name: str
    type: str  # the registered name of the probe: http, https, tcp, agent
    probe: Probe
    interval: float = 10.0  # seconds between the starts of two probes of an address
    timeout: float = 3.0  # seconds
    rise: int = 2  # passes in a row that take an address up
    fall: int = 3  # failures in a row that take it down
    source: Source = field(compare=False)  # moving a line is no new check

    def __str__(self) -> str:
        return f"{self.zone}{self.name}"

    @property
    def tells_load(self) -> bool:
        return bool(getattr(self.probe, "tells_load", False))


@dataclass(frozen=True, slots=True)
class Target:
    """What a verdict is about: one address, asked by one check."""

    check: Check
    address: Address
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Worked out once, of what tells targets apart: each result looks up its target a dozen times."""
        object.__setattr__(self, "_hash", hash((self.check.zone, self.check.name, self.address)))

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        """A key that survives a restart: `example.com./web@192.0.2.10`."""
        return f"{self.check.zone}/{self.check.name}@{self.address}"


@dataclass(frozen=True, slots=True)
class Result:
    """One probe's outcome. `took` in seconds; `detail`, `load` and `part` as in Heard, of one that passed."""

    target: Target
    ok: bool
    took: float
    detail: str
    load: float | None = None
    part: float = 1.0
