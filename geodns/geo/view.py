"""Atlas → the same with less told of each place: fewer places, and neighbours merged that differ in nothing else.

A policy looks at some fields of a place only. One that asks for countries need not sweep millions of networks, but the
hundred thousands of runs that countries make; and all that look at the same share one view.
"""

from array import array
from dataclasses import replace

from geodns.geo.atlas import Atlas
from geodns.geo.runs import Runs, Writer
from geodns.model.place import NOWHERE, Place

Fields = frozenset[str]  # names of those of Place

# Of the atlas's runs, or of its places: a view that has more of both costs more memory than it saves time.
_FEWER_RUNS, _FEWER_PLACES = 0.75, 0.5


class Views:
    """Of one atlas, made when they are asked for."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._made: dict[Fields, Atlas] = {}

    def through(self, fields: Fields) -> Atlas:
        """What its places have in other fields is not known, or the whole atlas where that is no smaller."""
        if fields not in self._made:
            made = seen_through(self._atlas, fields)
            self._made[fields] = made if _is_smaller(made, self._atlas) else self._atlas
        return self._made[fields]


def seen_through(atlas: Atlas, fields: Fields) -> Atlas:
    numbers: dict[Place, int] = {NOWHERE: 0}
    labels = array("i", (numbers.setdefault(_seen(place, fields), len(numbers)) for place in atlas.places))
    return replace(atlas, places=tuple(numbers), v4=_relabelled(atlas.v4, labels), v6=_relabelled(atlas.v6, labels))


def _seen(place: Place, fields: Fields) -> Place:
    return Place(**{field: getattr(place, field) for field in fields})


def _relabelled(runs: Runs, labels: "array[int]") -> Runs:
    writer = Writer(len(runs.values))
    writer.relabelled(runs, 0, len(runs.values), labels)
    return writer.written()


def _is_smaller(made: Atlas, atlas: Atlas) -> bool:
    return _runs(made) <= _FEWER_RUNS * _runs(atlas) or len(made.places) <= _FEWER_PLACES * len(atlas.places)


def _runs(atlas: Atlas) -> int:
    return len(atlas.v4.values) + len(atlas.v6.values)
