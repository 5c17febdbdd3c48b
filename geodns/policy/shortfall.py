"""What came instead of what a zone's own test expected, in words: the question, what came, what should have, and the
way out."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from geodns.config.rdata import ADDRESSES, show_rdata, show_type
from geodns.model.name import show, show_in
from geodns.model.schedule import shown_in_utc
from geodns.model.zone import Expectation, RRset, Zone
from geodns.policy.choice import Choice
from geodns.policy.resolving import Saying

_MOST_SHOWN = 8  # records


@dataclass(frozen=True, slots=True)
class Shortfall:
    """`came`: what, in place of what was expected; `way_out`: what to do about it."""

    came: str
    way_out: str = "mend the records, or the test"


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that did not come out as expected."""

    test: Expectation
    zone: Zone
    shortfall: Shortfall

    def __str__(self) -> str:
        name = show_in(self.test.owner, self.zone.name)
        client = self.test.source_address or self.test.place
        origin = f" from {client}" if client else ""
        down = f" with {', '.join(sorted(self.test.down))} down" if self.test.down else ""
        at = f" at {shown_in_utc(self.test.at)}" if self.test.at is not None else ""
        asked = f"{name} {show_type(self.test.rtype)}{origin}{down}{at}"
        came, way_out = self.shortfall.came, self.shortfall.way_out
        return f"test failed: {asked} gives {came}, expected {_wanted(self.test)}; {way_out}"


def _wanted(test: Expectation) -> str:
    answer = " or ".join(test.expect) or ", ".join(map(str, test.shares))
    return " with ".join(filter(None, (answer, _shown(test.rtype, test.records, " and "))))


def told(found: RRset | Saying) -> str:
    """What comes where no policy answers."""
    return found.value if isinstance(found, Saying) else f"NOERROR ({_shown(found.rtype, found.rdatas, ', ')})"


def _shown(rtype: int, rdatas: Sequence[bytes], between: str) -> str:
    shown = [show_rdata(rtype, rdata) for rdata in rdatas[:_MOST_SHOWN]]
    return between.join([*shown, *([f"{len(rdatas) - _MOST_SHOWN} more"] if len(rdatas) > _MOST_SHOWN else [])])


def told_shares(choice: Choice, test: Expectation) -> str:
    shares = ", ".join(f"{pool} {float(share) * 100:.4g}%" for pool, share in choice.by_pool())
    return f"{shares} ({choice.ground.value})" if shares else told_choice(choice, test)


def told_choice(choice: Choice, test: Expectation) -> str:
    nothing = "records without hints" if choice.hints else "NODATA"
    if choice.pool is None:
        return f"{nothing} ({choice.ground.value})"
    if not choice.roster.own:
        return f"{nothing} ({choice.pool} has no {'address of this family' if test.rtype in ADDRESSES else 'CNAME'})"
    return f"{choice.pool} ({', '.join(member.name for member in choice.roster.own)}; {choice.ground.value})"


def to_see_why(test: Expectation) -> str:
    """With the command that tells it, as a shell takes it."""
    rtype = show_type(test.rtype)
    words = ["geodns", "explain", show(test.owner), *([] if rtype == "A" else [rtype])]
    words += ["--from", str(test.source_address)] if test.source_address else ["--place", str(test.place)]
    words += ["--down", *sorted(test.down)] if test.down else []
    words += [] if test.at is None else ["--at", datetime.fromtimestamp(test.at, UTC).isoformat()]
    return f"mend the zone, or the test; {shlex.join([*words, '--zones', test.source.file])} says why"
