"""Where copies of zones have a client's answers in place of policies, they have the addresses of names elsewhere too.
When those have changed, so has the zone for whoever copies it: a new serial, and with it a generation made anew.

That is more work than answers take, and every secondary fetches it, so it happens at most once in APART seconds: a name
elsewhere may have other addresses each time that it is asked for.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from geodns.control.edition import Edition
from geodns.model.name import Name
from geodns.model.outside import ResolvedBy
from geodns.model.zone import RRset, Zone
from geodns.policy.view import sets_in_view
from geodns.policy.whereabouts import PlaceOf

APART = 60.0  # seconds

_Records = Mapping[tuple[str, Name, int], frozenset[bytes]]  # by policy, owner and type


class Renewal:
    """`renew`: where copies would be others than those of the last generation, makes one; whether it did."""

    def __init__(self, renew: Callable[[], Awaitable[bool]], apart: float = APART) -> None:
        self._renew = renew
        self._apart = apart
        self._moved = asyncio.Event()

    def note(self) -> None:
        """Addresses of names elsewhere have changed."""
        self._moved.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._moved.wait()
            self._moved.clear()
            if await self._renew():
                await asyncio.sleep(self._apart)


def is_due(edition: Edition, elsewhere: ResolvedBy) -> bool:
    """Whether some zone's copies would have other addresses. Another order or TTL is not worth a serial."""
    place_of = edition.inputs.atlas.place_of
    return any(
        _records(zone, place_of, elsewhere) != _records(zone, place_of, edition.elsewhere)
        for zone in edition.inputs.zones
        if any(member.outside is not None for pool in zone.pools.values() for member in pool.members)
    )


def _records(zone: Zone, place_of: PlaceOf, elsewhere: ResolvedBy) -> _Records:
    sets: Mapping[str, tuple[RRset, ...]] = sets_in_view(zone, place_of, elsewhere)
    return {
        (policy, rrset.owner, rrset.rtype): frozenset(rrset.rdatas) for policy, here in sets.items() for rrset in here
    }
