"""What holds of every packet and its reply, whoever asks, whatever was asked.

Written from the RFCs and without a line of geodns, so that it judges by itself; and quick, as it judges by the million.
"""

import dns.exception
import dns.message

from fuzz.question import Asked, options_of, read_question

HEADER = 12
QR, OPCODE, AA, TC, RD = 0x80, 0x78, 0x04, 0x02, 0x01
RA, Z, AD = 0x80, 0x40, 0x20
OPT = 41
NSID, SUBNET, COOKIE = 3, 8, 10
QUERY, NOTIFY = 0, 4
FORMERR, NOTAUTH, BADVERS = 1, 9, 16
ANY = 255
# PAYLOAD, IDENTITY: as the server that is asked has been told; another size than it would have by itself.
PLAIN, PAYLOAD, LARGEST = 512, 1400, 65535
IDENTITY = "fuzz"
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
    rcode, opt = _sections(packet, reply)
    law(not opt or _number(opt, 2) == PAYLOAD, "an OPT record says the size that the server takes")
    asked = read_question(packet)
    if asked is not None:
        law(asked.rclass != ANY or not reply[2] & AA, "class ANY has no authority")
    # RFC 8945 §5.2: of what has a bad signature nothing else is looked at.
    if asked is not None and not (asked.is_signed and rcode == NOTAUTH):
        _edns(asked, rcode, opt, cut=bool(reply[2] & TC))
        if asked.opcode in (QUERY, NOTIFY) and opt and rcode != FORMERR:
            _options(asked, opt)


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


def _edns(asked: Asked, rcode: int, opt: bytes, *, cut: bool) -> None:
    """RFC 6891 §6.1.1, §6.1.3. A signed reply that is cut is the question and the signature (RFC 8945 §5.3)."""
    ours = asked.opcode in (QUERY, NOTIFY)
    if ours and (asked.misplaced or len(asked.edns) > 1):
        law(rcode == FORMERR, "one OPT record, the root's, or it is malformed")
    elif len(asked.edns) == 1 and rcode != FORMERR:
        law(bool(opt) or (cut and asked.is_signed), "who speaks EDNS is answered with it")
        if ours and asked.edns[0].version and not asked.is_signed:
            law(rcode == BADVERS, "another version is a bad one")


def _options(asked: Asked, opt: bytes) -> None:
    """Those that every reply has where its query has them, unless they are malformed."""
    wanted, given = asked.edns[0].options, options_of(opt)
    if wanted is None:
        raise Broken("malformed options are a format error")
    if given is None:
        raise Broken("a reply's options are whole")
    if COOKIE in wanted:
        law(len(given.get(COOKIE, b"")) == 24, "a cookie is answered with one")
        law(given[COOKIE][:8] == wanted[COOKIE][:8], "the client's cookie comes back")
    if NSID in wanted:
        law(given.get(NSID) == IDENTITY.encode(), "who asks which server this is learns it")
    if SUBNET in wanted:
        subnet = given.get(SUBNET, b"")
        law(
            subnet[:3] + b"\0" + subnet[4:] == wanted[SUBNET], "a client subnet comes back as it was, but for the scope"
        )


def _sections(packet: bytes, reply: bytes) -> tuple[int, bytes]:
    """The code, and the OPT record from its type on."""
    questions, answers, authority, additional = (_number(reply, at) for at in (4, 6, 8, 10))
    law(questions < 2, "a reply has one question at the most")
    at = HEADER
    if questions:
        at = name_end(reply, at) + 4
        law(reply[HEADER:at] == packet[HEADER:at], "the question comes back to the letter")
    if reply[2] & TC and not answers + authority:
        law(additional < 2, "a truncated reply carries no more than its OPT record")
    options = 0
    opt = b""
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
            opt = reply[at : at + 10 + _number(reply, at + 8)]
        at += 10 + _number(reply, at + 8)
        law(at <= len(reply), "a record ends within its message")
    law(rcode in RCODES, "the response code is one that exists")
    law(at == len(reply), "nothing follows the last record")
    law(options <= min(1, _number(packet, 10)), "an OPT record comes once, and not unasked")
    return rcode, opt


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
