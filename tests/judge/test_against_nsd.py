"""Another implementation as judge: NSD serves the exported master file, and both are asked the same questions.

Compared are the response code, AA, and the answer and authority sections as sets of records with their TTLs; of
referrals the glue too. Allowed to differ:

- ANY: both give one record set (RFC 8482 §4.1), not always the same one.
- The additional section of other replies: a courtesy that neither owes (NSD is told to leave it out).
- The order of records, and the case of names: DNS gives neither a meaning.

Left out are names that a policy answers for, and aliases of them: a master file cannot say those.
"""

from collections.abc import Iterator
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
import pytest

from geodns.answer.terms import TCP
from geodns.config.master import parse_master, read_master, write_master
from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from geodns.model.name import Name, ancestors, show
from geodns.model.zone import Zone
from tests.judge.nsd import program, serving
from tests.world import SERIAL, Client, table_of

CORNERS = Path(__file__).with_name("corners.zone")
EXAMPLES = Path(__file__).parents[2] / "zones"
CNAME = 5
TYPES = ["A", "NS", "CNAME", "SOA", "PTR", "MX", "TXT", "AAAA", "LOC", "SRV", "NAPTR", "DS", "SSHFP", "TLSA"]
TYPES += ["HTTPS", "CAA", "ANY", "TYPE65280", "TYPE65281"]

Records = frozenset[tuple[str, str, int, str]]


def example_zones() -> tuple[Zone, ...]:
    return load([EXAMPLES], VOCABULARY).zones


def names_of(zone: Zone) -> Iterator[dns.name.Name]:
    """Every name of the zone, the empty ones above them, and names near all of these."""
    owners = {rrset.owner for rrset in zone.rrsets} | {zone.name} | _alias_targets(zone)
    owners |= {above for owner in owners for above in ancestors(owner)}
    for owner in sorted(owners):
        name = dns.name.from_wire(owner, 0)[0]
        yield name
        for variant in ("x", "a.b.c", "*", "ns"):
            yield dns.name.from_text(variant, name)
        if len(name) > 1:
            first = name.labels[0]
            for changed in (first[:-1] + b"~", first.swapcase()):
                yield dns.name.Name((changed, *name.labels[1:]))


def _alias_targets(zone: Zone) -> set[Name]:
    return {Name(rrset.rdatas[0].lower()) for rrset in zone.rrsets if rrset.rtype == CNAME}


def is_steered(zone: Zone, name: dns.name.Name, rtype: str) -> bool:
    owner = Name((name.to_wire() or b"").lower())
    aliases = {
        rrset.owner for rrset in zone.rrsets if rrset.rtype == CNAME and Name(rrset.rdatas[0].lower()) in zone.steered
    }
    if owner == zone.name:
        return owner in zone.steered and rtype in ("A", "AAAA", "ANY")
    return owner in zone.steered or owner in aliases


def questions(zone: Zone) -> list[dns.message.Message]:
    return [
        dns.message.make_query(name, rtype, use_edns=0, payload=4096)
        for name in dict.fromkeys(names_of(zone))
        for rtype in TYPES
        if not is_steered(zone, name, rtype)
    ]


def records(section: list[dns.rrset.RRset]) -> Records:
    return frozenset(
        (rrset.name.to_text().lower(), dns.rdatatype.to_text(rrset.rdtype), rrset.ttl, rdata.to_text().lower())
        for rrset in section
        for rdata in rrset
    )


def differences(ours: dns.message.Message, theirs: dns.message.Message) -> Iterator[str]:
    if ours.rcode() != theirs.rcode():
        yield f"rcode {ours.rcode()!r}, NSD has {theirs.rcode()!r}"
    if (ours.flags ^ theirs.flags) & dns.flags.AA:
        yield f"AA {bool(ours.flags & dns.flags.AA)}"
    if ours.question[0].rdtype == dns.rdatatype.ANY and ours.answer and theirs.answer:
        return
    if records(ours.answer) != records(theirs.answer):
        yield f"answer {ours.answer}, NSD has {theirs.answer}"
    if records(ours.authority) != records(theirs.authority):
        yield f"authority {ours.authority}, NSD has {theirs.authority}"
    is_referral = any(rrset.rdtype == dns.rdatatype.NS for rrset in theirs.authority)
    if is_referral and records(ours.additional) != records(theirs.additional):
        yield f"glue {ours.additional}, NSD has {theirs.additional}"


def judged(zone: Zone, folder: Path) -> tuple[int, list[str]]:
    """How many questions were asked, and what differed."""
    ours = Client(table_of([zone]))
    found: list[str] = []
    asked = questions(zone)
    with serving(show(zone.name), write_master(zone, SERIAL), folder) as nsd:
        for question in asked:
            octets = ours.send(question.to_wire(), transport=TCP)
            assert isinstance(octets, bytes)
            for difference in differences(dns.message.from_wire(octets), nsd.ask(question)):
                found.append(f"{question.question[0]}: {difference}")
    return len(asked), found


@pytest.mark.sockets
def test_a_zone_with_many_corners_is_answered_as_nsd_does(tmp_path: Path) -> None:
    program()
    asked, found = judged(read_master(CORNERS), tmp_path)
    assert not found, "\n".join(found[:20])
    assert asked > 5000


@pytest.mark.sockets
def test_the_example_zones_give_nsd_s_static_answers(tmp_path: Path) -> None:
    program()
    zones = example_zones()
    for number, zone in enumerate(zones):
        folder = tmp_path / str(number)
        folder.mkdir()
        _, found = judged(zone, folder)
        assert not found, "\n".join(found[:20])
    assert len(zones) > 1


def test_an_exported_zone_is_read_back_as_it_was() -> None:
    zone = read_master(CORNERS)
    again = parse_master(write_master(zone, SERIAL).encode(), "again", "corners.example")
    assert (again.name, again.soa) == (zone.name, zone.soa)
    assert sorted(again.rrsets, key=repr) == sorted(zone.rrsets, key=repr)
