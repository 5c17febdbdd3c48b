"""A zone → random questions about it: its names with labels dropped, added, changed and in other cases.

The same ones each time: all that is random comes from a seed.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from struct import pack

import dns.flags
import dns.name
import dns.rdatatype
from dns.rdatatype import DNAME, A, RdataType

from geodns.model.zone import Zone
from tests.judge.facts import Facts, facts_of, leads_to

# Types with a meaning of their own in a question, where servers have habits rather than rules, are not asked for: OPT,
# transfers and such, all that RFC 6895 §3.1 keeps for them.
NOT_ASKED = {0, 41, *range(128, 256), 65535}
TYPES = (
    *("A", "AAAA", "NS", "SOA", "CNAME", "DNAME", "MX", "TXT", "SRV", "NAPTR", "PTR", "CAA", "TLSA", "SSHFP", "DS"),
    *("SVCB", "HTTPS", "URI", "LOC", "ANY", "ANY", "DNSKEY", "RRSIG", "NSEC", "TYPE65280", "TYPE65281"),
)
SIZES = (0, 512, 513, 1220, 1232, 1400, 4096, 65535)
LABELS = (b"*", b"x", b"www", b"ns", b"_tcp", b"a.b", b"\0", b"\xff", b"n" * 63, b"xn--nxasmq6b", b"*x", b"**")

# What other seeds have found: name below the zone's, type, size of datagrams.
FOUND = (
    (f"{'n' * 63}.corners.again", "PTR", 0),
    ("with-a-rather-long-label-so-that-few-of-them-fit11.www.third", "NSEC", 513),
    ("example.ww7.to-longest-tree", "SOA", 512),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`size`: of the datagrams that the client takes, None for one that has no EDNS."""

    name: dns.name.Name
    rtype: RdataType
    flags: int = 0
    size: int | None = None
    do_bit: bool = False
    tcp: bool = False

    def packet(self, number: int) -> bytes:
        header = pack("!6H", number, self.flags, 1, 0, 0, 0 if self.size is None else 1)
        opt = b"" if self.size is None else pack("!BHHIH", 0, 41, self.size, self.do_bit << 15, 0)
        return header + (self.name.to_wire() or b"") + pack("!2H", self.rtype, 1) + opt

    def __str__(self) -> str:
        edns = "" if self.size is None else f" +bufsize={self.size}{' +dnssec' if self.do_bit else ''}"
        flags = dns.flags.to_text(self.flags)
        return f"{self.name} {dns.rdatatype.to_text(self.rtype)}{edns}{' +tcp' if self.tcp else ''} [{flags}]"


def questions(zone: Zone, count: int, seed: int) -> Iterator[Question]:
    dice = Random(seed)
    facts = facts_of(zone)
    known = sorted(_names(facts))
    types: dict[dns.name.Name, list[RdataType]] = {}
    for record in sorted(facts.records):
        types.setdefault(record.owner, []).append(record.rtype)
    for _ in range(count):
        asked = dice.choice(known)
        name = _mutated(asked, known, dice)
        size = dice.choice(SIZES) if dice.random() < 0.7 else None
        yield Question(
            name=name,
            rtype=_rtype(types.get(asked, []), dice),
            flags=_flags(dice),
            size=size,
            do_bit=size is not None and dice.random() < 0.3,
            tcp=dice.random() < 0.2,
        )


def found(zone: Zone) -> list[Question]:
    apex = dns.name.from_wire(zone.name, 0)[0]
    return [
        Question(name=dns.name.from_text(name, apex), rtype=dns.rdatatype.from_text(rtype), size=size)
        for name, rtype, size in FOUND
    ]


def _names(facts: Facts) -> set[dns.name.Name]:
    """All that the zone speaks of: owners, what is above them in it, and what records lead to."""
    owners = {facts.apex, *(record.owner for record in facts.records)}
    above = {name.split(depth)[1] for name in owners for depth in range(len(facts.apex), len(name))}
    known = owners | above | set(leads_to(facts.records)) - {dns.name.root}
    return known | {elsewhere for name in known for elsewhere in _redirected_to(name, facts)}


