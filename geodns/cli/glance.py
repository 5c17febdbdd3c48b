"""A running geodns and its members as text."""

from collections.abc import Callable, Iterable, Iterator

from geodns.cli.columns import columns
from geodns.cli.load_text import load_text
from geodns.cli.paint import BAD, GOOD, ODD, Paint
from geodns.cli.shapes import (
    AddressRow,
    AliasRow,
    CopyRow,
    FrontRow,
    LoadRow,
    MemberRow,
    PoolRow,
    Status,
    WorkerRow,
    problems_of,
)
from geodns.cli.wording import counted, lasting

MembersOf = Callable[[PoolRow], Iterable[MemberRow]]


def status_text(status: Status, members_of: MembersOf, paint: Paint) -> str:
    """`members_of` is asked for the pools that somebody is missing from."""
    return "\n".join(
        [
            *_head(status),
            *_troubles(status, paint),
            *_workers(status),
            *_secondaries(status, paint),
            *_pools(status, members_of, paint),
            *_aliases(status, paint),
            *_copies(status, paint),
        ]
    )


def _head(status: Status) -> Iterator[str]:
    published = f", published {status.published}" if status.published else ""
    yield f"geodns {status.version}, running for {lasting(status.uptime)}"
    yield f"generation {status.generation}{published}: {counted(status.zones, 'zone')}"
    if status.certificate:
        yield f"certificate good until {status.certificate.expires}"
    if status.database:
        yield f"database {status.database.name}, {lasting(status.database.age)} old"
    if status.database and status.database.attribution:
        yield f"  {status.database.attribution}"


def _troubles(status: Status, paint: Paint) -> Iterator[str]:
    if status.degraded:
        yield paint(f"DEGRADED since {status.degraded_since}: what is served is older than the files", BAD)
        yield from (f"  {problem}" for problem in problems_of(status.problems))
    if status.certificate and status.certificate.broken:
        yield paint("the certificate's files are broken: the one from before is shown; the log says why", BAD)
    if status.isolated:
        yield paint(f"the monitor suspects itself: {status.isolated}", ODD)
    for row in status.limited:
        what = "would have been limited" if row.dry_run else "were limited"
        yield paint(f"rate limit: {row.responses} responses to {row.prefix} {what} in the last 10 s", ODD)
    yield from map(str, problems_of(status.warnings, is_warning=True))


def _workers(status: Status) -> list[str]:
    workers = [_process(f"worker {row.worker}", row) for row in status.workers]
    return columns([*workers, *(_process(f"front {row.front}", row) for row in status.fronts)])


def _process(name: str, row: WorkerRow | FrontRow) -> tuple[str, ...]:
    serves = f"serves generation {row.generation}" if row.generation else "serves nothing yet"
    refused = f", refused a newer one: {row.refused}" if row.refused else ""
    return name, f"pid {row.pid or '-'}", f"{serves}{refused}"


def _secondaries(status: Status, paint: Paint) -> Iterator[str]:
    """Those that do not know of the last change."""
    for row in status.secondaries:
        if row.acknowledged is None and not row.error:
            yield f"secondary {row.secondary} is being told of serial {row.serial} of {row.zone}"
        elif not row.acknowledged:
            yield paint(
                f"secondary {row.secondary} does not know of serial {row.serial} of {row.zone}: {row.error}", BAD
            )


def _pools(status: Status, members_of: MembersOf, paint: Paint) -> Iterator[str]:
    lines = columns([(f"pool {row.zone}/{row.pool}", *_how_pool_is(row, paint)) for row in status.pools])
    for row, line in zip(status.pools, lines, strict=True):
        yield line
        if row.up < row.members:
            yield from columns([member_row(each, paint) for each in members_of(row) if each.up < 1], indent="  ")


def _aliases(status: Status, paint: Paint) -> list[str]:
    return columns([(f"ALIAS {row.alias} {row.type}", *_how_alias_is(row, paint)) for row in status.aliases])


def _copies(status: Status, paint: Paint) -> list[str]:
    return columns(
        [(f"copy of {row.zone}", f"from {', '.join(row.primaries)}", _how_copy_is(row, paint)) for row in status.copies]
    )


def _how_copy_is(row: CopyRow, paint: Paint) -> str:
    failing = f", failing since {row.failing_since}: {row.trouble}" if row.failing_since else ""
    if row.serial is None:
        return paint(f"no copy yet, SERVFAIL{failing}", BAD if failing else ODD)
    if not row.served:
        return paint(f"serial {row.serial} expired at {row.expires}, SERVFAIL{failing}", BAD)
    how = f"serial {row.serial}, confirmed {row.confirmed}"
    return paint(f"{how}, expires {row.expires}{failing}", ODD) if failing else paint(how, GOOD)


def _how_alias_is(row: AliasRow, paint: Paint) -> tuple[str, str]:
    found = f"{', '.join(row.addresses)}, ttl {row.ttl}" if row.addresses else row.trouble or "none"
    if row.failing_since is None:
        return (found, paint("fresh", GOOD)) if row.state == "fresh" else ("", paint("not resolved yet", ODD))
    failing = f"failing since {row.failing_since}: {row.trouble}"
    match row.state:
        case "fresh":
            return found, paint(f"fresh until {row.good_until}, {failing}", ODD)
        case "stale":
            return found, paint(f"stale since {row.good_until}, {failing}", BAD)
    return "", paint(f"not resolved, SERVFAIL; {failing}", BAD)


def _how_pool_is(row: PoolRow, paint: Paint) -> tuple[str, str]:
    state = paint("healthy", GOOD) if row.healthy else paint(f"passed over: {row.reason}", BAD)
    remarks = "".join(f"; {remark}" for remark in row.remarks)
    return f"{row.up} of {row.members} up", f"{state}{_load(row.load, is_member=False)}{remarks}"


def _load(row: LoadRow | None, *, is_member: bool) -> str:
    if row is None or (is_member and row.load is None and row.target is None):
        return ""
    return f"; load {load_text(row.load, row.target, row.share, row.note, is_member=is_member)}"


def pool_text(row: PoolRow, members: Iterable[MemberRow], paint: Paint) -> str:
    """One pool with all its members."""
    return "\n".join(
        [
            ", ".join((f"pool {row.zone}/{row.pool}", *_how_pool_is(row, paint))),
            *columns([member_row(each, paint) for each in members], indent="  "),
        ]
    )


def member_row(member: MemberRow, paint: Paint) -> tuple[str, str, str]:
    """Name, addresses, and why it is in or out."""
    until = f", until {member.override.expires}" if member.override and member.override.expires else ""
    faults = "" if member.override else "".join(map(_fault, member.addresses))
    return (
        member.member,
        f"CNAME {member.cname}" if member.cname else _addresses(member),
        f"{paint.state(member.state)}{until}{faults}{_load(member.load, is_member=True)}",
    )


def _addresses(member: MemberRow) -> str:
    found = ", ".join(each.address for each in member.addresses)
    return found or (f"ALIAS {member.alias}" if member.alias else "")


def _fault(row: AddressRow) -> str:
    if row.verdict != "down":
        return ""
    return f"; {row.address} since {row.since}: {row.detail or 'not asked since the start'}"
