"""Zones that may be copied → the part of a generation that copies are made from, with what has changed since the last.

A zone may have a million records, so none of them is an object for longer than it takes to write it down, and of two
versions of a zone only the stretch in which they differ is taken apart.
"""

import json
from array import array
from base64 import b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from struct import Struct

from geodns.model.name import Name
from geodns.model.serial import is_newer
from geodns.model.transfer import Key
from geodns.model.zone import RRset, Zone
from geodns.table.block import padded
from geodns.table.layout import HEAD_SIZE, KIND_TRANSFERS
from geodns.table.part import WORD, seal
from geodns.table.records import Writer, holds_names
from geodns.table.transfers import POINTER, Copied, Transfers
from geodns.table.zone_names import soa_rdata

PIECE = 16_000  # octets: what a message has at most, save where one record has more
_VERSIONS = 32  # differences that are kept; those that are larger together than the zone are not
_SOA = 6
_FIXED = Struct("!HHIH")


@dataclass(slots=True)
class Written:
    """Records while they are written. `ends`: where each of them ends."""

    octets: bytearray = field(default_factory=bytearray)
    ends: "array[int]" = field(default_factory=lambda: array("L"))

    def add(self, record: bytes | memoryview) -> None:
        self.octets += record
        self.ends.append(len(self.octets))

    def cuts(self) -> list[tuple[int, int]]:
        """As few pieces as come of filling one after the other."""
        cuts: list[tuple[int, int]] = []
        start = first = 0
        ends = self.ends
        while first < len(ends):
            end = max(first + 1, bisect_left(ends, start + PIECE + 1, first))
            cuts.append((ends[end - 1] - start, end - first))
            start, first = ends[end - 1], end
        return cuts


def transfers_part(
    zones: Sequence[Zone],
    serials: Mapping[Name, int],
    views: Mapping[Name, Sequence[RRset]],
    keys: Mapping[Name, Key],
    before: Transfers | None = None,
    followed: Iterable[Name] = (),
) -> bytes | None:
    """None where nobody may copy anything, there is no key, and nothing is copied from elsewhere: that is `followed`.
    `views`: what stands for policies; `before`: the same part of the generation before."""
    follows = list(followed)
    copied = [zone for zone in zones if zone.transfer is not None and zone.transfer.allow]
    if not copied and not keys and not follows:
        return None
    out = _PartWriter()
    for zone in copied:
        known = before.zones.get(zone.name) if before is not None else None
        if zone.rrsets:  # else it is void, and there is nothing to go on from
            out.write(zone, serials[zone.name], views.get(zone.name, ()), known)
    names = {zone.name for zone in copied}
    others = [zone.name for zone in zones if zone.name not in names]
    return out.part(keys, others, follows, [zone.name for zone in copied if zone.is_void])


def written(zone: Zone, serial: int, view: Sequence[RRset]) -> tuple[Written, int]:
    """The zone's records, the SOA first; and how many octets that one has."""
    out = Written()
    soa = RRset(zone.name, _SOA, zone.soa.ttl, (soa_rdata(zone.soa, serial),))
    for record in records_of(zone.name, soa):
        out.add(record)
    size = len(out.octets)
    for rrsets in (zone.rrsets, view):
        for rrset in rrsets:
            for record in records_of(zone.name, rrset):
                out.add(record)
    return out, size


def records_of(zone: Name, rrset: RRset) -> Iterator[bytes]:
    """As they are sent."""
    rtype, ttl = rrset.rtype, rrset.ttl
    if holds_names(rtype) or len(zone) < 3:  # a pointer at the root saves nothing
        for rdata in rrset.rdatas:
            yield _compressed(zone, rrset, rdata)
        return
    owner = rrset.owner[: -len(zone)] + POINTER
    for rdata in rrset.rdatas:
        yield owner + _FIXED.pack(rtype, 1, ttl, len(rdata)) + rdata


def _compressed(zone: Name, rrset: RRset, rdata: bytes) -> bytes:
    writer = Writer(zone)
    writer.record(rrset.owner, rrset.rtype, rrset.ttl, rdata)
    for at in writer.fixups:
        writer.octets[at : at + 2] = POINTER
    return bytes(writer.octets)


