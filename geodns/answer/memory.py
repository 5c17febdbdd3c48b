"""What a worker goes by and remembers: bounded counters in memory that it shares, so that nothing is lost when it
dies."""

from geodns.answer import cells, rcode
from geodns.answer.conduct import Conduct
from geodns.answer.limiter import Limiter
from geodns.answer.limits import unlimited

_TYPE_NAMES = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA",
    33: "SRV", 43: "DS", 48: "DNSKEY", 64: "SVCB", 65: "HTTPS", 255: "ANY", 257: "CAA",
}  # fmt: skip
TYPES = ("other", *_TYPE_NAMES.values())
OUTCOMES = (
    "NOERROR",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
    "YXDOMAIN",
    "NODATA",
    "BADVERS",
    "BADCOOKIE",
)

_type_index = memoryview(bytes(TYPES.index(_TYPE_NAMES.get(code, "other")) for code in range(cells.TYPED)))


class Memory:
    """Views of the mappings. `counts`: this worker's; `rotation`: shared by all, so that round robin goes on
    over workers; a lost increment between two of them makes one answer come twice, no more. `now`: milliseconds since
    1970, told by who reads the packets."""

    __slots__ = ("conduct", "counts", "limiter", "now", "rotation")

    def __init__(self, buffer: memoryview, rotation: memoryview, conduct: Conduct, limiter: Limiter) -> None:
        self.conduct = conduct
        self.limiter = limiter
        self.now = 0
        self.counts = buffer[: cells.MEMORY_SIZE].cast("Q")
        self.rotation = rotation[: cells.ROTATION_SIZE].cast("I")


def private_memory(conduct: Conduct | None = None, limiter: Limiter | None = None) -> Memory:
    """Memory that is shared with nobody."""
    counts, rotation = memoryview(bytearray(cells.MEMORY_SIZE)), memoryview(bytearray(cells.ROTATION_SIZE))
    return Memory(counts, rotation, conduct or Conduct(), limiter or unlimited())


def count_question(memory: Memory, zone_slot: int, qtype: int, code: int, denied: int) -> None:
    outcome = code
    if code == rcode.NOERROR and denied:
        outcome = cells.NODATA
    elif code >= rcode.BADVERS:
        outcome = cells.BADVERS if code == rcode.BADVERS else cells.BADCOOKIE
    type_index = _type_index[qtype] if qtype < cells.TYPED else 0
    memory.counts[cells.QUESTIONS + (zone_slot * cells.TYPE_COUNT + type_index) * cells.OUTCOME_COUNT + outcome] += 1


def seed_of(memory: Memory) -> int:
    return memory.rotation[cells.SEED] & cells.TICKETS


def take_ticket(memory: Memory, slot: int) -> int:
    ticket = memory.rotation[slot] & cells.TICKETS
    memory.rotation[slot] = (ticket + 1) & cells.TICKETS
    return ticket


def is_stale(memory: Memory) -> bool:
    """Whether answers have not followed health for a while."""
    heartbeat = memory.rotation[cells.HEARTBEAT]
    return heartbeat != 0 and memory.now - heartbeat * 1000 > cells.STALE_AFTER
