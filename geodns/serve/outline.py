"""A message's outline, for the odd ones: what it asks, and where the few records stand that decide on its reply.

Trusts nobody: Malformed is all that it raises.
"""

from dataclasses import dataclass

from geodns.answer.wire import ANY_CLASS, HEADER, MAX_NAME, TSIG

SOA = 6
_LARGEST_RCODE = 4095  # RFC 6895 §2.3
_FIXED = 10  # octets of a record after its owner, before its data


class Malformed(ValueError):
    """The message cannot be read as RFC 1035 writes messages; FORMERR."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A TSIG record (RFC 8945 §4.2). `start`: of the record; names in wire form and lower case; times in seconds."""

    start: int
    key: bytes
    algorithm: bytes
    time: int
    fudge: int
    mac: bytes
    original_id: int
    error: int
    other: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Of a message with one question. `name` as it was asked. `serial`: of the SOA record in the authority section,
    None where there is none. `authority`: records there. EDNS is for the core to read."""

    opcode: int
    name: bytes
    rtype: int
    rclass: int
    authority: int = 0
    answers: int = 0
    serial: int | None = None
    signature: Signature | None = None


def outline(packet: bytes) -> Outline:
    """Raises Malformed."""
    if len(packet) < HEADER or _word(packet, 4) != 1:
        raise Malformed("not one question")
    try:
        return _outline(packet)
    except IndexError:
        raise Malformed("cut short") from None


def _outline(packet: bytes) -> Outline:
    name, at = read_name(packet, HEADER)
    end = at + 4
    if end > len(packet):
        raise Malformed("cut short")
    answers, authority, additional = (_word(packet, at) for at in (6, 8, 10))
    serial = signature = None
    at = end
    for number in range(answers + authority + additional):
        start = at
        owner, at = read_name(packet, at)
        rtype = _word(packet, at)
        rclass = _word(packet, at + 2)
        data, at = at + _FIXED, at + _FIXED + _word(packet, at + 8)
        if at > len(packet):
            raise Malformed("cut short")
        if rtype == TSIG:  # RFC 8945 §5.1: the last record, of the additional section, or the message is malformed
            if number < answers + authority or rclass != ANY_CLASS or at != len(packet):
                raise Malformed("TSIG where none may be")
            signature = _signature(packet, start, owner, data, at)
        elif rtype == SOA and answers <= number < answers + authority and owner.lower() == name.lower():
            serial = _serial(packet, data, at)
    if at != len(packet):
        raise Malformed("more than the header says")
    return Outline(
        opcode=packet[2] >> 3 & 0x0F,
        name=name,
        rtype=_word(packet, end - 4),
        rclass=_word(packet, end - 2),
        authority=authority,
        answers=answers,
        serial=serial,
        signature=signature,
    )


def _word(packet: bytes, at: int) -> int:
    return packet[at] << 8 | packet[at + 1]


def read_name(packet: bytes, at: int) -> tuple[bytes, int]:
    """A name without compression, and where what follows it begins. Raises Malformed, or IndexError."""
    name = bytearray()
    after = 0  # past the first pointer
    limit = at  # pointers lead backwards, so there are not endlessly many
    while True:
        size = packet[at]
        if size >= 0xC0:
            after = after or at + 2
            at = _word(packet, at) & 0x3FFF
            if at >= limit:
                raise Malformed("a pointer that leads nowhere")
            limit = at
            continue
        if size > 63 or at + 1 + size > len(packet) or len(name) + 1 + size > MAX_NAME:
            raise Malformed("no name")
        name += packet[at : at + 1 + size]
        at += 1 + size
        if size == 0:
            return bytes(name), after or at


def _serial(packet: bytes, at: int, end: int) -> int:
    for _ in range(2):
        _, at = read_name(packet, at)
    if at + 20 != end:
        raise Malformed("no SOA")
    return int.from_bytes(packet[at : at + 4], "big")


def _signature(packet: bytes, start: int, key: bytes, at: int, end: int) -> Signature:
    algorithm, at = read_name(packet, at)
    size = _word(packet, at + 8)
    mac, after = at + 10, at + 10 + size
    other = after + 6
    if other > end or other + _word(packet, after + 4) != end or _word(packet, after + 2) > _LARGEST_RCODE:
        raise Malformed("no TSIG")
    return Signature(
        start=start,
        key=key.lower(),
        algorithm=algorithm.lower(),
        time=int.from_bytes(packet[at : at + 6], "big"),
        fudge=_word(packet, at + 6),
        mac=packet[mac:after],
        original_id=_word(packet, after),
        error=_word(packet, after + 2),
        other=packet[other:end],
    )
