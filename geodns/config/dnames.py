"""What stands beside and below a DNAME: nothing below, no CNAME, no delegation (RFC 6672 §2.3, §2.4)."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from geodns.config.problem import Problem
from geodns.config.rdata import DNAME, NS
from geodns.model.name import Name, ancestors, is_below, is_wildcard, lower, show, show_in
from geodns.model.source import Source
from geodns.model.zone import Zone


def misplaced_dnames(zone: Zone, place_of: Callable[[Name], Source]) -> Iterator[Problem]:
    """`place_of` says where an owner's records were written. CNAMEs stand alone, whatever else is there."""
    targets = _targets(zone)
    if not targets:
        return
    delegated = {rrset.owner for rrset in zone.rrsets if rrset.rtype == NS and rrset.owner != zone.name}
    for owner, target in targets.items():
        if is_wildcard(owner):
            yield Problem(place_of(owner), _of_wildcard(show_in(owner, zone.name)))
        elif owner in delegated:
            yield Problem(place_of(owner), _of_delegation(show_in(owner, zone.name)))
        elif is_below(target, owner):
            yield Problem(place_of(owner), _of_circle(show(owner), show(target)), is_warning=True)
    for name in dict.fromkeys([*(rrset.owner for rrset in zone.rrsets), *zone.steered]):
        above = _dname_above(name, targets)
        if above is not None:
            yield Problem(place_of(name), _of_occluded(zone, name, above, targets[above]))


def _targets(zone: Zone) -> dict[Name, Name]:
    return {rrset.owner: Name(lower(rrset.rdatas[0])) for rrset in zone.rrsets if rrset.rtype == DNAME}


def _dname_above(name: Name, targets: Mapping[Name, Name]) -> Name | None:
    return next((above for above in ancestors(name) if above in targets), None)


def _of_wildcard(name: str) -> str:
    return (
        f"'{name}' is a wildcard with a DNAME, of which servers make different things (RFC 6672 §3.3); give the DNAME"
        " to the name above it, which redirects all that is below"
    )


def _of_delegation(name: str) -> str:
    return f"'{name}' is delegated by its NS, so its DNAME would never be answered; remove one of the two"


def _of_circle(owner: str, target: str) -> str:
    return f"the DNAME of {owner} leads to {target}, where it leads on again: names below it come to no end"


def _of_occluded(zone: Zone, name: Name, above: Name, target: Name) -> str:
    owner = show_in(above, zone.name)
    return (
        f"'{show_in(name, zone.name)}' is below '{owner}', whose DNAME leads all names there to {show(target)}, so it"
        " would never be answered (RFC 6672 §2.4); move it there, or remove one of the two"
    )


def zones_below_dnames(zones: Sequence[Zone]) -> Iterator[Problem]:
    """A zone of ours answers for itself, but clients whose resolver has met the DNAME go elsewhere."""
    targets = {owner: zone for zone in zones for owner in _targets(zone)}
    for zone in zones:
        above = next((each for each in ancestors(zone.name) if each in targets), None)
        if above is not None:
            message = (
                f"the zone {zone} lies below {show(above)}, whose DNAME leads all names there elsewhere"
                f" ({targets[above].source.file}); remove one of the two (RFC 6672 §2.4)"
            )
            yield Problem(zone.source, message, is_warning=True)