def _redirected_to(name: dns.name.Name, facts: Facts) -> Iterator[dns.name.Name]:
    """The names that a DNAME makes this one of."""
    for record in facts.records:
        if record.rtype == DNAME and name.is_subdomain(target := next(leads_to([record]))):
            with suppress(dns.name.NameTooLong):
                yield name.relativize(target).concatenate(record.owner)


def _rtype(here: Sequence[RdataType], dice: Random) -> RdataType:
    chance = dice.random()
    if here and chance < 0.4:
        return dice.choice(here)
    if chance < 0.95:
        return dns.rdatatype.from_text(dice.choice(TYPES))
    rtype = dice.randrange(65536)
    return RdataType.make(rtype if rtype not in NOT_ASKED else A)


def _flags(dice: Random) -> int:
    """RD mostly, as stub resolvers have it; CD and AD now and then."""
    chances = {dns.flags.RD: 0.6, dns.flags.CD: 0.1, dns.flags.AD: 0.2}
    return sum(flag for flag, chance in chances.items() if dice.random() < chance)


def _mutated(name: dns.name.Name, known: Sequence[dns.name.Name], dice: Random) -> dns.name.Name:
    """With no change to three of them. What would be too long for a name is not done."""
    labels = list(name.labels[:-1])
    for _ in range(dice.choice((0, 0, 1, 1, 1, 2, 3))):
        changed = _changed(labels, known, dice)
        if sum(len(label) + 1 for label in changed) < 255:
            labels = changed
    if dice.random() < 0.2:
        labels = [bytes(_other_case(octet, dice) for octet in label) for label in labels]
    return dns.name.Name([*labels, b""])


def _changed(labels: list[bytes], known: Sequence[dns.name.Name], dice: Random) -> list[bytes]:
    """One step. The zone's own labels, at the end, are touched more seldom: outside of it all is REFUSED."""
    at = dice.randrange(len(labels) - 1 or 1) if len(labels) > 1 else 0
    if dice.random() > 0.03:
        at = min(at, max(0, len(labels) - 3))
    step = dice.choice(("drop", "add", "add", "first", "replace", "alter", "double"))
    if not labels or step == "first":
        return [_label(known, dice), *labels]
    match step:
        case "drop":
            return [*labels[:at], *labels[at + 1 :]]
        case "add":
            return [*labels[:at], _label(known, dice), *labels[at:]]
        case "replace":
            return [*labels[:at], _label(known, dice), *labels[at + 1 :]]
        case "alter":
            return [*labels[:at], _altered(labels[at], dice), *labels[at + 1 :]]
    return [*labels[:at], labels[at], *labels[at:]]


def _label(known: Sequence[dns.name.Name], dice: Random) -> bytes:
    chance = dice.random()
    if chance < 0.3:
        return dice.choice(LABELS)
    if chance < 0.4:
        return dice.randbytes(dice.randint(1, 63))
    labels = dice.choice(known).labels[:-1]
    return dice.choice(labels) if labels else b"*"


def _altered(label: bytes, dice: Random) -> bytes:
    """One octet more, less, or another."""
    at = dice.randrange(len(label))
    more = b"" if len(label) == 63 else bytes([dice.randrange(256)])
    return dice.choice((label[:at] + more + label[at:], label[:at] + label[at + 1 :] or b"z", _bit(label, at, dice)))


def _bit(label: bytes, at: int, dice: Random) -> bytes:
    return label[:at] + bytes([label[at] ^ 1 << dice.randrange(8)]) + label[at + 1 :]


def _other_case(octet: int, dice: Random) -> int:
    """As resolvers mix it (draft-vixie-dnsext-dns0x20)."""
    return octet ^ 0x20 if bytes([octet]).isalpha() and dice.random() < 0.5 else octet
