"""`weighted:` in rules, and `pools:` of a pool → pools that are made of others."""

from collections.abc import Mapping

from geodns.config.forms import PoolForm
from geodns.config.reading import Reading
from geodns.config.tree import Path
from geodns.model.pool import Part, Pool, PoolName
from geodns.model.source import Source


class Sharing:
    """One zone's. `pools` are those with members; `made` are all that come of them, named or not."""

    def __init__(self, reading: Reading, pools: Mapping[PoolName, Pool], forms: Mapping[str, PoolForm]) -> None:
        self.pools = pools
        self.made: dict[PoolName, Pool] = {}
        self._reading = reading
        self._forms = {name: form for name, form in forms.items() if form.pools}
        for name in self._forms:
            self._read(name, ())

    def all(self) -> dict[PoolName, Pool]:
        return {**self.pools, **self.made}

    def unnamed(self, weights: Mapping[str, int], path: Path, source: Source) -> PoolName:
        """The pool that a rule's `weighted` stands for: `us 95 + next 5`. Names that are written hold no space."""
        parts = self._parts(weights, path)
        name = PoolName(" + ".join(f"{pool} {weight}" for pool, weight in weights.items()))
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
        self.made[PoolName(name)] = Pool(
            name=PoolName(name),
            parts=self._parts(form.pools, ("pools", name, "pools")),
            location=form.location.as_location() if form.location else None,
            select=form.select,
            source=source,
        )

    def _parts(self, weights: Mapping[str, int], path: Path) -> tuple[Part, ...]:
        known = self._reading.names("pools")
        for name in weights:
            self._reading.knows("pool", name, known, *path, name, as_key=True)
        there = self.all()
        return tuple(Part(there[PoolName(name)], weight) for name, weight in weights.items() if name in there)
