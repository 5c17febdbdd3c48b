"""Cookies: who brings back the one that it got has not forged its address. RFC 7873; how they are made is RFC 9018.

    client cookie, 8 octets · version 1 · three that are reserved · time, 4 octets · hash, 8 octets

The hash is SipHash-2-4 of all before it and the client's address. Whoever has the secret can tell it, so servers that
share one take each other's cookies, whichever program they run.
"""

from geodns.answer import cells, octets, option, siphash, terms, wire
from geodns.answer.memory import Memory
from geodns.answer.query import Query


def read_cookie(at: int, size: int, query: Query, memory: Memory) -> bool:
    """False where it is malformed. Of several options the first counts (RFC 7873 §5.2)."""
    if query.cookie_at != 0:
        return True
    if size != wire.CLIENT_COOKIE and (size < wire.LEAST_COOKIE or size > wire.MOST_COOKIE):
        return False
    query.cookie_at = at
    query.cookie_kept = 0
    query.opt_size += wire.OPTION_HEAD + wire.COOKIE_SIZE
    query.cookie = terms.COOKIE_NEW
    if size > wire.CLIENT_COOKIE:
        query.cookie = terms.COOKIE_BAD
        if size == wire.COOKIE_SIZE and _is_valid(at, query, memory):
            query.cookie = terms.COOKIE_VALID
    memory.counts[cells.COOKIES + query.cookie] += 1
    return True


def write_cookie(query: Query, memory: Memory) -> None:
    """The client's cookie with a server cookie: its own, while that is young, or a new one."""
    option.begin(query, wire.COOKIE, wire.COOKIE_SIZE)
    begin = query.at
    if query.cookie_kept:
        octets.copy(query.packet, query.cookie_at, query.reply, begin, wire.COOKIE_SIZE)
    else:
        octets.copy(query.packet, query.cookie_at, query.reply, begin, wire.CLIENT_COOKIE)
        _put_number(query, begin + wire.CLIENT_COOKIE, wire.COOKIE_VERSION, 4)  # the reserved octets are zero
        query.at = begin + wire.COOKIE_TIME
        now = memory.now // 1000
        option.put_word(query, now >> 16 & 0xFFFF)
        option.put_word(query, now & 0xFFFF)
        octets.copy(query.reply, begin, query.stamped, 0, wire.COOKIE_HASH)
        _put_number(query, begin + wire.COOKIE_HASH, _hash_of(query, memory, memory.rotation[cells.MAKER]), 8)
    query.at = begin + wire.COOKIE_SIZE


def _is_valid(at: int, query: Query, memory: Memory) -> bool:
    """By its version, its time, and any of the secrets. `cookie_kept`: young, and by the secret that makes new ones."""
    if query.packet[at + wire.CLIENT_COOKIE] != wire.COOKIE_VERSION:
        return False
    time = at + wire.COOKIE_TIME
    stamp = query.packet[time] << 8 | query.packet[time + 1]
    stamp = stamp << 16 | query.packet[time + 2] << 8 | query.packet[time + 3]
    least = 0x7FFFFFFF  # of the numbers that count as negative, as 32 bits go round (RFC 9018 §4.3, RFC 1982)
    age = memory.now // 1000 - stamp & (least << 1 | 1)
    if age > wire.COOKIE_AGE and age <= (least << 1 | 1) - wire.COOKIE_AHEAD:
        return False
    octets.copy(query.packet, at, query.stamped, 0, wire.COOKIE_HASH)
    given = octets.number(query.packet, at + wire.COOKIE_HASH, 8)
    maker = memory.rotation[cells.MAKER]
    if _hash_of(query, memory, maker) == given:
        query.cookie_kept = age < wire.COOKIE_RENEWED or age > wire.COOKIE_AGE
        return True
    slot = 0
    while slot < cells.SECRET_SLOTS:
        if slot != maker and _is_there(memory, slot) and _hash_of(query, memory, slot) == given:
            return True
        slot += 1
    return False


def _is_there(memory: Memory, slot: int) -> bool:
    first = cells.SECRETS + slot * cells.SECRET_WORDS
    words = memory.rotation[first] | memory.rotation[first + 1]
    return words | memory.rotation[first + 2] | memory.rotation[first + 3] != 0


def _hash_of(query: Query, memory: Memory, slot: int) -> int:
    """Of the cookie in `stamped` and the client's address, by the secret of this slot."""
    octets.copy(query.client, 0, query.stamped, wire.COOKIE_HASH, query.client_length)
    first = cells.SECRETS + slot * cells.SECRET_WORDS
    key0 = memory.rotation[first + 1]
    key1 = memory.rotation[first + 3]
    key0 = key0 << 32 | memory.rotation[first]
    key1 = key1 << 32 | memory.rotation[first + 2]
    return siphash.siphash(query.stamped, wire.COOKIE_HASH + query.client_length, key0, key1)


def _put_number(query: Query, at: int, number: int, size: int) -> None:
    """Its lowest octet first."""
    while size > 0:
        query.reply[at] = number & 0xFF
        number >>= 8
        at += 1
        size -= 1
