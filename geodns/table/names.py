"""Zones → the names part: an index of every name that exists, and its static records in wire form.

What is at or below a delegation is not in the index (it is occluded), and neither is what a deeper zone of ours holds;
so a question that finds a node need not ask what stands above it.
"""

from collections.abc import Callable, Mapping, Sequence

from geodns.config.collector import collector_paused
from geodns.model.name import Name, ancestors, labels
from geodns.model.zone import Zone
from geodns.table.index import IndexWriter
from geodns.table.plan import PlanKey
from geodns.table.zone_names import ZoneWriter

Progress = Callable[[int, int], None]  # names done, names in all


def compile_names(
    zones: Sequence[Zone],
    serials: Mapping[Name, int],
    plans: Mapping[PlanKey, int],
    slots: Mapping[Name, int],
    progress: Progress = lambda _done, _total: None,
) -> bytes:
    """A sealed part. `serials`: of each zone; `plans`: the plans' numbers; `slots`: where questions are counted."""
    writer = IndexWriter()
    below = _zones_below({zone.name for zone in zones})
    total = sum(map(_size, zones))
    done = 0
    with collector_paused():
        for zone in sorted(zones, key=lambda zone: sum(1 for _ in labels(zone.name))):
            ZoneWriter(writer, zone, below[zone.name]).write(serials[zone.name], plans, slots[zone.name])
            done += _size(zone)
            progress(done, total)
        return writer.part()


def _size(zone: Zone) -> int:
    return len(zone.rrsets) + len(zone.steered)


def _zones_below(apexes: set[Name]) -> dict[Name, set[Name]]:
    below: dict[Name, set[Name]] = {apex: set() for apex in apexes}
    for apex in apexes:
        for above in ancestors(apex):
            if above in apexes:
                below[above].add(apex)
    return below
