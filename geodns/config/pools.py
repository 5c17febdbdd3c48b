"""`pools:` → Pool."""

from collections.abc import Iterable, Mapping

from geodns.config.forms import MemberForm, PoolForm
from geodns.config.reading import Reading
from geodns.model.check import Check
from geodns.model.place import Address, Location
from geodns.model.pool import Member, Pool, PoolName, State


def read_pools(reading: Reading, checks: Mapping[str, Check], selections: Iterable[str]) -> dict[PoolName, Pool]:
    """The well-formed pools of the zone by name."""
    return {
        PoolName(name): _pool(reading, name, form, checks, tuple(selections))
        for name, form in reading.section("pools", PoolForm)
    }


def _pool(reading: Reading, name: str, form: PoolForm, checks: Mapping[str, Check], selections: Iterable[str]) -> Pool:
    if form.check is not None:
        reading.knows("check", form.check, reading.names("checks"), "pools", name, "check")
    if form.select is not None:
        reading.knows("selection", form.select, selections, "pools", name, "select")
    if not form.members:
        reading.complain(reading.document.value("pools", name, "members"), f"pool '{name}' has no members")
    quorum = form.min_healthy
    if form.members and quorum.needed(len(form.members)) > len(form.members):
        place = reading.document.value("pools", name, "min_healthy")
        reading.warn(place, f"pool '{name}' has {_members(len(form.members))}, so {quorum} can never be up")
    return Pool(
        name=PoolName(name),
        members=tuple(_member(reading, name, key, member) for key, member in form.members.items()),
        check=checks.get(form.check) if form.check is not None else None,
        location=Location(lat=form.location.lat, lon=form.location.lon) if form.location else None,
        min_healthy=quorum,
        select=form.select,
        source=reading.document.key("pools", name),
    )


def _member(reading: Reading, pool: str, name: str, form: MemberForm) -> Member:
    source = reading.document.key("pools", pool, "members", name)
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
        source=source,
    )


def _members(count: int) -> str:
    return "one member" if count == 1 else f"{count} members"
