"""Records that lead to hosts of their zone → the hosts' addresses, which spare who asks another question.

RFC 1034 §4.3.2, step 6. They stand at the end of a set, worked out once, and as many as have no room are left out.
"""

from collections.abc import Iterator, Mapping, Sequence

from geodns.model.name import Name, is_wildcard
from geodns.model.zone import RRset
from geodns.table.records import AAAA, MX, NS, A, Writer, name_end

SRV, NAPTR, SVCB, HTTPS = 33, 35, 64, 65
ADDRESSES = (A, AAAA)
_ITSELF = b"\0"  # as an HTTPS record's target: the name that has the record (RFC 9460 §2.5)
_MOST = 32  # record sets that are offered: who asks for a name with more hosts than that asks for some of them again

# Octets before the name of a host. NAPTR has three texts before it.
_TARGET_AT = {NS: 0, MX: 2, SRV: 6, SVCB: 2, HTTPS: 2, NAPTR: 4}

Records = Mapping[Name, Mapping[int, RRset]]
Cuts = Sequence[tuple[int, int]]  # octets and additional records that are left, from most to least


def leads_to_hosts(rtype: int) -> bool:
    return rtype in _TARGET_AT


def hosts_of(rrset: RRset) -> tuple[Name, ...]:
    """Each once, in the order of the records."""
    return tuple(dict.fromkeys(_host(rrset, rdata) for rdata in rrset.rdatas))


def _host(rrset: RRset, rdata: bytes) -> Name:
    at = _TARGET_AT[rrset.rtype]
    if rrset.rtype == NAPTR:
        for _ in range(3):
            at += 1 + rdata[at]
    host = rdata[at : name_end(rdata, at)]
    if host == _ITSELF and rrset.rtype in (SVCB, HTTPS) and not is_wildcard(rrset.owner):
        return rrset.owner
    return Name(host.lower())


def addresses_of(hosts: Sequence[Name], records: Records) -> Iterator[RRset]:
    """The static ones. Where a policy answers there are none, for an address would have to be drawn for each query."""
    for host in hosts:
        here = records.get(host, {})
        yield from (here[rtype] for rtype in ADDRESSES if rtype in here)


def add(writer: Writer, rrsets: Iterator[RRset]) -> int:
    """Writes these, and returns how many records they are."""
    count = 0
    for rrset in rrsets:
        count += len(rrset.rdatas)
        for rdata in rrset.rdatas:
            writer.record(rrset.owner, rrset.rtype, rrset.ttl, rdata)
    return count


def offer(writer: Writer, rrsets: Iterator[RRset], before: int) -> tuple[int, Cuts]:
    """Writes what may be left out. Returns how many additional records there are with the ones `before` these, and the
    cuts."""
    count = before
    cuts: list[tuple[int, int]] = []
    for rrset, _ in zip(rrsets, range(_MOST), strict=False):
        cuts.append((len(writer.octets), count))
        count += add(writer, iter([rrset]))
    return count, cuts[::-1]
