"""`weighted:` in rules, and `pools:` of a pool → pools that are made of others."""

from collections.abc import Mapping

from geodns.config.forms import PartForm, PoolForm, RampForm
from geodns.config.reading import Reading
from geodns.config.schedules import Schedules, schedules_named, seconds
from geodns.config.tree import Path
from geodns.model.pool import Part, Pool, PoolName, Ramp
from geodns.model.source import Source

Weights = Mapping[str, int | RampForm]


class Sharing:
    """One zone's. `pools` are those with members; `made` are all that come of them, named or not."""

    def __init__(
        self, reading: Reading, pools: Mapping[PoolName, Pool], forms: Mapping[str, PoolForm], schedules: Schedules
    ) -> None:
        self.pools = pools
        self._schedules = schedules
        self.made: dict[PoolName, Pool] = {}
        self._reading = reading
        self._forms = {name: form for name, form in forms.items() if form.pools}
        for name in self._forms:
            self._read(name, ())

    def all(self) -> dict[PoolName, Pool]:
        return {**self.pools, **self.made}

    def unnamed(self, weights: Weights, path: Path, source: Source) -> PoolName:
        """The pool that a rule's `weighted` stands for: `us 95 + next 5`. Names that are written hold no space."""
        parts = self._parts(weights, path)
        name = PoolName(" + ".join(f"{pool} {_spelled(weight)}" for pool, weight in weights.items()))
        self.made.setdefault(name, Pool(name=name, parts=parts, source=source))
        return name

    def _read(self, name: str, inside: tuple[str, ...]) -> None:
        """Cases: 1. read already, or no pool of pools, 2. a circle, 3. the others first, then it."""
        if name in self.made or name not in self._forms:
            return
        source = self._reading.document.key("pools", name)
        if name in inside:
            circle = " → ".join((*inside[inside.index(name) :], name))
            self._reading.complain(source, f"pool '{name}' is in itself: {circle}")
            return
        form = self._forms[name]
        for other in form.pools:
            self._read(other, (*inside, name))
        weights = {other: weight for other, weight in form.pools.items() if not isinstance(weight, PartForm)}
        for other in form.pools.keys() - weights.keys():
            message = "a policy goes by the client's place, which a pool does not know; use weighted in a rule"
            self._reading.complain(self._reading.document.value("pools", name, "pools", other), message)
        self.made[PoolName(name)] = Pool(
            name=PoolName(name),
            parts=self._parts(weights, ("pools", name, "pools")),
            location=form.location.as_location() if form.location else None,
            select=form.select,
            when=schedules_named(self._reading, form.when, self._schedules, ("pools", name, "when")),
            maintenance=schedules_named(
                self._reading, form.maintenance, self._schedules, ("pools", name, "maintenance")
            ),
            hold_down=form.hold_down,
            source=source,
        )

    def _parts(self, weights: Weights, path: Path) -> tuple[Part, ...]:
        known = self._reading.names("pools")
        for name in weights:
            self._reading.knows("pool", name, known, *path, name, as_key=True)
        self._check_ramps(weights, path)
        there = self.all()
        return tuple(_part(there[PoolName(name)], weight) for name, weight in weights.items() if name in there)

    def _check_ramps(self, weights: Weights, path: Path) -> None:
        """What they leave has to be somebody's, and they cannot have more than there is."""
        ramps = [weight for weight in weights.values() if isinstance(weight, RampForm)]
        if ramps and not any(isinstance(weight, int) and weight > 0 for weight in weights.values()):
            message = "a ramp moves a share from other pools to one, and here is no other; add one with a weight"
            self._reading.complain(self._reading.document.key(*path), message)
        if sum(max(ramp.from_, ramp.to) for ramp in ramps) > 100:
            self._reading.complain(self._reading.document.key(*path), "together the ramps come to more than 100%")
        for ramp in ramps:
            if ramp.from_ == ramp.to:
                name = next(name for name, weight in weights.items() if weight is ramp)
                self._reading.complain(
                    self._reading.document.key(*path, name), f"this ramp does not move: it stays at {ramp.to:g}%"
                )


def _spelled(weight: int | RampForm) -> str:
    if isinstance(weight, int):
        return str(weight)
    return f"{weight.from_:g}%→{weight.to:g}% from {weight.start.isoformat(timespec='minutes')}"


def _part(pool: Pool, weight: int | RampForm) -> Part:
    if isinstance(weight, int):
        return Part(pool, weight)
    start = seconds(weight.start, weight.timezone)
    return Part(pool, 0, Ramp(low=weight.from_ / 100, high=weight.to / 100, start=start, over=weight.over))
