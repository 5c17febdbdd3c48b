"""`pools:` → Pool."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geodns.config.forms import MemberForm, PoolForm
from geodns.config.limits import read_limit, warn_of_silence
from geodns.config.reading import Reading
from geodns.config.schedules import Schedules, schedules_named
from geodns.config.sharing import Sharing
from geodns.config.tree import Path
from geodns.model.check import Check
from geodns.model.name import BadName, Name, parse_name
from geodns.model.place import Address
from geodns.model.pool import Member, Pool, PoolName, State


def read_pools(
    reading: Reading, origin: Name, checks: Mapping[str, Check], selections: Iterable[str], schedules: Schedules
) -> Sharing:
    """The well-formed pools of the zone: those with members, and those made of them. `origin` completes names."""
    forms = dict(reading.section("pools", PoolForm))
    for name, form in forms.items():
        _check_form(reading, name, form, checks, tuple(selections))
    with_members = {name: form for name, form in forms.items() if not form.pools}
    terms = _Terms(reading, origin, schedules)
    pools = {PoolName(name): _pool(terms, name, form, checks) for name, form in with_members.items()}
    return Sharing(reading, pools, forms, schedules)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What pools and members are read by."""

    reading: Reading
    origin: Name
    schedules: Schedules


def _check_form(
    reading: Reading, name: str, form: PoolForm, checks: Mapping[str, Check], selections: Iterable[str]
) -> None:
    if form.check is not None:
        reading.knows("check", form.check, reading.names("checks"), "pools", name, "check")
    if form.select is not None:
        reading.knows("selection", form.select, selections, "pools", name, "select")
    if form.pools:
        _check_nested(reading, name, form)
    elif not form.members:
        reading.complain(reading.document.value("pools", name, "members"), f"pool '{name}' has no members")
    _check_aliases(reading, name, form)


def _check_nested(reading: Reading, name: str, form: PoolForm) -> None:
    """What is said of members has no meaning where there are none."""
    for key in ("members", "check", "min_healthy", "slow_start", "load"):
        if key in form.model_fields_set:
            message = f"pool '{name}' is made of pools, so '{key}' has no place here; set it in these"
            reading.complain(reading.document.key("pools", name, key), message)


def _check_aliases(reading: Reading, name: str, form: PoolForm) -> None:
    """A pool has addresses or CNAMEs, and what has no address of its own cannot be probed."""
    aliases = [key for key, member in form.members.items() if member.CNAME is not None]
    outside = [key for key, member in form.members.items() if member.ALIAS is not None]
    if aliases and any(member.CNAME is None and _has_addresses(member) for member in form.members.values()):
        message = (
            f"pool '{name}' has addresses, and a CNAME in '{aliases[0]}'; put that into a pool of its own,"
            " which rules may name beside this one"
        )
        reading.complain(reading.document.key("pools", name, "members", aliases[0]), message)
    elif aliases and form.check is not None:
        message = (
            f"pool '{name}' has CNAMEs, and a check asks addresses; leave 'check' out:"
            " its members are up until 'state' or geodns down takes them out"
        )
        reading.complain(reading.document.key("pools", name, "check"), message)
    elif outside and form.check is not None:
        message = (
            f"pool '{name}' has the ALIAS of '{outside[0]}', whose addresses are not known beforehand, and a check;"
            " leave 'check' out: such members are up as long as their names have addresses"
        )
        reading.complain(reading.document.key("pools", name, "check"), message)


def _has_addresses(form: MemberForm) -> bool:
    return bool(form.A or form.AAAA or form.ALIAS)


def _pool(terms: _Terms, name: str, form: PoolForm, checks: Mapping[str, Check]) -> Pool:
    reading, schedules = terms.reading, terms.schedules
    quorum = form.min_healthy
    if form.members and quorum.needed(len(form.members)) > len(form.members):
        place = reading.document.value("pools", name, "min_healthy")
        reading.warn(place, f"pool '{name}' has {_members(len(form.members))}, so {quorum} can never be up")
    check = checks.get(form.check) if form.check is not None else None
    warn_of_silence(reading, name, form, check)
    return Pool(
        name=PoolName(name),
        members=tuple(_member(terms, name, key, member) for key, member in form.members.items()),
        check=check,
        location=form.location.as_location() if form.location else None,
        min_healthy=quorum,
        select=form.select,
        when=schedules_named(reading, form.when, schedules, ("pools", name, "when")),
        maintenance=schedules_named(reading, form.maintenance, schedules, ("pools", name, "maintenance")),
        slow_start=form.slow_start,
        hold_down=form.hold_down,
        limit=read_limit(reading, form.load, "pools", name, "load"),
        source=reading.document.key("pools", name),
    )


def _member(terms: _Terms, pool: str, name: str, form: MemberForm) -> Member:
    reading, schedules = terms.reading, terms.schedules
    path = ("pools", pool, "members", name)
    source = reading.document.key(*path)
    addresses: tuple[Address, ...] = (*form.A, *form.AAAA)
    if form.ALIAS is not None and (addresses or form.CNAME is not None):
        message = f"member '{name}' has an ALIAS, which stands alone: its addresses come from there; make two of it"
        reading.complain(source, message)
    elif form.CNAME is not None and addresses:
        message = f"member '{name}' has a CNAME and addresses; make two members of it, in two pools (RFC 1034 §3.6.2)"
        reading.complain(source, message)
    elif form.CNAME is None and form.ALIAS is None and not addresses:
        message = f"member '{name}' has no address; give it A, AAAA or both, or a CNAME or ALIAS instead"
        reading.complain(source, message)
    twice = next((address for address in addresses if addresses.count(address) > 1), None)
    if twice is not None:
        reading.complain(source, f"member '{name}' has the address {twice} twice")
    return Member(
        name=name,
        addresses=addresses,
        target=_target(terms, (*path, "CNAME"), form.CNAME),
        outside=_target(terms, (*path, "ALIAS"), form.ALIAS),
        weight=form.weight,
        state=State(form.state) if form.state is not None else None,
        ttl=form.ttl,
        group=form.group,
        maintenance=schedules_named(reading, form.maintenance, schedules, (*path, "maintenance")),
        limit=read_limit(reading, form.load, *path, "load"),
        source=source,
    )


def _target(terms: _Terms, path: Path, text: str | None) -> Name | None:
    try:
        return None if text is None else parse_name(text, terms.origin)
    except BadName as error:
        terms.reading.complain(terms.reading.document.value(*path), str(error))
        return None


def _members(count: int) -> str:
    return "one member" if count == 1 else f"{count} members"
