"""Zones that come from other servers."""

from dataclasses import dataclass, field

from geodns.model.endpoint import Endpoint
from geodns.model.name import Name, show
from geodns.model.place import Address
from geodns.model.source import Source
from geodns.model.transfer import Key, Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Secondary:
    """A zone that is copied from the first of its primaries that answers; signed, where there is a key.

    `transfer`: who may copy it further; None: nobody.
    """

    zone: Name
    primaries: tuple[Endpoint, ...]
    key: Key | None = None
    transfer: Transfer | None = None
    source: Source = field(compare=False)

    def may_be_told_by(self, client: Address, key: Name | None) -> bool:
        """Whether a NOTIFY counts (RFC 1996 §3.10): from the address of a primary, or signed with the zone's key.

        An unsigned one counts for a zone with a key too: nothing follows but a signed question for the serial.
        """
        if self.key is not None and key == self.key.name:
            return True
        return any(client == primary.address for primary in self.primaries)

    def __str__(self) -> str:
        return show(self.zone)