@dataclass(slots=True)
class _PartWriter:
    octets: bytearray = field(default_factory=bytearray)
    rules: dict[tuple[tuple[str | None, str | None], ...], int] = field(default_factory=dict)
    zones: dict[str, object] = field(default_factory=dict)

    def write(self, zone: Zone, serial: int, view: Sequence[RRset], before: Copied | None) -> None:
        now, soa = written(zone, serial, view)
        history, muddled = _history(before, now, soa, serial)
        self.zones[zone.name.hex()] = {
            "serial": serial,
            "rules": self._rules(zone),
            "soa": soa,
            "at": self._keep(now.octets),
            "cuts": now.cuts(),
            "history": [[older, newer, self._keep(octets), cuts] for older, newer, octets, cuts in history],
            "muddled": muddled,
        }

    def _keep(self, octets: bytes | bytearray | memoryview) -> int:
        at = len(self.octets)
        self.octets += octets
        return at

    def _rules(self, zone: Zone) -> int:
        assert zone.transfer is not None, "it may be copied"
        rules = tuple(
            (None if each.network is None else str(each.network), None if each.key is None else each.key.name.hex())
            for each in zone.transfer.allow
        )
        return self.rules.setdefault(rules, len(self.rules))

    def part(
        self, keys: Mapping[Name, Key], others: Sequence[Name], followed: Sequence[Name], void: Sequence[Name]
    ) -> bytes:
        directory = json.dumps(
            {
                "keys": [[key.name.hex(), key.algorithm, b64encode(key.secret).decode()] for key in keys.values()],
                "rules": list(self.rules),
                "zones": self.zones,
                "others": [name.hex() for name in others],
                "followed": [name.hex() for name in followed],
                "void": [name.hex() for name in void],
            }
        ).encode()
        head = padded(directory)
        fields = (HEAD_SIZE, len(directory), HEAD_SIZE + len(head) // WORD)
        self.octets += bytes(-len(self.octets) % WORD)
        return seal(KIND_TRANSFERS, fields, head, self.octets)


# ── what has changed ──────────────────────────────────────────────────────────────────────────────────────────────

_Kept = tuple[int, int, memoryview | bytearray, Sequence[tuple[int, int]]]  # older, newer, octets, cuts


def _history(before: Copied | None, now: Written, soa: int, serial: int) -> tuple[list[_Kept], bool]:
    """The differences that may be told, and whether none may be told from this serial on: two versions have it."""
    if before is None:
        return [], False
    past: list[_Kept] = [(each.older, each.newer, each.run.octets, each.run.cuts) for each in before.history]
    if before.run.octets == now.octets:
        return past, before.muddled
    gone, come = _difference(before, now, soa)
    if serial == before.serial:
        is_other = bool(gone or come)
        return ([], True) if is_other else (past, before.muddled)
    if before.muddled or not is_newer(serial, before.serial):
        return [], False
    change = Written()
    for record in (before.soa, *gone, bytes(now.octets[:soa]), *come):
        change.add(record)
    return _bounded([*past, (before.serial, serial, change.octets, change.cuts())], len(now.octets)), False


def _difference(before: Copied, now: Written, soa: int) -> tuple[list[bytes], list[bytes]]:
    """Records that are in one alone, but for the SOA that each begins with. In the order in which they stand there."""
    old, new = before.run.octets[len(before.soa) :], memoryview(now.octets)[soa:]
    alike = _alike_at_the_start(old, new)
    start = now.ends[bisect_right(now.ends, soa + alike) - 1] - soa  # a record's, of both: they are alike until then
    tail = min(_alike_at_the_end(old, new), len(old) - start, len(new) - start)
    end = len(new) - (now.ends[bisect_left(now.ends, soa + len(new) - tail)] - soa)
    gone = list(split(old, start, len(old) - end))
    if start + sum(map(len, gone)) != len(old) - end:  # the last of them reaches into what looks alike
        end, gone = 0, list(split(old, start, len(old)))
    come = dict.fromkeys(split(new, start, len(new) - end))
    went = dict.fromkeys(gone)
    return [each for each in went if each not in come], [each for each in come if each not in went]


def split(octets: memoryview, at: int, end: int) -> Iterator[bytes]:
    """The records that begin from one place on and before another."""
    while at < end:
        next_ = _record_end(octets, at)
        yield bytes(octets[at:next_])
        at = next_


def _record_end(octets: memoryview, at: int) -> int:
    """Its owner is labels that end in the root or a pointer."""
    while 0 < octets[at] < 64:
        at += 1 + octets[at]
    at += 1 if octets[at] == 0 else len(POINTER)
    return at + _FIXED.size + (octets[at + 8] << 8 | octets[at + 9])


_STRIDE = 1 << 16  # octets that are compared at once


def _alike_at_the_start(one: memoryview, other: memoryview) -> int:
    """So many octets."""
    most = min(len(one), len(other))
    at = 0
    while at < most and (piece := bytes(one[at : at + _STRIDE])) and piece == bytes(other[at : at + len(piece)]):
        at += len(piece)
    return at + next((n for n, (a, b) in enumerate(zip(one[at:], other[at:], strict=False)) if a != b), most - at)


def _alike_at_the_end(one: memoryview, other: memoryview) -> int:
    """So many octets, of the two read backwards."""
    most = min(len(one), len(other))
    size = 0
    while size + _STRIDE <= most and bytes(one[len(one) - size - _STRIDE : len(one) - size]) == bytes(
        other[len(other) - size - _STRIDE : len(other) - size]
    ):
        size += _STRIDE
    left, right = one[: len(one) - size][::-1], other[: len(other) - size][::-1]
    return size + next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), most - size)


def _bounded(history: list[_Kept], size: int) -> list[_Kept]:
    """The newest, as many as are smaller together than the zone: a whole copy is better then (RFC 1995 §5)."""
    kept: list[_Kept] = []
    for each in reversed(history[-_VERSIONS:]):
        size -= len(each[2])
        if size < 0:
            break
        kept.insert(0, each)
    return kept
