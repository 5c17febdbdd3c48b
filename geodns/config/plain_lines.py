"""The plain lines of a master file: each one a whole record of a common type, with nothing that takes a tokenizer.

dnspython takes ten times as long for each, and a large zone is plain lines but for a few. They are read here and
blanked out of the text, so that dnspython reads the rest, its lines numbered as they were. It has the last word all the
same: where anything is odd, or hangs on lines that were taken out, the file is not taken apart.
"""

import re
from dataclasses import dataclass, field

import dns.exception
import dns.ttl

from geodns.config.networks import ipv4_octets, parse_ipv6
from geodns.config.rdata import AAAA, CNAME, NS, TXT, A
from geodns.model.name import MAX_LABEL, MAX_NAME, ROOT, Name, is_below, lower
from geodns.model.zone import RRset

_PTR = 12
_TYPES = {"A": A, "AAAA": AAAA, "CNAME": CNAME, "NS": NS, "PTR": _PTR, "TXT": TXT}
_NAMED = frozenset((CNAME, NS, _PTR))  # whose data is a name

_NAME = r"(?:[A-Za-z0-9_*-][A-Za-z0-9._*-]*|@)"
_TTL_AND_CLASS = r"(?:([0-9]{1,9})[ \t]+)?(?:IN[ \t]+)?"
_RECORD = re.compile(
    rf"({_NAME})[ \t]+{_TTL_AND_CLASS}(?:({'|'.join(_TYPES)})[ \t]+)"
    rf'([0-9A-Fa-f:.]+|{_NAME}|"[ !#-\[\]-~]{{0,255}}")[ \t]*(?:;.*)?'
)
_DIRECTIVE = re.compile(r"(\$ORIGIN|\$TTL)[ \t]+(\S+)[ \t]*(?:;.*)?", re.IGNORECASE)
_BLANK = re.compile(r"[ \t]*(?:;.*)?")
_WITH_TTL = re.compile(r"\S*[ \t]+(?:IN[ \t]+)?[0-9]+[ \t]")
_QUOTED_OR_COMMENT = re.compile(r'"[^"]*"|;.*')


class _Odd(Exception):
    """Not for us to judge."""


@dataclass(slots=True)
class _Set:
    ttl: int
    rdatas: list[bytes]
    known: set[bytes]  # the same in lower case, where case says nothing


@dataclass(slots=True)
class PlainLines:
    """What is known while the lines go by. `origin` and `ttl` are those of the directives."""

    zone: Name
    origin: bytes  # in wire form, its case kept
    ttl: int | None = None
    sets: dict[tuple[Name, int], _Set] = field(default_factory=dict)
    has_gap: bool = False  # the line before was taken out, so dnspython does not know whose the next one is
    misses_ttl: bool = False  # so was one with a TTL, which dnspython might give to those that have none

    def rrsets(self) -> tuple[RRset, ...]:
        return tuple(RRset(owner, rtype, each.ttl, tuple(each.rdatas)) for (owner, rtype), each in self.sets.items())

    def takes(self, line: str) -> bool:
        """Whether it is a plain record, which is then among the sets."""
        found = _RECORD.fullmatch(line)
        if found is None:
            return False
        owner, ttl, kind, written = found.groups()
        if (ttl is None and self.ttl is None) or (kind == "TXT") != (written[0] == '"'):
            return False
        name = lower(self._name(owner))
        if name == self.zone:
            return False  # dnspython looks for the NS of the zone itself
        self._add(Name(name), _TYPES[kind], int(ttl) if ttl else self.ttl or 0, written)
        self.has_gap = True
        self.misses_ttl |= ttl is not None and self.ttl is None
        return True

    def _add(self, owner: Name, rtype: int, ttl: int, written: str) -> None:
        if not is_below(owner, self.zone):
            raise _Odd
        rdata = self._rdata(rtype, written)
        told = rdata.lower() if rtype in _NAMED else rdata
        known = self.sets.setdefault((owner, rtype), _Set(ttl, [], set()))
        if told in known.known or known.ttl != ttl:
            raise _Odd
        known.rdatas.append(rdata)
        known.known.add(told)

    def _rdata(self, rtype: int, written: str) -> bytes:
        if rtype == TXT:
            return bytes((len(written) - 2,)) + written[1:-1].encode()
        if rtype in _NAMED:
            return self._name(written)
        try:
            return ipv4_octets(written) if rtype == A else parse_ipv6(written).packed
        except ValueError:
            raise _Odd from None

    def _name(self, written: str) -> bytes:
        """In wire form, its case kept."""
        if written == "@":
            return self.origin
        labels = written.encode().split(b".")
        end = self.origin
        if not labels[-1]:
            labels.pop()
            end = ROOT
        if not all(1 <= len(label) <= MAX_LABEL for label in labels):
            raise _Odd
        wire = b"".join([bytes((len(label),)) + label for label in labels]) + end
        if len(wire) > MAX_NAME:
            raise _Odd
        return wire

    def pass_over(self, line: str) -> None:
        """A line for dnspython. Its owner and TTL must not hang on lines that were taken out."""
        if line.startswith("$"):
            self._follow(line)
            return
        if _BLANK.fullmatch(line):
            return
        if line[0] in " \t" and self.has_gap:
            raise _Odd
        if self.misses_ttl and self.ttl is None and not _WITH_TTL.match(line):
            raise _Odd
        self.has_gap = False

    def _follow(self, line: str) -> None:
        directive = _DIRECTIVE.fullmatch(line)
        if directive is None:
            raise _Odd
        word, value = directive[1].upper(), directive[2]
        if word == "$ORIGIN":
            if value != "@" and not re.fullmatch(_NAME, value):
                raise _Odd
            self.origin = self._name(value)
            return
        try:
            self.ttl = dns.ttl.from_text(value)
        except dns.exception.DNSException:
            raise _Odd from None


def take_plain(text: str, origin: bytes) -> tuple[str, tuple[RRset, ...]]:
    """The text without its plain records, and these; all of the text and none where it is not to be taken apart."""
    plain = PlainLines(Name(lower(origin)), origin)
    rest: list[str] = []
    depth = 0  # of parentheses
    try:
        for line in text.split("\n"):
            if depth == 0 and plain.takes(line):
                rest.append("")
                continue
            if depth == 0:
                plain.pass_over(line)
            depth += _opened(line)
            rest.append(line)
    except _Odd:
        return text, ()
    return "\n".join(rest), plain.rrsets()


def _opened(line: str) -> int:
    """How many more parentheses it opens than it closes."""
    if "(" not in line and ")" not in line:
        return 0
    if "\\" in line:
        raise _Odd
    bare = _QUOTED_OR_COMMENT.sub("", line)
    return bare.count("(") - bare.count(")")
