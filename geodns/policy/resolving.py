"""A question → the policy that answers it, or what the zone says without one (RFC 1034 §4.3.2). Pure.

It says what the table would. A zone's own tests ask few questions, so a zone is looked through once for all of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from geodns.config.rdata import CNAME, DNAME, NS
from geodns.model.name import MAX_NAME, Name, ancestors, is_below, lower
from geodns.model.zone import Zone

MAX_CHAIN = 8  # aliases that are followed, as in answer/terms.py


class Saying(Enum):
    """What comes without a policy, as a failed test tells it."""

    OUTSIDE = "REFUSED"
    MISSING = "NXDOMAIN"
    NOTHING = "NODATA"
    RECORDS = "NOERROR (records of its own)"
    ALIAS = "NOERROR (an alias that leads out of the zone)"
    REFERRAL = "NOERROR (a referral)"
    TOO_LONG = "YXDOMAIN"

    def fits(self, wanted: str) -> bool:
        """NODATA is NOERROR too, without an answer."""
        if wanted == "NOERROR":
            return self not in (Saying.OUTSIDE, Saying.MISSING, Saying.TOO_LONG)
        return wanted == self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """`served`: the names of all zones; what a deeper one of them holds is that one's."""

    zone: Zone
    names: frozenset[Name]
    types: Mapping[Name, Mapping[int, bytes]]  # of each owner, with the first record
    below: frozenset[Name]
    served: frozenset[Name]

    def resolve(self, owner: Name, rtype: int) -> str | Saying:
        """The policy's name, or a saying. Aliases are followed as far as the table follows them."""
        if self.child_of(owner) is not None:
            return Saying.OUTSIDE
        met: set[Name] = set()
        while owner not in met and len(met) <= MAX_CHAIN and not (met and self._leads_out(owner)):
            found = self._find(owner)
            if isinstance(found, Saying):
                return found
            met.add(owner)
            records = self.types.get(found, {})
            if DNAME in records and found != owner:
                owner = Name(owner[: len(owner) - len(found)] + lower(records[DNAME]))
                if len(owner) > MAX_NAME:
                    return Saying.TOO_LONG
            elif found in self.zone.steered:
                return self.zone.steered[found]
            elif CNAME in records:
                owner = Name(lower(records[CNAME]))
            else:
                return Saying.RECORDS if rtype in records else Saying.NOTHING
        return Saying.ALIAS

    def child_of(self, owner: Name) -> Name | None:
        """The other zone of ours that answers for the name: the deepest that it lies in; None where this one does."""
        around = [zone for zone in self.served if is_below(owner, zone)]
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
        if DNAME in self.types.get(encloser, {}):
            return encloser
        wildcard = Name(b"\1*" + encloser)
        return wildcard if wildcard in self.names else Saying.MISSING

    def _is_cut(self, name: Name) -> bool:
        return name != self.zone.name and NS in self.types.get(name, {})


def resolver_for(zone: Zone, served: Collection[Name] = ()) -> Resolver:
    types: dict[Name, dict[int, bytes]] = {}
    for rrset in zone.rrsets:
        types.setdefault(rrset.owner, {})[rrset.rtype] = rrset.rdatas[0]
    below = frozenset(other for other in served if other != zone.name and is_below(other, zone.name))
    names = zone.names() | {above for child in below for above in _up_to(child, zone.name)}
    return Resolver(zone=zone, names=names, types=types, below=below, served=frozenset({*served, zone.name}))


def _up_to(child: Name, apex: Name) -> Collection[Name]:
    """Names above a zone of ours exist, though this zone says nothing of them (RFC 4592 §2.2.2)."""
    return [above for above in ancestors(child) if is_below(above, apex)]
