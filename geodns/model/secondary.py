"""Zones that come from other servers."""

from dataclasses import dataclass, field

from geodns.model.endpoint import Endpoint
from geodns.model.name import Name, show
from geodns.model.source import Source
from geodns.model.transfer import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Secondary:
    """A zone that is copied from the first of its primaries that answers; signed, where there is a key."""

    zone: Name
    primaries: tuple[Endpoint, ...]
    key: Key | None = None
    source: Source = field(compare=False)

    def __str__(self) -> str:
        return show(self.zone)
