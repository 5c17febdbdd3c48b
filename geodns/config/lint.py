"""What can only be seen of the zone as a whole: records that fit no message, and warnings of what was hardly meant."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from geodns.config.aliases import alias_policies, misplaced
from geodns.config.coverage import unreachable
from geodns.config.delegations import MOST_OCTETS, misplaced_delegations
from geodns.config.dnames import misplaced_dnames
from geodns.config.problem import Problem
from geodns.config.rdata import AAAA, CNAME, MX, NS, SIGNATURES, A, show_type
from geodns.model.name import Name, ancestors, is_below, lower, show
from geodns.model.pool import ADDRESS_FAMILIES, Family, Pool, PoolName
from geodns.model.service import SERVICES
from geodns.model.source import Source
from geodns.model.zone import RRset, Zone


def lint(
    zone: Zone, place_of: Callable[[Name], Source], countries: Mapping[str, str] = MappingProxyType({})
) -> list[Problem]:
    """`place_of` says where an owner's records were written; `countries` on which continent each is."""
    return [
        *_too_large(zone, place_of),
        *misplaced(zone, place_of),
        *misplaced_dnames(zone, place_of),
        *misplaced_delegations(zone, place_of),
        *_not_outside(zone),
        *_warnings(zone, place_of, countries),
    ]


def _too_large(zone: Zone, place_of: Callable[[Name], Source]) -> Iterator[Problem]:
    signatures: Counter[Name] = Counter()  # octets of those that are asked for together
    for rrset in zone.rrsets:
        size = sum(12 + len(rdata) for rdata in rrset.rdatas)
        if rrset.rtype in SIGNATURES:
            signatures[rrset.owner] += size
            size = signatures[rrset.owner]
        if size > MOST_OCTETS:
            what = f"the {show_type(rrset.rtype)} records of {show(rrset.owner)} take {size} octets"
            yield Problem(place_of(rrset.owner), f"{what}; at most {MOST_OCTETS} fit a DNS message: give it fewer")


def _not_outside(zone: Zone) -> Iterator[Problem]:
    """Whose addresses a member has must be for others to say: here it could have no more than what stands here."""
    cuts = {rrset.owner for rrset in zone.rrsets if rrset.rtype == NS and rrset.owner != zone.name}
    for member in (member for pool in zone.pools.values() for member in pool.members):
        target = member.outside
        if target is None or not is_below(target, zone.name):
            continue
        if cuts.isdisjoint((target, *ancestors(target))):
            message = f"member '{member.name}' has the ALIAS {show(target)}, which is in this zone"
            yield Problem(member.source, f"{message}; give it the addresses, or name the pools of that name's policy")


def _warnings(zone: Zone, place_of: Callable[[Name], Source], countries: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(source, message, is_warning=True)
        for source, message in (
            *_servers(zone, place_of),
            *_targets(zone, place_of),
            *_modes(zone, place_of),
            *_families(zone),
            *_prefixes(zone),
            *_silent(zone),
            *_groups(zone),
            *_unreachable(zone, countries),
            *_unjudged(zone),
            *_unused(zone),
        )
    ]


Warnings = Iterator[tuple[Source, str]]


def _servers(zone: Zone, place_of: Callable[[Name], Source]) -> Warnings:
    servers = sum(len(rrset.rdatas) for rrset in zone.rrsets if rrset.owner == zone.name and rrset.rtype == NS)
    if servers == 1:
        yield place_of(zone.name), f"{zone} has one name server; two or more survive the loss of one (RFC 1034 §4.1)"


def _targets(zone: Zone, place_of: Callable[[Name], Source]) -> Warnings:
    """NS and MX records lead to names; those inside the zone have to exist."""
    if not any(rrset.rtype in (NS, MX) for rrset in zone.rrsets):
        return
    types = _types_by_owner(zone)
    cuts = frozenset(rrset.owner for rrset in zone.rrsets if rrset.rtype == NS and rrset.owner != zone.name)
    for rrset in zone.rrsets:
        for target in _targets_of(rrset):
            trouble = _trouble(zone, types, cuts, rrset, target)
            if trouble is not None:
                message = f"the {show_type(rrset.rtype)} of {show(rrset.owner)} leads to {show(target)}, {trouble}"
                yield place_of(rrset.owner), message


def _targets_of(rrset: RRset) -> tuple[Name, ...]:
    if rrset.rtype == NS:
        return tuple(Name(lower(rdata)) for rdata in rrset.rdatas)
    if rrset.rtype == MX:  # two octets of preference come first; `.` takes no mail (RFC 7505)
        return tuple(Name(lower(rdata[2:])) for rdata in rrset.rdatas if rdata[2:] != b"\0")
    return ()


def _trouble(zone: Zone, types: dict[Name, set[int]], cuts: frozenset[Name], rrset: RRset, target: Name) -> str | None:
    if not is_below(target, zone.name):
        return None
    # A name below somebody else's delegation is that zone's business, unless this delegation needs it as glue.
    above = [cut for cut in (target, *ancestors(target)) if cut in cuts]
    if above and not (rrset.rtype == NS and rrset.owner in above):
        return None
    wildcards = (Name(b"\1*" + name) for name in ancestors(target))
    held = types.get(target) or next((types[name] for name in wildcards if name in types), set())
    if CNAME in held:
        return "which is an alias; name the host itself (RFC 2181 §10.3)"
    return None if held & {A, AAAA} else "which has no address records"


