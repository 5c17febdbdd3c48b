"""The pace of all pools, kept up as outlooks come in; and which of them time alone will change, and when. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from geodns.model.name import BadName, Name, parse_name, show
from geodns.model.pool import Family, PoolName
from geodns.model.verdict import HoldKey, Outlook, Pace, Pause, PoolKey, RampKey
from geodns.model.zone import Zone
from geodns.policy.pace import ZonePool, advance, is_timed, next_change

TOGETHER = 0.001  # seconds: what is due within so much is one generation


class Pacing:
    """`pace` is as it was when an outlook came last."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._timed: list[ZonePool] = []
        self._touched: dict[PoolKey, list[ZonePool]] = {}  # by each pool that they are, or are made of

    def __repr__(self) -> str:
        return f"<Pacing of {len(self._timed)} pools>"

    def watch(self, zones: Iterable[Zone]) -> None:
        """These zones' pools from now on; of others nothing is remembered."""
        self._timed = [(zone.name, pool) for zone in zones for pool in zone.pools.values() if is_timed(pool)]
        self._touched = {}
        for zone, pool in self._timed:
            for inner in pool.within():
                self._touched.setdefault((zone, inner.name), []).append((zone, pool))
        self.pace = _only(self.pace, {(zone, pool.name) for zone, pool in self._timed})

    def pools(self) -> frozenset[PoolKey]:
        """All whose answers time may change."""
        return frozenset((zone, pool.name) for zone, pool in self._timed)

    def advance(self, outlook: Outlook, changed: Collection[PoolKey] | None = None) -> Outlook:
        """The outlook with the pace that follows from it. `changed`: which pools stand otherwise than before; None:
        perhaps all."""
        touched = self._timed if changed is None else [each for key in changed for each in self._touched.get(key, ())]
        if touched:
            self.pace = advance(touched, replace(outlook, pace=self.pace))
        return replace(outlook, pace=self.pace)

    def next_change(self, outlook: Outlook) -> tuple[float, frozenset[PoolKey]]:
        """In how many seconds time changes answers, and of which pools; infinite: never, as things stand."""
        waits = [(next_change(zone, pool, outlook), (zone, pool.name)) for zone, pool in self._timed]
        soonest = min((seconds for seconds, _ in waits), default=float("inf"))
        return soonest, frozenset(key for seconds, key in waits if seconds <= soonest + TOGETHER)


def _only(pace: Pace, pools: Collection[PoolKey]) -> Pace:
    return Pace(
        back={key: since for key, since in pace.back.items() if key[:2] in pools},
        pauses={key: pause for key, pause in pace.pauses.items() if key[:2] in pools},
    )


# ── on disk, so that a restart neither lets clients go back too soon nor a ramp run on ────────────────────────────


def to_json(pace: Pace) -> dict[str, object]:
    back = [[show(zone), pool, family.rtype, since] for (zone, pool, family), since in pace.back.items()]
    pauses = [
        [show(zone), pool, part, pause.start, pause.seconds, pause.since]
        for (zone, pool, part), pause in pace.pauses.items()
    ]
    return {"back": back, "pauses": pauses}


def from_json(document: dict[str, object]) -> Pace:
    """Entries of another shape are passed over."""
    backs, pauses = (_rows(document.get(key)) for key in ("back", "pauses"))
    return Pace(
        back=dict(pair for pair in map(_back, backs) if pair is not None),
        pauses=dict(pair for pair in map(_pause, pauses) if pair is not None),
    )


def _rows(found: object) -> list[object]:
    return found if isinstance(found, list) else []


def _back(row: object) -> tuple[HoldKey, float | None] | None:
    match row:
        case [str(zone), str(pool), "A" | "AAAA" as rtype, None | int() | float() as since] if name := _name(zone):
            return (name, PoolName(pool), Family.IPV4 if rtype == Family.IPV4.rtype else Family.IPV6), since
    return None


def _pause(row: object) -> tuple[RampKey, Pause] | None:
    match row:
        case [
            str(zone),
            str(pool),
            str(part),
            int() | float() as start,
            int() | float() as seconds,
            None | int() | float() as since,
        ] if name := _name(zone):
            return (name, PoolName(pool), PoolName(part)), Pause(start, seconds, since)
    return None


def _name(text: str) -> Name | None:
    try:
        return parse_name(text)
    except BadName:
        return None
