"""Every way in which geodns answers otherwise than BIND, Knot or NSD: what exactly differs, and why that is right.

An explanation returns the differences that it accounts for, and none at all where the case is not exactly the one that
it tells of. docs/conformance.md shows the table; its docstrings are the reasons there.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import dns.name
from dns.rdatatype import ANY, CNAME, DNAME, NS, NSEC, RRSIG, SOA, RdataType

from tests.judge.cases import ALL, Case, Explanation, unexplained
from tests.judge.facts import leads_to, servers
from tests.judge.replies import Difference, Record

Explains = Callable[[Case], Iterable[Difference]]
EXPLANATIONS: list[Explanation] = []
_NONE: frozenset[Difference] = frozenset()


def explanation(name: str, source: str, peers: tuple[str, ...] = ALL) -> Callable[[Explains], Explains]:
    def register(explains: Explains) -> Explains:
        reason = " ".join((explains.__doc__ or "").split())
        EXPLANATIONS.append(Explanation(name=name, peers=peers, source=source, reason=reason, explains=explains))
        return explains

    return register


@explanation("CD goes back", "RFC 4035 §3", ("knot", "nsd"))
def _(case: Case) -> Iterable[Difference]:
    """The CD bit of the question is copied, as BIND does; Knot and NSD clear it. To an authority it means nothing."""
    return case.only("flag", ours=True) & {Difference("flag", True, "CD")}


@explanation("AD goes back with TC", "RFC 6840 §5.7", ("bind",))
def _(case: Case) -> Iterable[Difference]:
    """BIND leaves the question's AD bit in a reply that it has cut; the bit says that signatures were checked, which
    nobody has."""
    if not case.theirs.is_cut:
        return _NONE
    return case.only("flag", ours=False) & {Difference("flag", False, "AD")}


@explanation("extended errors", "RFC 8914 §2")
def _(case: Case) -> Iterable[Difference]:
    """An extended error explains a code and changes nothing; which server gives one, and when, is its own matter."""
    return case.both("edns") & {Difference("edns", ours, "EDE") for ours in (True, False)}


@explanation("what a cut reply holds", "RFC 2181 §9")
def _(case: Case) -> Iterable[Difference]:
    """A reply with TC is thrown away and asked for again by TCP, so geodns leaves it empty; others fill it."""
    if not case.ours.is_cut or case.ours.answer | case.ours.authority | case.ours.additional:
        return _NONE
    kept = {difference.item for difference in case.sections}
    whole = case.their_whole
    return case.sections if kept <= whole.answer | whole.authority | whole.additional else _NONE


@explanation("the code of a cut reply", "RFC 2181 §9")
def _(case: Case) -> Iterable[Difference]:
    """Where a chain of aliases has no room, geodns, and Knot too, may look no further, so that the code of the cut
    reply is NOERROR; by TCP it is that of the chain's end (RFC 6604 §3)."""
    is_early = any(side.is_cut and side.rcode == "NOERROR" for side in (case.ours, case.theirs))
    return case.both("rcode") if is_early and case.our_whole.rcode == case.their_whole.rcode else _NONE


@explanation("SOA that does not fit", "RFC 2308 §2.2", ("knot",))
def _(case: Case) -> Iterable[Difference]:
    """A denial has the SOA or TC; where the datagram is full of aliases, Knot leaves the SOA out without a word."""
    if case.question.tcp or case.theirs.is_cut or case.theirs.authority or not case.zone.denial(case.ours.authority):
        return _NONE
    (soa,) = case.ours.authority
    is_full = case.theirs.size + 12 + len(soa.rdata) > _limit(case)  # 12: a record with a pointer for its owner
    return case.both("authority") if is_full else _NONE


@explanation("glue that does not fit", "RFC 9471 §3.1", ("bind", "nsd"))
def _(case: Case) -> Iterable[Difference]:
    """Where glue below the cut does not fit, TC is set, as Knot does; BIND and NSD leave glue out without a word."""
    if case.theirs.is_cut or case.their_whole.additional <= case.theirs.additional:
        return _NONE
    return _cut_by_us(case) if servers(case.theirs.authority) else _NONE