def _modes(zone: Zone, place_of: Callable[[Name], Source]) -> Warnings:
    """A record of priority 0 is an alias, and clients that find one look at no others (RFC 9460 §2.4.1)."""
    for rrset in zone.rrsets:
        if rrset.rtype in SERVICES and len({rdata[:2] == b"\0\0" for rdata in rrset.rdatas}) > 1:
            what = f"of the {show_type(rrset.rtype)} records of {show(rrset.owner)}, one is an alias (priority 0)"
            yield place_of(rrset.owner), f"{what}, so clients ignore the others (RFC 9460 §2.4.1)"


def _types_by_owner(zone: Zone) -> dict[Name, set[int]]:
    leading = alias_policies(zone)
    types: dict[Name, set[int]] = {
        owner: {CNAME} if policy in leading else {A, AAAA} for owner, policy in zone.steered.items()
    }
    for rrset in zone.rrsets:
        types.setdefault(rrset.owner, set()).add(rrset.rtype)
    return types


def _families(zone: Zone) -> Warnings:
    """Of names outside nobody knows here what they have."""
    for policy in zone.policies.values():
        pools = [zone.pools[name] for name in policy.pools() if not _leads_outside(zone.pools[name])]
        first = next(iter(pools), None)
        other = next((pool for pool in pools if first is not None and _families_of(pool) != _families_of(first)), None)
        if first is not None and other is not None:
            message = (
                f"policy '{policy.name}': pool '{first.name}' has {_shown(first)}, but '{other.name}' {_shown(other)};"
                " a resolver that remembers 'no such address' from one tells it to clients of the other"
            )
            yield policy.source, message


def _leads_outside(pool: Pool) -> bool:
    return any(member.outside is not None for leaf in pool.leaves() for member in leaf.members)


def _prefixes(zone: Zone) -> Warnings:
    """Those of `sticky` are for pools that choose by it."""
    for policy in zone.policies.values():
        selections = [zone.pools[name].select or policy.select for name in policy.pools()]
        if policy.sticky is not None and "sticky" not in selections:
            message = (
                f"policy '{policy.name}' has prefixes for sticky, but chooses by {policy.select}; say select: sticky"
            )
            yield policy.source, message


def _silent(zone: Zone) -> Warnings:
    """`least_load` goes by reports, and the only ones left are those that come over the API."""
    chosen = {
        leaf.name: leaf
        for policy in zone.policies.values()
        for name in policy.pools()
        for leaf in zone.pools[name].leaves()
        if (zone.pools[name].select or policy.select) == "least_load"
    }
    for pool in chosen.values():
        if pool.check is None or not pool.check.tells_load:
            reports = f"check '{pool.check.name}' reports none" if pool.check else "it has no check"
            message = f"pool '{pool.name}' is to share by load, but {reports}: unless loads are sent over the API, "
            yield pool.source, f"{message}least_load is weighted"


def _groups(zone: Zone) -> Warnings:
    """They matter where an answer holds several addresses, and not all that there are."""
    used: dict[PoolName, bool] = {}  # whether anything that uses the pool looks at groups
    for policy in zone.policies.values():
        for pool in (zone.pools[name] for name in policy.pools()):
            chosen = policy.select if policy.select_is_final else pool.select or policy.select
            for leaf in pool.leaves():
                used[leaf.name] = used.get(leaf.name, False) or (policy.answers > 1 and chosen != "all")
    for name in (name for name, has_effect in used.items() if not has_effect):
        source = next((member.source for member in zone.pools[name].members if member.group is not None), None)
        if source is not None:
            message = (
                f"the groups of pool '{name}' have no effect: no policy or record takes several addresses of it"
                " without taking all; say answers: 2 there"
            )
            yield source, message


def _shown(pool: Pool) -> str:
    types = " and ".join(family.rtype for family in _families_of(pool))
    return f"a CNAME for {types}" if Family.ALIAS in pool.families() else types


def _families_of(pool: Pool) -> tuple[Family, ...]:
    return tuple(family for family in ADDRESS_FAMILIES if family in pool.families())


def _unreachable(zone: Zone, countries: Mapping[str, str]) -> Warnings:
    for policy in zone.policies.values():
        yield from unreachable(policy, countries)


def _unjudged(zone: Zone) -> Warnings:
    """Slow start and hold-down follow a failure, and what is not checked has none."""
    for pool in zone.pools.values():
        keys = [key for key, seconds in (("slow_start", pool.slow_start), ("hold_down", pool.hold_down)) if seconds]
        if keys and all(leaf.check is None for leaf in pool.leaves()):
            yield pool.source, f"pool '{pool.name}' has no check, so it never fails and {keys[0]} does nothing"


def _unused(zone: Zone) -> Warnings:
    used_policies = {each.name for name in set(zone.steered.values()) for each in zone.policies[name].within()}
    named = {name for policy in zone.policies.values() for name in policy.pools()}
    used_pools = {pool.name for name in named for pool in zone.pools[name].within()}
    used_checks = {pool.check.name for pool in zone.pools.values() if pool.check is not None}
    used_schedules = {schedule.name for pool in zone.pools.values() for schedule in pool.schedules()}
    for schedule in zone.schedules.values():
        if schedule.name not in used_schedules:
            yield schedule.source, f"no pool or member uses the schedule '{schedule.name}'"
    for check in zone.checks.values():
        if check.name not in used_checks:
            yield check.source, f"no pool uses the check '{check.name}'"
    for pool in zone.pools.values():
        if pool.name not in used_pools:
            yield pool.source, f"no policy or record uses the pool '{pool.name}'"
    for policy in zone.policies.values():
        if policy.name not in used_policies:
            yield policy.source, f"no record uses the policy '{policy.name}'"
