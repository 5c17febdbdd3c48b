"""What holds of every packet and its reply, whoever asks, whatever was asked.

Written from the RFCs and without a line of geodns, so that it judges by itself; and quick, as it judges by the million.
"""

import dns.exception
import dns.message

HEADER = 12
QR, OPCODE, TC, RD = 0x80, 0x78, 0x02, 0x01
RA, Z, AD = 0x80, 0x40, 0x20
OPT = 41
PLAIN, PAYLOAD, LARGEST = 512, 1232, 65535
# NOERROR to NOTZONE, and of the extended ones BADVERS, BADKEY, BADTIME, BADTRUNC and BADCOOKIE.
RCODES = frozenset((*range(11), 16, 17, 18, 22, 23))


class Broken(AssertionError):
    """A reply that must not be; the message names the law."""


def hold(packet: bytes, reply: bytes, *, stream: bool) -> None:
    """`reply` is empty where none came. Raises Broken."""
    if len(packet) < HEADER or packet[2] & QR:
        law(not reply, "what is no query gets no reply")
        return
    law(bool(reply), "a query gets a reply")
    law(len(reply) >= HEADER, "a reply has a header")
    _header(packet, reply)
    law(len(reply) <= _limit(packet, reply, stream), "a reply is no longer than its transport and its client take")
    _sections(packet, reply)


def law(holds: bool, said: str) -> None:
    if not holds:
        raise Broken(said)


def _header(packet: bytes, reply: bytes) -> None:
    """RFC 1035 §4.1.1; RFC 6895 §2.1 for the bit Z."""
    law(reply[:2] == packet[:2], "a reply has the query's id")
    law(bool(reply[2] & QR), "a reply says that it is one")
    law(reply[2] & (OPCODE | RD) == packet[2] & (OPCODE | RD), "opcode and RD are those of the query")
    law(not reply[3] & (RA | Z | AD), "RA, Z and AD are not for us to set")


def _limit(packet: bytes, reply: bytes, stream: bool) -> int:
    """Octets. Only where it matters is the packet read by an independent reader, which takes its time."""
    if stream:
        return LARGEST
    if len(reply) <= PLAIN:
        return PLAIN
    try:
        asked = dns.message.from_wire(packet, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError):
        return PAYLOAD
    return min(max(PLAIN, asked.payload), PAYLOAD) if asked.edns >= 0 else PLAIN


def _sections(packet: bytes, reply: bytes) -> None:
    questions, answers, authority, additional = (_number(reply, at) for at in (4, 6, 8, 10))
    law(questions < 2, "a reply has one question at the most")
    at = HEADER
    if questions:
        at = name_end(reply, at) + 4
        law(reply[HEADER:at] == packet[HEADER:at], "the question comes back to the letter")
    if reply[2] & TC and not answers + authority:
        law(additional < 2, "a truncated reply carries no more than its OPT record")
    options = 0
    rcode = reply[3] & 0x0F
    for number in range(answers + authority + additional):
        owner = at
        at = name_end(reply, at)
        law(at + 10 <= len(reply), "a record has a head")
        if _number(reply, at) == OPT:
            options += 1
            law(number >= answers + authority, "an OPT record stands in the additional section")
            law(reply[owner] == 0, "an OPT record is the root's")
            rcode |= reply[at + 4] << 4
        at += 10 + _number(reply, at + 8)
        law(at <= len(reply), "a record ends within its message")
    law(rcode in RCODES, "the response code is one that exists")
    law(at == len(reply), "nothing follows the last record")
    law(options <= min(1, _number(packet, 10)), "an OPT record comes once, and not unasked")


def name_end(message: bytes, at: int) -> int:
    """Just past the name. Follows its pointers: they lead back, to names that end, of 255 octets in all."""
    end = 0
    size = 0
    while True:
        law(at < len(message), "a name ends within its message")
        octet = message[at]
        if octet >= 0xC0:
            law(at + 1 < len(message), "a pointer is two octets")
            end = end or at + 2
            target = (octet & 0x3F) << 8 | message[at + 1]
            law(target < at, "a pointer leads back")
            at = target
            continue
        law(octet <= 63, "a label has 63 octets at the most")
        size += 1 + octet
        law(size <= 255, "a name has 255 octets at the most")
        at += 1 + octet
        if octet == 0:
            return end or at


def _number(message: bytes, at: int) -> int:
    return message[at] << 8 | message[at + 1]
