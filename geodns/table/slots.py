"""Where things are counted: labels (a zone, a member) → slots that stay the same over generations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geodns.model.name import Name, show
from geodns.model.verdict import MemberKey
from geodns.model.zone import Zone
from geodns.table.layout import PICK_SLOTS, ZONE_SLOTS


@dataclass(frozen=True, slots=True)
class Slots:
    """`labels[i]` has slot i + 1; slot 0 belongs to nobody. A label keeps its slot when it goes away, for it may come
    back; labels that find no room share the last slot, `limit` - 1."""

    limit: int
    labels: tuple[str, ...] = ()

    def with_labels(self, wanted: Iterable[str]) -> "Slots":
        known = set(self.labels)
        fresh = [label for label in dict.fromkeys(wanted) if label not in known]
        return Slots(self.limit, (*self.labels, *fresh)[: self.limit - 2])

    def numbered(self) -> dict[str, int]:
        return {label: slot for slot, label in enumerate(self.labels, start=1)}

    @property
    def last(self) -> int:
        return self.limit - 1


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Where questions (by zone) and answers (by member) are counted."""

    zones: Slots
    members: Slots

    @staticmethod
    def empty() -> "Ledgers":
        return Ledgers(Slots(ZONE_SLOTS), Slots(PICK_SLOTS))

    def for_zones(self, zones: Sequence[Zone]) -> "Ledgers":
        keys = [member_label(key) for zone in zones for key in member_keys(zone)]
        return Ledgers(self.zones.with_labels(str(zone) for zone in zones), self.members.with_labels(keys))

    def member_slots(self, zones: Sequence[Zone]) -> dict[MemberKey, int]:
        numbered = self.members.numbered()
        return {key: numbered.get(member_label(key), self.members.last) for zone in zones for key in member_keys(zone)}

    def zone_slots(self, zones: Sequence[Zone]) -> dict[Name, int]:
        numbered = self.zones.numbered()
        return {zone.name: numbered.get(str(zone), self.zones.last) for zone in zones}


def member_keys(zone: Zone) -> list[MemberKey]:
    return [MemberKey(zone.name, pool.name, member.name) for pool in zone.pools.values() for member in pool.members]


def member_label(key: MemberKey) -> str:
    """`example.com. eu fra1`: three words, none of which holds a space."""
    return f"{show(key.zone)} {key.pool} {key.member}"
