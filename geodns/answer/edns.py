"""EDNS: the OPT record of a query, and the one of its reply. RFC 6891. What its options say stands in files of their
own, or here where that is a few octets: NSID (RFC 5001), keepalive (RFC 7828), padding (RFC 7830)."""

from geodns.answer import cookie, extended, octets, option, rcode, subnet, terms, wire
from geodns.answer.memory import Memory
from geodns.answer.query import Query


def read_edns(packet: memoryview, length: int, at: int, query: Query, memory: Memory) -> int:
    """Looks through the additional section, which begins at `at`, for the OPT record. FORMERR, BADVERS or NOERROR; or
    NOT_MINE where the message is signed: who knows the key has to look at it before anything else is made of it."""
    records = packet[10] << 8 | packet[11]
    if records > terms.MAX_EXTRA:
        return rcode.FORMERR
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
            outcome = _read_opt(packet, at, end, query, memory)
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


def skip_sections(packet: memoryview, length: int, at: int) -> int:
    """Where the additional section begins, of a message whose answers begin at `at`; past its end when malformed, as it
    is with an OPT record in another section."""
    records = (packet[6] << 8 | packet[7]) + (packet[8] << 8 | packet[9])
    while records > 0:
        at = _skip_name(packet, length, at)
        if at == 0 or at + 10 > length or (packet[at] == 0 and packet[at + 1] == wire.OPT):
            return length + 1
        at += 10 + (packet[at + 8] << 8 | packet[at + 9])
        records -= 1
    return at


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


def _read_opt(packet: memoryview, at: int, end: int, query: Query, memory: Memory) -> int:
    """The options are read whatever the version, so that what answers them goes back with BADVERS too."""
    query.opt_size = wire.OPT_SIZE
    query.udp_size = packet[at + 2] << 8 | packet[at + 3]
    query.do_bit = packet[at + 6] & 0x80
    version = packet[at + 5]
    at += 10
    while at < end:
        if at + wire.OPTION_HEAD > end:
            return rcode.FORMERR
        size = packet[at + 2] << 8 | packet[at + 3]
        if at + wire.OPTION_HEAD + size > end:
            return rcode.FORMERR
        if packet[at] == 0 and not _read_option(packet[at + 1], at + wire.OPTION_HEAD, size, query, memory):
            return rcode.FORMERR
        at += wire.OPTION_HEAD + size
    return rcode.BADVERS if version != 0 else rcode.NOERROR


def _read_option(code: int, at: int, size: int, query: Query, memory: Memory) -> bool:
    """False where it is malformed. One that we do not know, or do not do, is passed over (RFC 6891 §6.1.2)."""
    if code == wire.CLIENT_SUBNET:
        return subnet.read_subnet(at, size, query)
    if code == wire.COOKIE:
        return memory.conduct.cookies == terms.COOKIES_OFF or cookie.read_cookie(at, size, query, memory)
    if code == wire.NSID and len(memory.conduct.identity) > 0:
        _want(query, terms.NSID, len(memory.conduct.identity) - terms.TEXT_AT)
    elif code == wire.KEEPALIVE and (query.transport == terms.TCP or query.transport == terms.TLS):
        # RFC 7828 §3.2.1: how long it may be idle is not for the client to say.
        if size != 0:
            return False
        _want(query, terms.KEEPALIVE, 2)
    elif code == wire.PADDING and query.transport >= terms.TLS:
        _want(query, terms.PADDING, 0)
    return True


def _want(query: Query, what: int, size: int) -> None:
    """The reply is to have this option, of `size` octets; once, however often the query has it."""
    if query.wanted & what == 0:
        query.wanted |= what
        query.opt_size += wire.OPTION_HEAD + size


def complete(query: Query, memory: Memory) -> None:
    """Adds to the size of the reply's OPT record what there is room for after all else: an extended error, padding.

    RFC 8467 §4.1: padded replies are a multiple of 468 octets.
    """
    if query.extended:
        size = extended.room_for(query.extended)
        if memory.conduct.extended and query.at + query.opt_size + size <= query.limit:
            query.opt_size += size
        else:
            query.extended = terms.PLAIN_REPLY
    if query.wanted & terms.PADDING:
        size = query.at + query.opt_size
        padded = (size + wire.PADDED_TO - 1) // wire.PADDED_TO * wire.PADDED_TO
        query.opt_size += (padded if padded < query.limit else query.limit) - size


def write_opt(query: Query, memory: Memory) -> None:
    """The reply's OPT record. RFC 3225 §3: the DO bit is copied."""
    end = query.at + query.opt_size
    query.reply[query.at] = 0
    octets.put_words(
        query.reply,
        query.at + 1,
        wire.OPT,
        memory.conduct.payload,
        query.rcode >> 4 << 8,
        query.do_bit << 8,
        query.opt_size - wire.OPT_SIZE,
    )
    query.at += wire.OPT_SIZE
    if query.at < end:
        _write_options(query, memory, end)
    query.at = end


def _write_options(query: Query, memory: Memory, end: int) -> None:
    """RFC 8467 §4: padding comes last, as it fills what is left."""
    if query.ecs_at:
        subnet.write_subnet(query)
    if query.cookie_at:
        cookie.write_cookie(query, memory)
    if query.wanted & terms.NSID:
        size = len(memory.conduct.identity) - terms.TEXT_AT
        option.begin(query, wire.NSID, size)
        octets.copy(memory.conduct.identity, terms.TEXT_AT, query.reply, query.at, size)
        query.at += size
    if query.wanted & terms.KEEPALIVE:
        option.begin(query, wire.KEEPALIVE, 2)
        option.put_word(query, memory.conduct.keepalive)
    if query.extended:
        extended.write_extended(query)
    if query.wanted & terms.PADDING:
        option.begin(query, wire.PADDING, end - query.at - wire.OPTION_HEAD)
        octets.clear(query.reply, query.at, end - query.at)
