"""For how long an HTTP cache may keep a reply: the smallest TTL of its answer; without one, what the SOA in its
authority says of things that are not there (RFC 8484 §5.1, RFC 2308 §5). Pure.
"""

from geodns.serve.failure import HEADER_SIZE

_NOERROR, _NXDOMAIN = 0, 3
_SOA = 6
_FIXED = 10  # octets of a record between its name and its data: type, class, TTL, length
_MINIMUM = 4  # octets at the end of a SOA's data


def lifetime(reply: memoryview) -> int:
    """Seconds; 0 where there is neither: a referral, an error, a reply that was cut."""
    try:
        return _read(reply)
    except IndexError:  # our replies are whole; but no query may raise
        return 0


def _read(reply: memoryview) -> int:
    if reply[3] & 0x0F not in (_NOERROR, _NXDOMAIN) or reply[2] & 0x02:
        return 0
    answers, authority = int.from_bytes(reply[6:8], "big"), int.from_bytes(reply[8:10], "big")
    at, soonest = _after_questions(reply), -1
    for _ in range(answers or authority):
        at = _name_end(reply, at)
        ttl = int.from_bytes(reply[at + 4 : at + 8], "big")
        end = at + _FIXED + int.from_bytes(reply[at + 8 : at + _FIXED], "big")
        if not answers:
            if int.from_bytes(reply[at : at + 2], "big") == _SOA:
                return min(ttl, int.from_bytes(reply[end - _MINIMUM : end], "big"))
        elif soonest < 0 or ttl < soonest:
            soonest = ttl
        at = end
    return max(0, soonest)


def _after_questions(reply: memoryview) -> int:
    at = HEADER_SIZE
    for _ in range(int.from_bytes(reply[4:6], "big")):
        at = _name_end(reply, at) + 4
    return at


def _name_end(reply: memoryview, at: int) -> int:
    while True:
        size = reply[at]
        if size >= 0xC0:
            return at + 2
        at += 1 + size
        if size == 0:
            return at
