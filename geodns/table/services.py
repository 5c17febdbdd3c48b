"""SVCB and HTTPS records that stand beside a policy → the plan that answers with them."""

from collections.abc import Iterator

from geodns.model.zone import RRset, Zone
from geodns.table.plan import PlanKey


def service_key(zone: Zone, rrset: RRset) -> PlanKey | None:
    """Names with the same policy and the same records share a plan. None: the records are the same for everybody."""
    policy, service = zone.steered.get(rrset.owner), rrset.service
    if policy is None or service is None:
        return None
    return PlanKey(zone.name, policy, None, service)


def service_keys(zone: Zone) -> Iterator[PlanKey]:
    """In the order of the records, each once."""
    found = (service_key(zone, rrset) for rrset in (zone.rrsets if zone.steered else ()))
    yield from dict.fromkeys(key for key in found if key is not None)
