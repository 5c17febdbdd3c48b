"""EDNS: the OPT record of a query, and the one of its reply. RFC 6891; client subnet RFC 7871."""

from geodns.answer import octets, rcode, terms, wire
from geodns.answer.memory import Memory
from geodns.answer.query import Query

_longest = memoryview(bytes((0, 32, 128)))  # prefix of each address family (IANA numbers); 0 as dig sends it


def read_edns(packet: memoryview, length: int, query: Query) -> int:
    """Looks through the additional section for the OPT record. FORMERR, BADVERS or NOERROR; or NOT_MINE where the
    message is signed: who knows the key has to look at it before anything else is made of it."""
    records = packet[10] << 8 | packet[11]
    # Of what we answer, nothing has answer or authority records in its question.
    if records > terms.MAX_EXTRA or packet[6] | packet[7] | packet[8] | packet[9]:
        return rcode.FORMERR
    at = query.end
    outcome = rcode.NOERROR
    while records > 0:
        name = at
        at = _skip_name(packet, length, at)
        if at == 0 or at + 10 > length:
            return rcode.FORMERR
        end = at + 10 + (packet[at + 8] << 8 | packet[at + 9])
        if end > length:
            return rcode.FORMERR
        if packet[at] == 0 and packet[at + 1] == wire.OPT:
            # Two OPT records, or one whose owner is not the root: RFC 6891 §6.1.1.
            if query.opt_size != 0 or packet[name] != 0:
                return rcode.FORMERR
            outcome = _read_opt(packet, at, end, query)
        elif packet[at] == 0 and packet[at + 1] == wire.TSIG:
            # RFC 8945 §5.1: one, the last record of the message, of class ANY.
            if records > 1 or packet[at + 2] << 8 | packet[at + 3] != wire.ANY_CLASS or end != length:
                return rcode.FORMERR
            return terms.NOT_MINE
        at = end
        records -= 1
    if at != length:
        return rcode.FORMERR
    return outcome


def _skip_name(packet: memoryview, length: int, at: int) -> int:
    """Just past the name at `at`, 0 when malformed. Pointers are stepped over, never followed."""
    while at < length:
        size = packet[at]
        if size == 0:
            return at + 1
        if size >= 192:
            return at + 2
        if size > 63:
            return 0
        at += 1 + size
    return 0


def _read_opt(packet: memoryview, at: int, end: int, query: Query) -> int:
    """The options are read whatever the version, so that the client subnet goes back with BADVERS too."""
    query.opt_size = wire.OPT_SIZE
    query.udp_size = packet[at + 2] << 8 | packet[at + 3]
    query.do_bit = packet[at + 6] & 0x80
    version = packet[at + 5]
    at += 10
    while at < end:
        if at + 4 > end:
            return rcode.FORMERR
        size = packet[at + 2] << 8 | packet[at + 3]
        if at + 4 + size > end:
            return rcode.FORMERR
        if packet[at + 1] == wire.CLIENT_SUBNET and packet[at] == 0 and not _read_subnet(packet, at + 4, size, query):
            return rcode.FORMERR
        at += 4 + size
    return rcode.BADVERS if version != 0 else rcode.NOERROR


def _read_subnet(packet: memoryview, at: int, size: int, query: Query) -> bool:
    """RFC 7871 §7.1.2: the address is as long as the prefix needs, with no bit set past it; the scope is 0."""
    if query.ecs_at != 0 or size < 4 or packet[at + 3] != 0 or packet[at] != 0:
        return False
    family = packet[at + 1]
    source = packet[at + 2]
    filled = (source + 7) >> 3
    if family > 2 or source > _longest[family] or size != 4 + filled:
        return False
    if source & 7 and packet[at + 3 + filled] & (0xFF >> (source & 7)):
        return False
    query.ecs_at = at
    query.ecs_length = size
    query.ecs_family = family
    query.ecs_source = source
    query.opt_size += 4 + size
    octets.copy(packet, at + 4, query.ecs_address, 0, filled)
    while query.ecs_filled > filled:
        query.ecs_filled -= 1
        query.ecs_address[query.ecs_filled] = 0
    query.ecs_filled = filled
    return True


def write_opt(query: Query, memory: Memory) -> None:
    """The reply's OPT record; the client subnet goes back as it came, with the scope (RFC 7871 §7.2.1).

    RFC 3225 §3: the DO bit is copied.
    """
    at = query.at
    query.at += query.opt_size
    query.reply[at] = 0
    octets.put_words(
        query.reply,
        at + 1,
        wire.OPT,
        memory.conduct.payload,
        query.rcode >> 4 << 8,
        query.do_bit << 8,
        query.opt_size - wire.OPT_SIZE,
    )
    if query.ecs_at:
        octets.copy(query.packet, query.ecs_at - 4, query.reply, at + wire.OPT_SIZE, 4 + query.ecs_length)
        query.reply[at + wire.OPT_SIZE + 7] = query.scope
