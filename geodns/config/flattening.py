"""`ALIAS:` of names → what they have of the names that they lead to: addresses only, so it may stand at '@' (where a
CNAME may not, RFC 1034 §3.6.2), beside MX, TXT and others.

An ALIAS is followed inside the zone, through CNAMEs, wildcards and other ALIASes, when the zone is read:

1. to a name with a policy or pool: the same policy answers here, from the same plans;
2. to a name with addresses: they are copied, with the least TTL on the way;
3. to a name outside, or in what is delegated: a policy of its own, whose one member has that name's addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from geodns.config.rdata import ADDRESSES, CNAME, NS
from geodns.config.tree import Mark
from geodns.model.name import Name, ancestors, is_below, lower, show
from geodns.model.zone import RRset

MOST_LINKS = 8  # as CNAMEs are followed in answers


class LeadsNowhere(ValueError):
    """The ALIAS cannot be followed; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Alias:
    """As it was written. `mark`: of the target. `ttl`: the name's."""

    target: Name
    ttl: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Steered:
    policy: str


@dataclass(frozen=True, slots=True)
class Copied:
    """`rrsets` are still those of the name that has them."""

    rrsets: tuple[RRset, ...]
    ttl: int


@dataclass(frozen=True, slots=True)
class Outside:
    target: Name
    ttl: int


Found = Steered | Copied | Outside


class Follower:
    """Of one zone's names."""

    def __init__(
        self, origin: Name, rrsets: list[RRset], steered: Mapping[Name, str], aliases: Mapping[Name, Alias]
    ) -> None:
        self._origin = origin
        self._steered = steered
        self._aliases = aliases
        self._rrsets: dict[Name, dict[int, RRset]] = {}
        for rrset in rrsets:
            self._rrsets.setdefault(rrset.owner, {})[rrset.rtype] = rrset
        owners = {origin, *self._rrsets, *steered, *aliases}
        self._names = owners | {above for owner in owners for above in ancestors(owner) if is_below(above, origin)}

    def follow(self, owner: Name) -> Found:
        """What an ALIAS comes to. Raises LeadsNowhere."""
        alias = self._aliases[owner]
        name, ttl = alias.target, alias.ttl
        passed = [owner]
        while True:
            if not is_below(name, self._origin) or self._is_delegated(name):
                return Outside(name, ttl)
            if name in passed or len(passed) > MOST_LINKS:
                raise LeadsNowhere(_circle(passed, name))
            passed.append(name)
            held = self._holder(name)
            here = self._rrsets.get(held, {})
            if held in self._steered:
                return Steered(self._steered[held])
            if held in self._aliases:
                name, ttl = self._aliases[held].target, min(ttl, self._aliases[held].ttl)
            elif CNAME in here:
                name, ttl = Name(lower(here[CNAME].rdatas[0])), min(ttl, here[CNAME].ttl)
            elif found := tuple(here[rtype] for rtype in sorted(ADDRESSES) if rtype in here):
                return Copied(found, ttl)
            else:
                raise LeadsNowhere(f"{show(name)} has no addresses; name one that has, or a policy with 'policy'")

    def _holder(self, name: Name) -> Name:
        """The owner of what the name has: itself, or a wildcard (RFC 4592 §3.3.1)."""
        if name in self._names:
            return name
        encloser = next(above for above in ancestors(name) if above in self._names)
        wildcard = Name(b"\1*" + encloser)
        if wildcard not in self._names:
            way_out = "add it, or end the name with a dot if it is a whole one"
            raise LeadsNowhere(f"{show(name)} is not in the zone; {way_out}")
        return wildcard

    def _is_delegated(self, name: Name) -> bool:
        around = (each for each in (name, *ancestors(name)) if each != self._origin)
        return any(NS in self._rrsets.get(each, {}) for each in around if is_below(each, self._origin))


def _circle(passed: list[Name], name: Name) -> str:
    if name not in passed:
        return f"it leads through more than {MOST_LINKS} names; name the last of them, {show(name)}"
    return f"it leads to itself: {' → '.join(map(show, [*passed[passed.index(name) :], name]))}"
