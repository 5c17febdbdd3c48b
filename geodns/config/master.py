"""RFC 1035 master files ↔ Zone. dnspython reads and writes the text, all but plain lines; what it would pass over in
silence is refused."""

import re
from collections.abc import Iterator
from dataclasses import replace

import dns.exception
import dns.name
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rdtypes.ANY.SOA
import dns.tokenizer
import dns.transaction
import dns.zone
import dns.zonefile

from geodns.config.decoding import decode
from geodns.config.marked import Limits
from geodns.config.plain_lines import take_plain
from geodns.config.problem import ConfigError, Problem
from geodns.config.rdata import CNAME, SOA, show_rdata, show_type
from geodns.model.name import Name, lower, show, show_in
from geodns.model.source import Source
from geodns.model.zone import RRset, Soa, Zone

_DIRECTIVE = re.compile(r"\$ORIGIN\s+(\S+)", re.IGNORECASE)
_SOA_LINE = re.compile(r"(\S*)\s+(?:\S+\s+){0,2}SOA\s", re.IGNORECASE)


def parse_master(content: bytes, file: str, default_name: str) -> Zone:
    """The zone of a master file. Its name is the SOA's owner, completed by $ORIGIN, or else by `default_name`.

    Raises ConfigError with the first problem: after it the rest of a master file cannot be told apart.
    """
    text = decode(content, file, Limits().octets)
    if isinstance(text, Problem):
        raise ConfigError((text,))
    try:
        origin = _origin_of(text, default_name)
    except (dns.exception.DNSException, ValueError) as error:
        raise ConfigError((Problem(Source(file), f"the zone's name cannot be told: {error}"),)) from None
    return _taken_apart(text, file, origin) or _zone_of(_read(text, file, origin), file)


def _taken_apart(text: str, file: str, origin: dns.name.Name) -> Zone | None:
    """The zone, its plain lines read by ourselves; None where there are none, or anything is wrong with the file.

    dnspython then reads all of it, and says what is wrong at the right line.
    """
    rest, plain = take_plain(text, origin.to_wire() or b"")
    if not plain:
        return None
    try:
        zone = _zone_of(_read(rest, file, origin), file)
    except ConfigError:
        return None
    whole = replace(zone, rrsets=(*zone.rrsets, *plain))
    return whole if _is_sound(whole) else None


def _is_sound(zone: Zone) -> bool:
    """No set is in both of its halves, and a CNAME stands alone."""
    types: dict[Name, set[int]] = {}
    for rrset in zone.rrsets:
        here = types.setdefault(rrset.owner, set())
        if rrset.rtype in here or CNAME in here or (here and rrset.rtype == CNAME):
            return False
        if rrset.rtype == CNAME and len(rrset.rdatas) > 1:
            return False
        here.add(rrset.rtype)
    return True


def _origin_of(text: str, default_name: str) -> dns.name.Name:
    origin = dns.name.from_text(default_name)
    for line in text.splitlines():
        if directive := _DIRECTIVE.match(line):
            origin = dns.name.from_text(directive[1], origin)
        elif found := _SOA_LINE.match(line.split(";")[0] + " "):
            return dns.name.from_text(found[1] or "@", origin)
    return origin


class _Reader(dns.zonefile.Reader):
    """dnspython's, which also notes the line that a record begins in, 0 between records."""

    line = 0

    def _rr_line(self) -> None:
        self.line = self.tok.where()[1]
        super()._rr_line()
        self.line = 0


def _read(text: str, file: str, origin: dns.name.Name) -> dns.zone.Zone:
    zone = dns.zone.Zone(origin, relativize=False)
    reader: _Reader | None = None
    try:
        with zone.writer(replacement=True) as transaction:
            transaction.check_put_rdataset(_check_single)
            tokens = dns.tokenizer.Tokenizer(text, file)
            reader = _Reader(tokens, dns.rdataclass.IN, transaction)
            # As it stands, dnspython drops what lies outside of the origin without a word; below the root nothing does.
            reader.zone_origin = dns.name.root
            reader.read()
        zone.check_origin()
    except (dns.exception.DNSException, KeyError, ValueError) as error:
        line = reader.line if reader is not None else 0
        raise ConfigError((_problem(error, file, line, origin),)) from None
    return zone


