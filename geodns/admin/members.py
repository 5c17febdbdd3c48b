"""Members as JSON: in or out and why, with each address's verdict and what operators said. Pure."""

from collections.abc import Mapping

from geodns.admin.instants import instant
from geodns.admin.lookup import Found
from geodns.control.edition import Edition
from geodns.control.members import view_member
from geodns.health.history import UNJUDGED, History
from geodns.load.seen import Seen
from geodns.model.check import Target
from geodns.model.name import show
from geodns.model.place import Address
from geodns.model.pool import Member, Pool, State
from geodns.model.verdict import MemberKey, Outlook, Override
from geodns.model.zone import Zone
from geodns.policy.availability import address_is_up, intent
from geodns.policy.outside import member_with_addresses

Json = dict[str, object]
Histories = Mapping[Target, History]


def member_view(edition: Edition, histories: Histories, found: Found, load: Seen | None = None) -> Json:
    """`up`: the share of its addresses that may be answered, 0 to 1. `state` says why. `load` None: it matters not."""
    seen = view_member(edition.outlook, found.zone, found.pool, found.member)
    override = edition.outlook.overrides.get(found.key)
    return {
        "member": seen.member,
        "weight": seen.weight,
        "state": seen.state,
        "up": up_share(edition.outlook, found.zone, found.pool, found.member),
        "cname": show(found.member.target) if found.member.target is not None else None,
        "alias": show(found.member.outside) if found.member.outside is not None else None,
        "addresses": [
            _address_view(found.pool, address, histories)
            for address in member_with_addresses(found.member, None, edition.outlook).addresses
        ],
        "override": override_view(override) if override else None,
        "load": load_view(load),
        "source": str(found.member.source),
    }


def up_share(outlook: Outlook, zone: Zone, pool: Pool, member: Member) -> float:
    """Of the member's addresses, those that may be answered. What operators want goes before health, and is all that
    there is to know of an alias."""
    wanted = intent(zone.name, pool, member, outlook)
    if wanted is not None:
        return 1.0 if wanted is State.UP else 0.0
    if member.target is not None:
        return 1.0
    found = member_with_addresses(member, None, outlook)
    if found.outside is not None:
        return 1.0
    up = [address_is_up(pool, address, outlook) for address in found.addresses]
    return sum(up) / len(up) if up else 0.0


def load_view(seen: Seen | None) -> Json | None:
    """Of a pool or a member. `load` null: nobody knows; `share`: of its clients or its weight, what it keeps."""
    if seen is None:
        return None
    return {"load": seen.load, "target": seen.target, "share": round(seen.share, 4), "note": seen.note or None}


def override_view(override: Override) -> Json:
    return {
        "state": override.state.value,
        "reason": override.reason,
        "author": override.author,
        "set_at": instant(override.set_at),
        "expires": instant(override.expires),
    }


def override_entry(key: MemberKey, override: Override) -> Json:
    """With the names of what it was said of, which need not be there any more."""
    return {"zone": show(key.zone), "pool": key.pool, "member": key.member, **override_view(override)}


def _address_view(pool: Pool, address: Address, histories: Histories) -> Json:
    """`verdict` null: the pool has no check. `took` in seconds."""
    if pool.check is None:
        return {"address": str(address), "verdict": None}
    history = histories.get(Target(pool.check, address), UNJUDGED)
    return {
        "address": str(address),
        "verdict": history.verdict.value,
        "since": instant(history.since),
        "detail": history.detail,
        "took": round(history.took, 6) if history.asked else None,
        "asked": instant(history.asked),
    }