@explanation("an alias's target in full", "RFC 1035 §4.1.4", ("bind", "knot", "nsd"))
def _(case: Case) -> Iterable[Difference]:
    """The target of a CNAME is not compressed, so that with names of some 200 octets a reply may be cut that others get
    into a datagram."""
    if case.theirs.is_cut or all(record.rtype != CNAME for record in case.our_whole.answer):
        return _NONE
    return _cut_by_us(case)


@explanation("cut by others", "RFC 2181 §9")
def _(case: Case) -> Iterable[Difference]:
    """Our reply fits into the datagram and lacks nothing, while the other server has cut its own, being longer."""
    if case.ours.is_cut or not case.theirs.is_cut or case.ours.size > _limit(case):
        return _NONE
    if (case.ours.answer, case.ours.authority) != (case.our_whole.answer, case.our_whole.authority):
        return _NONE
    return case.sections | {Difference("flag", False, "TC")}


@explanation("which set for ANY", "RFC 8482 §4.1", ALL)
def _(case: Case) -> Iterable[Difference]:
    """One record set is given, not always the same one; BIND gives all of them by TCP. What the others' sets lead to
    comes along as additional data."""
    if case.question.rtype != ANY or not case.ours.answer or not case.theirs.answer:
        return _NONE
    sets = case.zone.sets(case.question.name)
    if not all(_is_whole(side.answer, sets) for side in (case.ours, case.theirs)):
        return _NONE
    addresses = {difference for difference in case.both("additional") if _is_courtesy(difference.item, case)}
    return case.both("answer") | addresses


@explanation("what an answer leads to", "RFC 2181 §5.4.1")
def _(case: Case) -> Iterable[Difference]:
    """What MX, SRV, NS, SVCB and the like lead to is a courtesy, which each server extends to other types."""
    if "AA" not in case.ours.flags:
        return _NONE
    return {difference for difference in case.both("additional") if _is_courtesy(difference.item, case)}


@explanation("addresses of siblings", "RFC 9471 §3.2", ("bind",))
def _(case: Case) -> Iterable[Difference]:
    """A referral also has the addresses of servers that are not below the cut but in the zone, as Knot and NSD have it;
    BIND leaves out those that it can be asked for."""
    cuts = {record.owner for record in case.ours.authority if record.rtype == NS}
    return {
        difference
        for difference in case.only("additional", ours=True)
        if isinstance(difference.item, Record)
        and case.zone.is_told(difference.item)
        and difference.item.owner in servers(case.ours.authority)
        and not any(difference.item.owner.is_subdomain(cut) for cut in cuts)
    }


@explanation("how much of a loop", "RFC 1034 §3.6.2", ("knot", "nsd"))
def _(case: Case) -> Iterable[Difference]:
    """A chain of aliases that goes round has no end; geodns stops where it meets the circle, Knot and NSD go round it
    once, and say some records twice."""
    return case.both("answer", "answer twice") if _stops_at_circle(case) else _NONE


@explanation("SERVFAIL for a loop", "RFC 1034 §3.6.2", ("bind",))
def _(case: Case) -> Iterable[Difference]:
    """BIND gives aliases that go round with the code SERVFAIL; geodns, as Knot and NSD, says what the zone has."""
    if (case.ours.rcode, case.theirs.rcode) != ("NOERROR", "SERVFAIL") or not _stops_at_circle(case):
        return _NONE
    return case.both("rcode", "answer", "answer twice")


