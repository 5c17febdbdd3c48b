"""SOA serials: counted up when a zone's records change, and only then. Pure.

A serial is the time of the change in seconds, or one more than the last where the clock says less. So it goes on
rising (RFC 1982: within half of the circle that 32 bits make) even where the state folder was lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from types import MappingProxyType

from geodns.model.name import Name
from geodns.model.serial import CIRCLE, is_newer
from geodns.model.zone import RRset, Zone


@dataclass(frozen=True, slots=True)
class Serial:
    """A zone's serial, and the digest of the records that it stands for."""

    serial: int
    digest: str


Book = Mapping[str, Serial]  # by the zone's name in presentation form

Views = Mapping[Name, Sequence[RRset]]  # of each zone, the records that copies of it have in place of policies


def carry_on(zones: Sequence[Zone], book: Book, now: float, views: Views = MappingProxyType({})) -> dict[str, Serial]:
    return {str(zone): _next(zone, views.get(zone.name, ()), book.get(str(zone)), int(now)) for zone in zones}


def serials_of(zones: Sequence[Zone], book: Book) -> dict[Name, int]:
    return {zone.name: book[str(zone)].serial for zone in zones}


def _next(zone: Zone, view: Sequence[RRset], last: Serial | None, now: int) -> Serial:
    digest = records_digest(zone, view)
    if zone.soa.serial is not None:
        return Serial(zone.soa.serial, digest)
    if last is None:
        return Serial(now % CIRCLE, digest)
    if last.digest == digest:
        return last
    return Serial(_later(last.serial, now), digest)


def _later(serial: int, now: int) -> int:
    return (now if is_newer(now, serial) else serial + 1) % CIRCLE


def records_digest(zone: Zone, view: Sequence[RRset] = ()) -> str:
    """Of the records as a secondary would see them: the order in the file does not matter, nor do policies, save for
    what stands for them in copies."""
    hash_ = blake2b(repr(replace(zone.soa, serial=None)).encode(), digest_size=16)
    for rrset in sorted((*zone.rrsets, *view), key=lambda rrset: (rrset.owner, rrset.rtype)):
        hash_.update(repr((rrset.owner, rrset.rtype, rrset.ttl, sorted(rrset.rdatas))).encode())
    hash_.update(repr(sorted(zone.steered)).encode())
    return hash_.hexdigest()


def to_json(book: Book) -> dict[str, object]:
    return {zone: [serial.serial, serial.digest] for zone, serial in book.items()}


def from_json(document: Mapping[str, object]) -> dict[str, Serial]:
    """Entries of another shape are passed over."""
    book: dict[str, Serial] = {}
    for zone, entry in document.items():
        match entry:
            case [int(serial), str(digest)] if 0 <= serial < CIRCLE:
                book[zone] = Serial(serial, digest)
            case _:
                continue
    return book
