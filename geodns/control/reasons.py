"""Why a member has no share of the answers: the first of these that holds, as operators would ask. Pure.

1. operators have taken it out; 2. it has no address of the family; 3. its pool is not reached; 4. it is down;
5. its pool is passed over; 6. its weight is 0 and others answer; 7. the draw leaves it out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from geodns.control.members import state_of
from geodns.health.history import UNJUDGED, History
from geodns.model.check import Target
from geodns.model.place import Address
from geodns.model.pool import Family, Member, Pool, PoolName, State
from geodns.model.verdict import Outlook, Verdict
from geodns.model.zone import Zone
from geodns.policy.availability import address_is_up, intent
from geodns.policy.outside import member_with_addresses

HistoryOf = Callable[[Target], History]

OF_POOL = "its pool is"  # begins the reasons that are the same for all members of a pool


def never_asked(_target: Target) -> History:
    """For editions that nobody probes."""
    return UNJUDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """`not_reached` and `passed_over`: of pools that have no part in the answers, why. `down`: supposed to be.
    `family` None: both."""

    outlook: Outlook
    zone: Zone
    family: Family | None
    not_reached: Mapping[PoolName, str]
    passed_over: Mapping[PoolName, str]
    down: frozenset[str]
    history_of: HistoryOf

    def of(self, pool: Pool, member: Member) -> str:
        wanted = intent(self.zone.name, pool, member, self.outlook)
        outside, member = member.outside, member_with_addresses(member, self.family, self.outlook)
        addresses = member.of_family(self.family)
        if wanted in (State.DOWN, State.DRAIN) or not member.answers(self.family):
            return state_of(self.outlook, self.zone, pool, member, self.family, outside)
        if pool.name in self.not_reached:
            return f"{OF_POOL} not reached: {self.not_reached[pool.name]}"
        if wanted is not State.UP and self._has_failed(pool, addresses):
            return self._down(pool, member, addresses)
        if member.outside is not None:
            return state_of(self.outlook, self.zone, pool, member, self.family)
        if pool.name in self.passed_over:
            return f"{OF_POOL} passed over: {self.passed_over[pool.name]}"
        return "weight 0: others of its pool answer" if member.weight == 0 else "the draw leaves it out"

    def _has_failed(self, pool: Pool, addresses: tuple[Address, ...]) -> bool:
        """An alias has no address that could."""
        return bool(addresses) and not any(address_is_up(pool, each, self.outlook) for each in addresses)

    def _down(self, pool: Pool, member: Member, addresses: tuple[Address, ...]) -> str:
        if not self.down.isdisjoint((pool.name, f"{pool.name}/{member.name}")):
            return "down, as is supposed"
        told = dict.fromkeys(self._since(pool, addresses))  # most often all failed at once, in the same way
        return f"down {'; '.join(told)}".strip()

    def _since(self, pool: Pool, addresses: tuple[Address, ...]) -> Iterator[str]:
        assert pool.check is not None, "only a check takes a member down"
        for address in addresses:
            history = self.history_of(Target(pool.check, address))
            if history.verdict is Verdict.DOWN and history.since:
                detail = f": {history.detail}" if history.detail else ""
                yield f"since {_instant(history.since)}{detail}"


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
