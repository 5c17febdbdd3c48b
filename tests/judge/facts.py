"""What a zone's master file says, in the form in which replies are compared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import dns.name
import dns.rdata
import dns.rdataclass
from dns.rdatatype import AAAA, HTTPS, NS, SOA, SVCB, A, RdataType

from geodns.model.zone import RRset, Zone
from tests.judge.replies import Record

_LEADS = ("target", "exchange", "replacement", "subtype", "fqdn")  # as dnspython names what a record leads to


@dataclass(frozen=True, slots=True)
class Facts:
    apex: dns.name.Name
    negative_ttl: int
    records: frozenset[Record]

    def denial(self, section: Iterable[Record]) -> bool:
        """The zone's SOA and nothing else, with the TTL of RFC 2308 §3."""
        found = list(section)
        return [(each.owner, each.rtype, each.ttl) for each in found] == [(self.apex, SOA, self.negative_ttl)]

    def is_told(self, record: Record) -> bool:
        """It is of the types that come along as additional data (RFC 1035 §3.3, RFC 9460 §4.1), and in the zone."""
        return record.rtype in (A, AAAA, SVCB, HTTPS) and record in self.records

    def sets(self, name: dns.name.Name) -> Mapping[RdataType, set[bytes]]:
        """Type → data of what answers for a name: its own records, or those of the wildcard."""
        owners = {record.owner for record in self.records}
        source = name
        if name not in owners:
            source = next((star for star in _stars(name) if star in owners), name)
        found: dict[RdataType, set[bytes]] = {}
        for record in self.records:
            if record.owner == source:
                found.setdefault(record.rtype, set()).add(record.rdata)
        return found


def facts_of(zone: Zone) -> Facts:
    records = frozenset(_record(rrset, rdata) for rrset in zone.rrsets for rdata in rrset.rdatas)
    return Facts(dns.name.from_wire(zone.name, 0)[0], min(zone.soa.ttl, zone.soa.negative_ttl), records)


def _record(rrset: RRset, rdata: bytes) -> Record:
    rtype = RdataType.make(rrset.rtype)
    canonical = _parsed(rtype, rdata).to_digestable()
    return Record(dns.name.from_wire(rrset.owner, 0)[0], rtype, rrset.ttl, canonical)


def leads_to(records: Iterable[Record]) -> Iterator[dns.name.Name]:
    """The names that records lead to."""
    for record in records:
        parsed = _parsed(record.rtype, record.rdata)
        names = (getattr(parsed, lead, None) for lead in _LEADS)
        found = [name for name in names if isinstance(name, dns.name.Name)]
        # RFC 9460 §2.5: in the service form the root stands for the owner.
        yield from (record.owner if name == dns.name.root else name for name in found)


def servers(section: Iterable[Record]) -> set[dns.name.Name]:
    return set(leads_to(record for record in section if record.rtype == NS))


def _stars(name: dns.name.Name) -> Iterator[dns.name.Name]:
    while name != dns.name.root:
        name = name.parent()
        yield dns.name.Name((b"*", *name.labels))


def _parsed(rtype: RdataType, rdata: bytes) -> dns.rdata.Rdata:
    return dns.rdata.from_wire(dns.rdataclass.IN, rtype, rdata, 0, len(rdata))
