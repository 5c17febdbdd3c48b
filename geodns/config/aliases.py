"""What names may hold whose policy answers with a CNAME: nothing else, for a CNAME stands alone (RFC 1034 §3.6.2)."""

from collections.abc import Callable, Iterable, Iterator

from geodns.config.problem import Problem
from geodns.model.name import Name, is_below, show, show_in
from geodns.model.policy import Policy
from geodns.model.pool import Family, PoolName
from geodns.model.source import Source
from geodns.model.zone import Zone


def alias_policies(zone: Zone) -> dict[str, PoolName]:
    """Policies that may answer with a CNAME → the first of their pools that does."""
    pools = {name for name, pool in zone.pools.items() if Family.ALIAS in pool.families()}
    found = ((name, _first_of(policy, pools)) for name, policy in zone.policies.items())
    return {name: pool for name, pool in found if pool is not None}


def _first_of(policy: Policy, wanted: set[PoolName]) -> PoolName | None:
    return next((name for name in policy.pools() if name in wanted), None)


def misplaced(zone: Zone, place_of: Callable[[Name], Source]) -> Iterator[Problem]:
    """`place_of` says where an owner's records were written."""
    leading = alias_policies(zone)
    if not leading:
        return
    owners = {rrset.owner for rrset in zone.rrsets}
    for owner, policy in zone.steered.items():
        if policy in leading:
            trouble = _trouble(zone, owner, leading[policy], has_records=owner in owners)
            if trouble is not None:
                yield Problem(place_of(owner), trouble)
    yield from _circles(zone, leading)


def _trouble(zone: Zone, owner: Name, pool: PoolName, *, has_records: bool) -> str | None:
    name = show_in(owner, zone.name)
    if owner == zone.name:
        return (
            f"the zone's own name cannot be a CNAME, as pool '{pool}' would have it: it has SOA and NS"
            " (RFC 1034 §3.6.2); give it pools with addresses, and the CNAME to a name such as www"
        )
    if has_records:
        return (
            f"'{name}' has records of its own, and a CNAME for clients of pool '{pool}'; a CNAME stands alone"
            " (RFC 1034 §3.6.2): move the records to another name, or give the pool addresses"
        )
    return None


def _circles(zone: Zone, leading: Iterable[str]) -> Iterator[Problem]:
    """A target that the same policy answers for would get the same CNAME again. Each member is told of once."""
    names = zone.names()
    told: set[tuple[PoolName, str]] = set()
    for policy in leading:
        leaves = (leaf for name in zone.policies[policy].pools() for leaf in zone.pools[name].leaves())
        for pool, member in ((leaf.name, member) for leaf in leaves for member in leaf.members):
            target = member.target
            if target is None or (pool, member.name) in told or not is_below(target, zone.name):
                continue
            if zone.policy_of(target, names) == policy:
                told.add((pool, member.name))
                message = f"{show(target)} leads to itself, for policy '{policy}' answers it with this CNAME"
                yield Problem(member.source, f"{message}; name a target of another policy, or one elsewhere")
