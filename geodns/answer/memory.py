"""What a worker remembers: bounded counters in memory that it shares, so that nothing is lost when it dies."""

from geodns.answer import rcode
from geodns.table import layout

# ── one mapping a worker, 64-bit counts ───────────────────────────────────────────────────────────────────────────
DROPPED = 0  # not answered: no header, or a response
TRUNCATED = 1
FAULTS = 2  # exceptions caught by the reader of the socket: always a fault of ours
QUESTIONS = 64  # zone slot × type × outcome

_TYPE_NAMES = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA",
    33: "SRV", 43: "DS", 48: "DNSKEY", 64: "SVCB", 65: "HTTPS", 255: "ANY", 257: "CAA",
}  # fmt: skip
TYPES = ("other", *_TYPE_NAMES.values())
OUTCOMES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "BADVERS", "NODATA")
NODATA = 7  # told apart from NOERROR, though both have its code

PICKS = QUESTIONS + layout.ZONE_SLOTS * len(TYPES) * len(OUTCOMES)
COUNTS = PICKS + layout.PICK_SLOTS
MEMORY_SIZE = COUNTS * 8  # octets

# ── one mapping for all workers, 32-bit counts of answers given: the tickets of the next draws ────────────────────
ROTATION_SIZE = layout.ROTATION_SLOTS * 4  # octets

_TYPE_INDEX = memoryview(bytes(TYPES.index(_TYPE_NAMES.get(code, "other")) for code in range(258)))


class Memory:
    """Views of the two mappings. `counts`: this worker's; `rotation`: shared by all, so that round robin goes on
    over workers; a lost increment between two of them makes one answer come twice, no more."""

    __slots__ = ("counts", "rotation")

    def __init__(self, buffer: memoryview, rotation: memoryview) -> None:
        self.counts = buffer[:MEMORY_SIZE].cast("Q")
        self.rotation = rotation[:ROTATION_SIZE].cast("I")


def private_memory() -> Memory:
    """Memory that is shared with nobody."""
    return Memory(memoryview(bytearray(MEMORY_SIZE)), memoryview(bytearray(ROTATION_SIZE)))


def count_question(counts: memoryview, zone_slot: int, qtype: int, code: int, denied: int) -> None:
    outcome = code
    if code == rcode.NOERROR and denied:
        outcome = NODATA
    elif code == rcode.BADVERS:
        outcome = 6
    type_index = _TYPE_INDEX[qtype] if qtype < 258 else 0
    counts[QUESTIONS + (zone_slot * 16 + type_index) * 8 + outcome] += 1


def take_ticket(rotation: memoryview, slot: int) -> int:
    ticket = rotation[slot] & 0x7FFFFFFF
    rotation[slot] = (ticket + 1) & 0x7FFFFFFF
    return ticket
