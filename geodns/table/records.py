"""Resource records → wire, with names inside the zone cut down to a pointer at the zone's name.

Where that name stands differs from question to question, so a pointer is written as C000 and its position is noted
as a fixup. Owners in an answer section are pointers to the question (C00C).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from struct import Struct, pack

from geodns.model.name import Name
from geodns.model.zone import RRset

A, NS, CNAME, SOA, PTR, MX, AAAA, DNAME, DS = 1, 2, 5, 6, 12, 15, 28, 39, 43
OWNER = b"\xc0\x0c"
_POINTER = b"\xc0\x00"

# (octets before the first name, names) of the types whose names RFC 3597 §4 lets us compress. CNAME is left whole:
# the records that follow it in a chain point into it.
_NAMES_IN = {NS: (0, 1), SOA: (0, 2), PTR: (0, 1), MX: (2, 1)}


_FIXED = Struct("!HHHIH")


def holds_names(rtype: int) -> bool:
    """Whether its data may be shorter for a pointer."""
    return rtype in _NAMES_IN


def answer_octets(zone: Name, rrset: RRset) -> tuple[bytes, Sequence[int]]:
    """An answer's records, and their fixups. Addresses, text and the like hold no names that could be cut."""
    rtype, ttl = rrset.rtype, rrset.ttl
    if rtype not in _NAMES_IN:
        return b"".join([_FIXED.pack(0xC00C, rtype, 1, ttl, len(rdata)) + rdata for rdata in rrset.rdatas]), ()
    writer = Writer(zone)
    for rdata in rrset.rdatas:
        writer.record(None, rtype, ttl, rdata)
    return bytes(writer.octets), writer.fixups


@dataclass(slots=True)
class Writer:
    """A growing piece of a message of one zone."""

    zone: Name
    octets: bytearray = field(default_factory=bytearray)
    fixups: list[int] = field(default_factory=list)

    def record(self, owner: bytes | None, rtype: int, ttl: int, rdata: bytes) -> None:
        """`owner` None: the question's name."""
        if owner is None:
            self.octets += OWNER
        else:
            self._name(owner)
        if rtype not in _NAMES_IN:
            self.octets += pack("!HHIH", rtype, 1, ttl, len(rdata)) + rdata
            return
        self.octets += pack("!HHI", rtype, 1, ttl)
        length_at = len(self.octets)
        self.octets += b"\0\0"
        self._rdata(rtype, rdata)
        self.octets[length_at : length_at + 2] = pack("!H", len(self.octets) - length_at - 2)

    def _rdata(self, rtype: int, rdata: bytes) -> None:
        at, names = _NAMES_IN[rtype]
        self.octets += rdata[:at]
        for _ in range(names):
            end = name_end(rdata, at)
            self._name(rdata[at:end])
            at = end
        self.octets += rdata[at:]

    def _name(self, name: bytes) -> None:
        """Written whole where it lies outside the zone, or where the zone is the root and a pointer saves nothing."""
        at = len(name) - len(self.zone)
        if at < 0 or len(self.zone) < 3 or name[at:].lower() != self.zone or not _is_label_start(name, at):
            self.octets += name
            return
        self.octets += name[:at]
        self.fixups.append(len(self.octets))
        self.octets += _POINTER


def _is_label_start(name: bytes, wanted: int) -> bool:
    at = 0
    while at < wanted:
        at += 1 + name[at]
    return at == wanted


def name_end(octets: bytes, at: int) -> int:
    """Just past the uncompressed name that begins at `at`."""
    while octets[at]:
        at += 1 + octets[at]
    return at + 1
