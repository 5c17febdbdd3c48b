"""Zones and pools as JSON. Pure."""

from collections.abc import Mapping

from geodns.admin.members import Json, load_view, up_share
from geodns.control.edition import Edition
from geodns.control.reports import Key
from geodns.load.seen import Seen
from geodns.model.name import show
from geodns.model.policy import Policy, Rule
from geodns.model.pool import Family, Pool
from geodns.model.verdict import Outlook
from geodns.model.zone import Zone
from geodns.policy.availability import availability
from geodns.policy.remarks import remarks_on


def zone_rows(edition: Edition) -> list[Json]:
    return [_row(edition, zone) for zone in edition.inputs.zones]


def zone_view(edition: Edition, zone: Zone, seen: Mapping[Key, Seen]) -> Json:
    return {
        **_row(edition, zone),
        "steered": {show(owner): policy for owner, policy in sorted(zone.steered.items())},
        "pools": [pool_view(edition.outlook, zone, pool, seen) for pool in zone.pools.values()],
        "policies": [_policy_view(policy) for policy in zone.policies.values()],
    }


def pool_rows(edition: Edition, seen: Mapping[Key, Seen]) -> list[Json]:
    """All pools of all zones."""
    pools = ((zone, pool) for zone in edition.inputs.zones for pool in zone.pools.values())
    return [pool_view(edition.outlook, zone, pool, seen) for zone, pool in pools]


def pool_view(outlook: Outlook, zone: Zone, pool: Pool, seen: Mapping[Key, Seen]) -> Json:
    """`up`: members with an address that may be answered. `reason`: why the pool as a whole is passed over. `pools`:
    the weights of those that it is made of, whose members are counted. `remarks`: on what time does to it."""
    states = [availability(zone.name, pool, family, outlook) for family in Family if family in pool.families()]
    leaves = {leaf.name: leaf for leaf in pool.leaves()}.values()
    failed = next((state.reason for state in states if not state.holds), None)
    return {
        "zone": str(zone),
        "pool": pool.name,
        "members": sum(len(leaf.members) for leaf in leaves),
        "up": sum(up_share(outlook, zone, leaf, member) > 0 for leaf in leaves for member in leaf.members),
        "pools": {part.pool.name: part.weight for part in pool.parts},
        "healthy": failed is None,
        "reason": failed,
        "check": pool.check.name if pool.check else None,
        "min_healthy": str(pool.min_healthy),
        "remarks": list(remarks_on(zone.name, pool, outlook)),
        "load": load_view(seen.get((zone.name, pool.name))),
        "source": str(pool.source),
    }


def _row(edition: Edition, zone: Zone) -> Json:
    """`names`: owners of records and steered names, the zone's own name among them."""
    owners = {rrset.owner for rrset in zone.rrsets} | zone.steered.keys() | {zone.name}
    return {
        "zone": str(zone),
        "serial": edition.serials[str(zone)].serial,
        "names": len(owners),
        "pools": len(zone.pools),
        "policies": len(zone.policies),
        "source": str(zone.source),
    }


def _policy_view(policy: Policy) -> Json:
    return {
        "policy": policy.name,
        "select": policy.select,
        "answers": policy.answers,
        "ttl": policy.ttl,
        "fallback": policy.fallback,
        "rules": [_rule_view(rule) for rule in policy.rules],
        "source": str(policy.source),
    }


def _rule_view(rule: Rule) -> Json:
    return {
        "pools": list(map(str, rule.steps())),
        "by": type(rule.pools).__name__.lower(),
        "fence": rule.fence,
        "source": str(rule.source),
    }
