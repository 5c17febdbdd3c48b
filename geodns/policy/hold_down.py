"""Fail-back hold-down: a pool that has failed has to hold for some time before clients go back to it.

Who held all the time is never held back, whichever of its members it owes that to. Where nothing else holds, clients go
back at once: see choice.
"""

from geodns.model.name import Name
from geodns.model.pool import Family, Pool
from geodns.model.verdict import Outlook


def held_until(zone: Name, pool: Pool, family: Family, outlook: Outlook) -> float | None:
    """Of a pool that holds: until when it is held back, in seconds since the epoch; None: it is not."""
    back = outlook.pace.back.get((zone, pool.name, family))
    if not pool.hold_down or back is None or outlook.now is None or outlook.now >= back + pool.hold_down:
        return None
    return back + pool.hold_down