class _Second(ValueError):
    """Of a type that a name has once; dnspython would forget the first."""

    def __init__(self, rtype: dns.rdatatype.RdataType) -> None:
        super().__init__()
        self.rtype = rtype


def _check_single(transaction: dns.transaction.Transaction, name: dns.name.Name, added: dns.rdataset.Rdataset) -> None:
    if dns.rdatatype.is_singleton(added.rdtype):
        there = transaction.get(name, added.rdtype, added.covers)
        if there and there[0] != added[0]:
            raise _Second(added.rdtype)


def _problem(error: Exception, file: str, line: int, origin: dns.name.Name) -> Problem:
    """Cases: 1. the zone as a whole, 2. a name outside, 3. CNAME and more, 4. two of one, 5. what dnspython says."""
    match error:
        case dns.zone.NoSOA():
            return Problem(Source(file), f"{origin} has no SOA")
        case dns.zone.NoNS():
            return Problem(Source(file), f"{origin} has no name servers; give it NS records")
        case KeyError():
            return Problem(Source(file, line, 1), f"the name lies outside of the zone {origin}")
        case dns.zonefile.CNAMEAndOtherData():
            message = "the name has a CNAME and other data; a CNAME stands alone (RFC 1034 §3.6.2)"
            return Problem(Source(file, line, 1), message)
        case _Second():
            return Problem(Source(file, line, 1), f"a name can have one {show_type(error.rtype)} only")
    placed = re.fullmatch(rf"{re.escape(file)}:([0-9]+): (.*)", str(error), re.DOTALL)
    message = placed[2] if placed else str(error) or type(error).__name__
    # Where a record ends too early dnspython has counted the next line already.
    return Problem(Source(file, line or (int(placed[1]) if placed else 0), 1), f"this is no record: {message}")


def _zone_of(read: dns.zone.Zone, file: str) -> Zone:
    assert read.origin is not None, "it was read with an origin"
    name = _name(read.origin)
    found = read.get_rdataset(read.origin, "SOA")
    soa = found[0] if found else None
    assert found is not None
    assert isinstance(soa, dns.rdtypes.ANY.SOA.SOA), "check_origin has seen it"
    return Zone(
        name=name,
        soa=Soa(
            primary=_name(soa.mname),
            contact=_name(soa.rname),
            serial=soa.serial,
            refresh=soa.refresh,
            retry=soa.retry,
            expire=soa.expire,
            negative_ttl=soa.minimum,
            ttl=found.ttl,
        ),
        rrsets=tuple(_rrsets(read)),
        source=Source(file),
    )


def _rrsets(read: dns.zone.Zone) -> Iterator[RRset]:
    for owner, rdataset in read.iterate_rdatasets():
        if rdataset.rdtype != SOA:
            rdatas = tuple(rdata.to_wire() or b"" for rdata in rdataset)
            yield RRset(_name(owner), int(rdataset.rdtype), rdataset.ttl, rdatas)


def _name(name: dns.name.Name) -> Name:
    return Name(lower(name.to_wire() or b""))


def write_master(zone: Zone, serial: int) -> str:
    """The static records as a master file; a steered name has no place in one and is named in a comment."""
    soa = zone.soa
    number = serial if soa.serial is None else soa.serial
    times = f"{soa.refresh} {soa.retry} {soa.expire} {soa.negative_ttl}"
    lines = [
        f"$ORIGIN {show(zone.name)}",
        f"@ {soa.ttl} IN SOA {show(soa.primary)} {show(soa.contact)} {number} {times}",
    ]
    for rrset in zone.rrsets:
        lines += _lines(rrset, zone)
    for owner, policy in zone.steered.items():
        lines.append(f"; {show_in(owner, zone.name)} is left out: the policy '{policy}' answers for its addresses")
    return "\n".join(lines) + "\n"


def _lines(rrset: RRset, zone: Zone) -> Iterator[str]:
    start = f"{show_in(rrset.owner, zone.name)} {rrset.ttl} IN {show_type(rrset.rtype)}"
    yield from (f"{start} {show_rdata(rrset.rtype, rdata)}" for rdata in rrset.rdatas)
