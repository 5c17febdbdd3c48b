"""For how long an HTTP cache may keep a reply: the smallest TTL of its answer; without one, what the SOA in its
authority says of things that are not there (RFC 8484 §5.1, RFC 2308 §5). Pure.
"""

from geodns.answer import rcode, wire


def lifetime(reply: memoryview) -> int:
    """Seconds; 0 where there is neither: a referral, an error, a reply that was cut."""
    try:
        return _read(reply)
    except IndexError:  # our replies are whole; but no query may raise
        return 0


def _read(reply: memoryview) -> int:
    code = reply[3] & 0x0F
    if (code != rcode.NOERROR and code != rcode.NXDOMAIN) or reply[2] & 0x02:
        return 0
    answers = _pair(reply, 6)
    left = answers if answers > 0 else _pair(reply, 8)
    at = _after_questions(reply)
    soonest = -1
    while left > 0:
        at = _name_end(reply, at)
        ttl = _pair(reply, at + 4) << 16 | _pair(reply, at + 6)
        end = at + 10 + _pair(reply, at + 8)  # type, class, TTL, length, data
        if answers == 0:
            if _pair(reply, at) == wire.SOA:
                minimum = _pair(reply, end - 4) << 16 | _pair(reply, end - 2)
                return minimum if minimum < ttl else ttl
        elif soonest < 0 or ttl < soonest:
            soonest = ttl
        at = end
        left -= 1
    return soonest if soonest > 0 else 0


def _after_questions(reply: memoryview) -> int:
    at = wire.HEADER
    left = _pair(reply, 4)
    while left > 0:
        at = _name_end(reply, at) + 4
        left -= 1
    return at


def _name_end(reply: memoryview, at: int) -> int:
    while True:
        size = reply[at]
        if size >= 0xC0:
            return at + 2
        at += 1 + size
        if size == 0:
            return at


def _pair(reply: memoryview, at: int) -> int:
    return reply[at] << 8 | reply[at + 1]
