"""A question → the policy or the records that answer it, or what the zone says without (RFC 1034 §4.3.2). Pure.

It says what the table would. A zone's own tests ask few questions, so a zone is looked through once for all of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from geodns.config.aliases import alias_policies
from geodns.config.rdata import ADDRESSES, CNAME, DNAME, DS, NS, SOA
from geodns.model.name import MAX_NAME, Name, ancestors, is_below, lower
from geodns.model.zone import RRset, Zone

MAX_CHAIN = 8  # aliases that are followed, as in answer/terms.py
_OF_CUTS = frozenset((NS, DS))  # what a zone says of one that it delegates: in a referral, and RFC 4035 §3.1.4.1


class Saying(Enum):
    """What comes without records that were asked for, as a failed test tells it."""

    OUTSIDE = "REFUSED"
    MISSING = "NXDOMAIN"
    NOTHING = "NODATA"
    SOA = "NOERROR (the SOA)"
    ALIAS = "NOERROR (an alias that leads out of the zone)"
    REFERRAL = "NOERROR (a referral)"
    TOO_LONG = "YXDOMAIN"

    def fits(self, wanted: str) -> bool:
        """NODATA is NOERROR too, without an answer."""
        if wanted == "NOERROR":
            return self not in (Saying.OUTSIDE, Saying.MISSING, Saying.TOO_LONG)
        return wanted == self.value


@dataclass(frozen=True, slots=True)
class Drawn:
    """A policy answers. `service`: with these records, into which it puts its addresses as hints."""

    policy: str
    service: RRset | None = None


Found = Drawn | RRset | Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """`served`: the names of all zones; what another one of them answers is that one's."""

    zone: Zone
    names: frozenset[Name]
    rrsets: Mapping[Name, Mapping[int, RRset]]  # of each owner, by type
    below: frozenset[Name]
    served: frozenset[Name]
    aliases: frozenset[str]  # policies that answer some clients with a CNAME, whatever the type

    def resolve(self, owner: Name, rtype: int) -> Found:
        """What answers. Aliases are followed as far as the table follows them."""
        if self.other_zone(owner, rtype) is not None:
            return Saying.OUTSIDE
        met: set[Name] = set()
        while owner not in met and len(met) <= MAX_CHAIN and not (met and self._leads_out(owner)):
            found = self._find(owner)
            if found is Saying.REFERRAL and rtype in _OF_CUTS and self._is_cut(owner):
                return self.rrsets[owner].get(rtype, Saying.NOTHING)
            if isinstance(found, Saying):
                return found
            met.add(owner)
            here = self.rrsets.get(found, {})
            if DNAME in here and found != owner:
                dname, before = here[DNAME], owner
                owner = Name(owner[: len(owner) - len(found)] + lower(dname.rdatas[0]))
                if len(owner) > MAX_NAME:
                    return Saying.TOO_LONG
                if rtype == CNAME:  # which is made for those who know no DNAME (RFC 6672 §3.1)
                    return RRset(before, CNAME, dname.ttl, (owner,))
            elif CNAME in here and rtype != CNAME:
                owner = Name(lower(here[CNAME].rdatas[0]))
            else:
                return self._held(found, rtype)
        return Saying.ALIAS

    def _held(self, owner: Name, rtype: int) -> Found:
        """What the owner, which leads nowhere else, has of the type."""
        rrset, policy = self.rrsets.get(owner, {}).get(rtype), self.zone.steered.get(owner)
        if rrset is not None and policy is not None and rrset.service is not None:
            return Drawn(policy, rrset)
        if policy is not None and (rtype in ADDRESSES or policy in self.aliases):
            return Drawn(policy)
        if rtype == SOA and owner == self.zone.name:
            return Saying.SOA
        return rrset or Saying.NOTHING

    def other_zone(self, owner: Name, rtype: int) -> Name | None:
        """The other zone of ours that answers: the deepest that the name lies in; None where this one does.

        For DS at a zone's own name it is the one above, where that delegates it (RFC 4035 §3.1.4.1).
        """
        is_parents = rtype == DS and (owner == self.zone.name or self._is_cut(owner))
        around = [zone for zone in self.served if is_below(owner, zone) and not (is_parents and owner == zone)]
        deepest = max(around, key=len, default=self.zone.name)
        return None if deepest == self.zone.name else deepest

    def _leads_out(self, owner: Name) -> bool:
        return not is_below(owner, self.zone.name) or any(is_below(owner, child) for child in self.below)

    def _find(self, owner: Name) -> Name | Saying:
        """The owner of what answers: the name itself, a wildcard, or a name above it with a DNAME."""
        if not is_below(owner, self.zone.name):
            return Saying.OUTSIDE
        if any(self._is_cut(above) for above in (owner, *ancestors(owner))):
            return Saying.REFERRAL
        if owner in self.names:
            return owner
        encloser = next(above for above in ancestors(owner) if above in self.names)
        if DNAME in self.rrsets.get(encloser, {}):
            return encloser
        wildcard = Name(b"\1*" + encloser)
        return wildcard if wildcard in self.names else Saying.MISSING

    def _is_cut(self, name: Name) -> bool:
        return name != self.zone.name and NS in self.rrsets.get(name, {})


def resolver_for(zone: Zone, served: Collection[Name] = ()) -> Resolver:
    rrsets: dict[Name, dict[int, RRset]] = {}
    for rrset in zone.rrsets:
        rrsets.setdefault(rrset.owner, {})[rrset.rtype] = rrset
    below = frozenset(other for other in served if other != zone.name and is_below(other, zone.name))
    names = zone.names() | {above for child in below for above in _up_to(child, zone.name)}
    return Resolver(
        zone=zone,
        names=names,
        rrsets=rrsets,
        below=below,
        served=frozenset({*served, zone.name}),
        aliases=frozenset(alias_policies(zone)),
    )


def _up_to(child: Name, apex: Name) -> Collection[Name]:
    """Names above a zone of ours exist, though this zone says nothing of them (RFC 4592 §2.2.2)."""
    return [above for above in ancestors(child) if is_below(above, apex)]
