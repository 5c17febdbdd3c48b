"""The core beside NSD, at both of its speeds: NSD serves the exported master file, and both are asked about every name
of the zone and names near it. What may differ is told in explanations.py.

Left out are names that a policy answers for, and aliases of them: a master file cannot say those.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import dns.name
import dns.rdatatype
import pytest

from geodns.answer.terms import TCP
from geodns.config.master import parse_master, write_master
from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from geodns.model.name import Name, ancestors, show
from geodns.model.zone import Zone
from tests.judge.asking import ask
from tests.judge.cases import Case, unexplained
from tests.judge.explanations import EXPLANATIONS
from tests.judge.facts import Facts, facts_of
from tests.judge.peers.nsd import NSD
from tests.judge.peers.peer import serving
from tests.judge.questions import Question
from tests.judge.replies import Reply, read
from tests.judge.zone import NAME, master
from tests.world import SERIAL, Client, table_of

pytestmark = [pytest.mark.sockets, pytest.mark.usefixtures("speed")]

EXAMPLES = Path(__file__).parents[2] / "zones"
COUNT = 2000
CNAME = 5
TYPES = ("A", "NS", "CNAME", "SOA", "MX", "TXT", "DS", "ANY")


def example_zones() -> tuple[Zone, ...]:
    return load([EXAMPLES], VOCABULARY).zones


def names_of(zone: Zone) -> Iterator[dns.name.Name]:
    """Every name of the zone, the empty ones above them, and names near all of these."""
    owners = {rrset.owner for rrset in zone.rrsets} | {zone.name} | _alias_targets(zone)
    owners |= {above for owner in owners for above in ancestors(owner)}
    for owner in sorted(owners):
        name = dns.name.from_wire(owner, 0)[0]
        yield name
        first = name.labels[0]
        if sum(len(label) + 1 for label in name.labels) < 248:
            yield from (dns.name.from_text(variant, name) for variant in ("x", "a.b.c", "*", "ns"))
        if first:
            yield from (dns.name.Name((changed, *name.labels[1:])) for changed in (first[:-1] + b"~", first.swapcase()))


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


def questions(zone: Zone, types: Sequence[str] = TYPES) -> list[Question]:
    """Enough of them: which, is drawn."""
    every = [
        Question(name=name, rtype=dns.rdatatype.from_text(rtype), size=4096, tcp=True)
        for name in dict.fromkeys(names_of(zone))
        for rtype in types
        if not is_steered(zone, name, rtype)
    ]
    return Random(0).sample(every, min(COUNT, len(every)))


def judged(zone: Zone, folder: Path, types: Sequence[str] = TYPES) -> tuple[int, list[str]]:
    """How many questions were asked, and what differed."""
    ours = Client(table_of([zone]))
    asked, facts = questions(zone, types), facts_of(zone)
    packets = [question.packet(number & 0xFFFF) for number, question in enumerate(asked)]
    found: list[str] = []
    with serving(NSD, show(zone.name), write_master(zone, SERIAL), folder) as port:
        theirs = ask(port, packets, tcp=True)
    for question, packet, octets in zip(asked, packets, theirs, strict=True):
        mine = ours.send(packet, transport=TCP)
        assert isinstance(mine, bytes)
        case = _case(question, read(mine), read(octets), facts)
        found += [f"{question}: {each}" for each in unexplained(case, EXPLANATIONS)]
    return len(asked), found


def _case(question: Question, ours: Reply, theirs: Reply, facts: Facts) -> Case:
    return Case(
        peer="nsd",
        question=question,
        ours=ours,
        others={"nsd": theirs},
        our_whole=ours,
        their_whole=theirs,
        zone=facts,
    )


def test_a_zone_with_many_corners_is_answered_as_nsd_does(tmp_path: Path) -> None:
    asked, found = judged(parse_master(master().encode(), "corners.zone", NAME), tmp_path)
    assert not found, "\n".join(found[:20])
    assert asked == COUNT


def test_the_example_zones_give_nsd_s_static_answers(tmp_path: Path) -> None:
    zones = example_zones()
    for number, zone in enumerate(zones):
        _, found = judged(zone, tmp_path / str(number))
        assert not found, "\n".join(found[:20])
    assert len(zones) > 1


def test_an_exported_zone_is_read_back_as_it_was() -> None:
    zone = parse_master(master().encode(), "corners.zone", NAME)
    again = parse_master(write_master(zone, SERIAL).encode(), "again", NAME)
    assert (again.name, again.soa) == (zone.name, zone.soa)
    assert sorted(again.rrsets, key=repr) == sorted(zone.rrsets, key=repr)
