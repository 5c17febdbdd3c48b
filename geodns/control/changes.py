"""What of a zone is written differently: records, policies of names, and what pools and policies answer with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geodns.config.rdata import show_type
from geodns.model.name import Name, show
from geodns.model.policy import Policy, Prefixes
from geodns.model.pool import Member, Pool
from geodns.model.schedule import Schedule
from geodns.model.zone import RRset, Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class NameChange:
    """`name`: of a record, or `pool eu`, `policy global` with the zone's name before it."""

    name: str
    change: str


def changes_between(old: Zone, new: Zone) -> Iterator[NameChange]:
    yield from _changed_names(old, new)
    for name in sorted(old.pools.keys() | new.pools.keys()):
        for change in _pool_changes(old.pools.get(name), new.pools.get(name)):
            yield NameChange(name=f"{new} pool {name}", change=change)
    for policy in sorted(old.policies.keys() & new.policies.keys()):
        for change in _policy_changes(old.policies[policy], new.policies[policy]):
            yield NameChange(name=f"{new} policy {policy}", change=change)


# ── pools and policies ────────────────────────────────────────────────────────────────────────────────────────────


def _pool_changes(old: Pool | None, new: Pool | None) -> Iterator[str]:
    """Where a pool lies is told by the clients that move."""
    if old is None or new is None:
        yield "added" if old is None else "removed"
        return
    before, after = ({member.name: member for member in pool.members} for pool in (old, new))
    for name in sorted(before.keys() | after.keys()):
        yield from _member_changes(name, before.get(name), after.get(name))
    yield from _changed("pools", _parts(old), _parts(new))
    yield from _changed("check", _check(old), _check(new))
    yield from _changed("min_healthy", str(old.min_healthy), str(new.min_healthy))
    yield from _changed("select", old.select or "the policy's", new.select or "the policy's")
    yield from _changed("when", _schedules(old.when) or "always", _schedules(new.when) or "always")
    yield from _changed("maintenance", _schedules(old.maintenance) or "none", _schedules(new.maintenance) or "none")
    yield from _changed("slow_start", f"{old.slow_start:g} s", f"{new.slow_start:g} s")
    yield from _changed("hold_down", f"{old.hold_down:g} s", f"{new.hold_down:g} s")


def _parts(pool: Pool) -> str:
    return ", ".join(f"{part.pool.name} {part.ramp or part.weight}" for part in pool.parts) or "none"


def _schedules(schedules: Sequence[Schedule]) -> str:
    return ", ".join(f"{each} ({', '.join(map(str, each.windows))})" for each in schedules)


def _check(pool: Pool) -> str:
    check = pool.check
    if check is None:
        return "none"
    return f"{check.name} ({check.probe}, every {check.interval:g} s, rise {check.rise}, fall {check.fall})"


def _member_changes(name: str, old: Member | None, new: Member | None) -> Iterator[str]:
    if old is None or new is None:
        yield f"member {name} {'added' if old is None else 'removed'}"
        return
    yield from _changed(f"member {name}: addresses", _addresses(old), _addresses(new))
    yield from _changed(f"member {name}: weight", str(old.weight), str(new.weight))
    yield from _changed(f"member {name}: state", _state(old), _state(new))
    maintenance = (_schedules(member.maintenance) or "none" for member in (old, new))
    yield from _changed(f"member {name}: maintenance", *maintenance)
    yield from _changed(f"member {name}: group", old.group or "none", new.group or "none")
    yield from _changed(f"member {name}: ttl", _ttl(old), _ttl(new))


def _addresses(member: Member) -> str:
    if member.outside is not None:
        return f"ALIAS {show(member.outside)}"
    return ", ".join(map(str, member.addresses)) if member.target is None else f"CNAME {show(member.target)}"


def _ttl(member: Member) -> str:
    return "the policy's" if member.ttl is None else f"at most {member.ttl} s"


def _state(member: Member) -> str:
    return member.state.value if member.state else "by health"


def _policy_changes(old: Policy, new: Policy) -> Iterator[str]:
    """Its rules are told by the clients that move."""
    yield from _changed("select", old.select, new.select)
    yield from _changed("answers", str(old.answers), str(new.answers))
    yield from _changed("sticky", _prefixes(old), _prefixes(new))
    yield from _changed("ttl", f"{old.ttl} s", f"{new.ttl} s")
    yield from _changed("locate", str(old.locate), str(new.locate))
    yield from _changed("fallback", old.fallback or "none", new.fallback or "none")


def _prefixes(policy: Policy) -> str:
    prefixes = policy.sticky or Prefixes()
    return f"/{prefixes.ipv4} and /{prefixes.ipv6}"


def _changed(what: str, was: str, now: str) -> Iterator[str]:
    if was != now:
        yield f"{what} {was} → {now}"


# ── names and records ─────────────────────────────────────────────────────────────────────────────────────────────


def _changed_names(old: Zone, new: Zone) -> Iterator[NameChange]:
    before, after = _contents(old), _contents(new)
    for owner in sorted(before.keys() | after.keys(), key=show):
        was, now = before.get(owner, {}), after.get(owner, {})
        for what in sorted(was.keys() | now.keys()):
            if was.get(what) != now.get(what):
                yield NameChange(name=show(owner), change=_change(what, was.get(what), now.get(what)))


Content = tuple[object, ...]


def _contents(zone: Zone) -> dict[Name, dict[str, Content]]:
    contents: dict[Name, dict[str, Content]] = {}
    for rrset in zone.rrsets:
        contents.setdefault(rrset.owner, {})[show_type(rrset.rtype)] = _content(rrset)
    for owner, policy in zone.steered.items():
        contents.setdefault(owner, {})["policy"] = (policy,)
    soa = zone.soa
    contents.setdefault(zone.name, {})["SOA"] = (
        soa.primary,
        soa.contact,
        soa.refresh,
        soa.retry,
        soa.expire,
        soa.negative_ttl,
    )
    return contents


def _content(rrset: RRset) -> Content:
    return (rrset.ttl, rrset.hints, *sorted(rrset.rdatas))


def _change(what: str, was: Content | None, now: Content | None) -> str:
    verb = "added" if was is None else "removed" if now is None else "changed"
    if what != "policy":
        return f"{what} {verb}"
    return f"policy: {was[0] if was else 'none'} → {now[0] if now else 'none'}"
