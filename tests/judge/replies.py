"""A reply's octets → what is compared of it: sections as sets, names without their case; and how two of them differ.

dnspython reads it. A record that comes twice in a section is a difference too, so each is numbered by its occurrence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdatatype import RdataType

SECTIONS = ("answer", "authority", "additional")


class Record(NamedTuple):
    """`rdata`: its canonical form (RFC 4034 §6.2)."""

    owner: dns.name.Name
    rtype: RdataType
    ttl: int
    rdata: bytes

    @property
    def shown(self) -> str:
        """The data as a master file has it."""
        return dns.rdata.from_wire(dns.rdataclass.IN, self.rtype, self.rdata, 0, len(self.rdata)).to_text()

    def __str__(self) -> str:
        return f"{self.owner} {self.ttl} {dns.rdatatype.to_text(self.rtype)} {self.shown[:60]}"


class Difference(NamedTuple):
    """`part`: rcode, flag, question, edns, or a section. `ours`: only we have it; else only they do."""

    part: str
    ours: bool
    item: object

    def __str__(self) -> str:
        return f"{'+' if self.ours else '-'} {self.part} {self.item}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`repeated`: what its sections hold more than once. `size`: octets."""

    rcode: str
    flags: frozenset[str]
    question: str
    edns: frozenset[str]
    answer: frozenset[Record]
    authority: frozenset[Record]
    additional: frozenset[Record]
    repeated: frozenset[tuple[str, Record]]
    size: int

    @property
    def is_cut(self) -> bool:
        return "TC" in self.flags

    def parts(self) -> set[tuple[str, object]]:
        """All that is compared."""
        parts: set[tuple[str, object]] = {("rcode", self.rcode), ("question", self.question)}
        parts |= {("flag", flag) for flag in self.flags} | {("edns", each) for each in self.edns}
        for name, section in zip(SECTIONS, (self.answer, self.authority, self.additional), strict=True):
            parts |= {(name, record) for record in section}
        return parts | {(f"{section} twice", record) for section, record in self.repeated}


def read(octets: bytes) -> Reply:
    message = dns.message.from_wire(octets, one_rr_per_rrset=True)
    sections = {name: tuple(map(_record, message.section_from_number(at))) for at, name in enumerate(SECTIONS, 1)}
    return Reply(
        rcode=dns.rcode.to_text(message.rcode()),
        flags=frozenset(dns.flags.to_text(message.flags).split()),
        question=" ".join(map(_question, message.question)),
        edns=frozenset(_edns(message)),
        answer=frozenset(sections["answer"]),
        authority=frozenset(sections["authority"]),
        additional=frozenset(sections["additional"]),
        repeated=frozenset((name, each) for name, section in sections.items() for each in _repeated(section)),
        size=len(octets),
    )


def _repeated(section: Sequence[Record]) -> Iterator[Record]:
    if len(set(section)) < len(section):
        yield from (record for record in section if section.count(record) > 1)


def _record(rrset: dns.rrset.RRset) -> Record:
    return Record(rrset.name, rrset.rdtype, rrset.ttl, rrset[0].to_digestable())


def _question(rrset: dns.rrset.RRset) -> str:
    """To the letter: a client that mixes the case wants it back so."""
    return f"{rrset.name} {rrset.rdclass} {rrset.rdtype}"


def _edns(message: dns.message.Message) -> Iterator[str]:
    if message.edns >= 0:
        yield f"version {message.edns}"
        yield f"size {message.payload}"
        yield from ["DO"] if message.ednsflags & dns.flags.DO else []
        yield from (dns.edns.OptionType.to_text(option.otype) for option in message.options)


def differences(ours: Reply, theirs: Reply) -> frozenset[Difference]:
    here, there = ours.parts(), theirs.parts()
    return frozenset(
        {Difference(part, True, item) for part, item in here - there}
        | {Difference(part, False, item) for part, item in there - here}
    )