@explanation("NSEC and RRSIG of an alias", "RFC 1034 §4.3.2", ("bind", "knot"))
def _(case: Case) -> Iterable[Difference]:
    """An alias is followed for every type but CNAME and ANY, as NSD does. BIND and Knot say that there is no such
    record, for in signed zones those two stand beside a CNAME (RFC 4035 §2.5). No resolver asks for them."""
    if case.question.rtype not in (NSEC, RRSIG) or case.theirs.rcode != "NOERROR":
        return _NONE
    more = case.ours.answer - case.theirs.answer
    if all(record.rtype != CNAME for record in more) or not case.theirs.answer <= case.ours.answer:
        return _NONE
    agreed = case.zone.denial(case.theirs.authority) and _agrees(case, "nsd")
    return case.sections | case.both("rcode") if agreed else _NONE


@explanation("ANY below a DNAME", "RFC 6672 §3.2", ("bind",))
def _(case: Case) -> Iterable[Difference]:
    """BIND answers ANY with the DNAME and the CNAME that comes of it; geodns goes on from there, as for any type and as
    Knot and NSD do."""
    theirs = case.their_whole
    if case.question.rtype != ANY or not theirs.answer <= case.our_whole.answer or not _are_aliases(theirs.answer):
        return _NONE
    if theirs.rcode != "NOERROR" or theirs.authority or all(record.rtype != DNAME for record in theirs.answer):
        return _NONE
    return case.sections | case.both("rcode") if _agrees(case, "knot") or _agrees(case, "nsd") else _NONE


@explanation("SOA beside YXDOMAIN of a DNAME", "RFC 6672 §2.2", ("knot",))
def _(case: Case) -> Iterable[Difference]:
    """Where a DNAME would make a name too long, Knot adds the SOA, as to a denial; the code says it all."""
    if (case.ours.rcode, case.theirs.rcode) != ("YXDOMAIN", "YXDOMAIN") or case.ours.authority:
        return _NONE
    return case.both("authority") if case.zone.denial(case.theirs.authority) else _NONE


def _agrees(case: Case, peer: str) -> bool:
    """Another server says what we say, but for what is explained of that one."""
    return not unexplained(replace(case, peer=peer), EXPLANATIONS)


def _limit(case: Case) -> int:
    """Octets of the largest datagram that may come back: 512 without EDNS, and never more than 1232."""
    return 512 if case.question.size is None else min(1232, max(512, case.question.size))


def _cut_by_us(case: Case) -> frozenset[Difference]:
    """TC, and rightly so: the whole reply is longer than the datagram may be."""
    if case.question.tcp or not case.ours.is_cut or case.our_whole.size <= _limit(case):
        return _NONE
    return case.only("flag", ours=True) & {Difference("flag", True, "TC")}


def _is_whole(answer: Iterable[Record], sets: Mapping[RdataType, set[bytes]]) -> bool:
    """Nothing but whole record sets of the name."""
    given: dict[RdataType, set[bytes]] = {}
    for record in answer:
        given.setdefault(record.rtype, set()).add(record.rdata)
    return all(rtype == SOA or sets.get(rtype) == rdatas for rtype, rdatas in given.items())


def _is_courtesy(item: object, case: Case) -> bool:
    assert isinstance(item, Record)
    return case.zone.is_told(item) and item.owner in set(leads_to(case.ours.answer | case.theirs.answer))


def _stops_at_circle(case: Case) -> bool:
    """Theirs are aliases that go round, and ours the first of them."""
    aliases = {record.owner: record for record in case.theirs.answer if record.rtype == CNAME}
    chain: list[dns.name.Name] = []
    name = case.question.name
    while name in aliases and name not in chain:
        chain.append(name)
        name = next(leads_to([aliases[name]]))
    said = {record.owner for record in case.ours.answer if record.rtype == CNAME}
    if name not in chain or set(chain) != aliases.keys() or not _are_aliases(case.theirs.answer):
        return False
    return bool(said) and said == set(chain[: len(said)]) and case.ours.answer <= case.theirs.answer


def _are_aliases(answer: Iterable[Record]) -> bool:
    return all(record.rtype in (CNAME, DNAME) for record in answer)
