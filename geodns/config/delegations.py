"""Delegations that could not be answered: with more servers and glue than a message holds, or at a wildcard."""

from collections.abc import Callable, Iterator

from geodns.config.problem import Problem
from geodns.config.rdata import ADDRESSES, NS
from geodns.model.name import Name, is_below, is_wildcard, lower, show, show_in
from geodns.model.source import Source
from geodns.model.zone import RRset, Zone

MOST_OCTETS = 64_000  # of one record set, or delegation, so that a message of 65,535 octets holds it with its question
_FIXED = 10  # octets of a record beside its names and data
_FEW = 50  # servers that always fit with the glue that they mostly have


def misplaced_delegations(zone: Zone, place_of: Callable[[Name], Source]) -> Iterator[Problem]:
    """`place_of` says where an owner's records were written."""
    for rrset in zone.rrsets:
        if rrset.rtype != NS or rrset.owner == zone.name:
            continue
        if is_wildcard(rrset.owner):
            yield Problem(place_of(rrset.owner), _of_wildcard(show_in(rrset.owner, zone.name)))
        elif len(rrset.rdatas) > _FEW:
            yield from _of_size(zone, rrset, place_of)


def _of_wildcard(name: str) -> str:
    return (
        f"'{name}' is a wildcard with NS, of which nobody knows what it delegates (RFC 4592 §4.2); delegate names one"
        " by one"
    )


def _of_size(zone: Zone, ns: RRset, place_of: Callable[[Name], Source]) -> Iterator[Problem]:
    servers = {Name(lower(rdata)) for rdata in ns.rdatas}
    glue = [
        each
        for each in zone.rrsets
        if each.rtype in ADDRESSES and each.owner in servers and is_below(each.owner, ns.owner)
    ]
    size = sum(map(_size, (ns, *glue)))
    if size > MOST_OCTETS:
        what = f"the delegation of {show(ns.owner)} takes {size} octets with its glue"
        yield Problem(place_of(ns.owner), f"{what}; at most {MOST_OCTETS} fit a DNS message: give it fewer servers")


def _size(rrset: RRset) -> int:
    return sum(len(rrset.owner) + _FIXED + len(rdata) for rdata in rrset.rdatas)
