"""`pools:` → Pool."""

from collections.abc import Iterable, Mapping

from geodns.config.forms import MemberForm, PoolForm
from geodns.config.limits import read_limit, warn_of_silence
from geodns.config.reading import Reading
from geodns.config.schedules import Schedules, schedules_named
from geodns.config.sharing import Sharing
from geodns.model.check import Check
from geodns.model.place import Address
from geodns.model.pool import Member, Pool, PoolName, State


def read_pools(
    reading: Reading, checks: Mapping[str, Check], selections: Iterable[str], schedules: Schedules
) -> Sharing:
    """The well-formed pools of the zone: those with members, and those made of them."""
    forms = dict(reading.section("pools", PoolForm))
    for name, form in forms.items():
        _check_form(reading, name, form, checks, tuple(selections))
    pools = {
        PoolName(name): _pool(reading, name, form, checks, schedules) for name, form in forms.items() if not form.pools
    }
    return Sharing(reading, pools, forms, schedules)


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


def _check_nested(reading: Reading, name: str, form: PoolForm) -> None:
    """What is said of members has no meaning where there are none."""
    for key in ("members", "check", "min_healthy", "slow_start", "load"):
        if key in form.model_fields_set:
            message = f"pool '{name}' is made of pools, so '{key}' has no place here; set it in these"
            reading.complain(reading.document.key("pools", name, key), message)


def _pool(reading: Reading, name: str, form: PoolForm, checks: Mapping[str, Check], schedules: Schedules) -> Pool:
    quorum = form.min_healthy
    if form.members and quorum.needed(len(form.members)) > len(form.members):
        place = reading.document.value("pools", name, "min_healthy")
        reading.warn(place, f"pool '{name}' has {_members(len(form.members))}, so {quorum} can never be up")
    check = checks.get(form.check) if form.check is not None else None
    warn_of_silence(reading, name, form, check)
    return Pool(
        name=PoolName(name),
        members=tuple(_member(reading, name, key, member, schedules) for key, member in form.members.items()),
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


def _member(reading: Reading, pool: str, name: str, form: MemberForm, schedules: Schedules) -> Member:
    path = ("pools", pool, "members", name)
    source = reading.document.key(*path)
    addresses: tuple[Address, ...] = (*form.A, *form.AAAA)
    if not addresses:
        reading.complain(source, f"member '{name}' has no address; give it A, AAAA or both")
    twice = next((address for address in addresses if addresses.count(address) > 1), None)
    if twice is not None:
        reading.complain(source, f"member '{name}' has the address {twice} twice")
    return Member(
        name=name,
        addresses=addresses,
        weight=form.weight,
        state=State(form.state) if form.state is not None else None,
        ttl=form.ttl,
        group=form.group,
        maintenance=schedules_named(reading, form.maintenance, schedules, (*path, "maintenance")),
        limit=read_limit(reading, form.load, *path, "load"),
        source=source,
    )


def _members(count: int) -> str:
    return "one member" if count == 1 else f"{count} members"
