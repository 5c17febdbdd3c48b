"""What the admin endpoint says, as values; keys that are not named here are passed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from geodns.cli.fault import CannotDo
from geodns.config.problem import Problem
from geodns.model.source import Source

T = TypeVar("T")


def shaped(kind: type[T], document: object) -> T:
    """Raises CannotDo where the document is of another form."""
    try:
        return TypeAdapter(kind).validate_python(document)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        where = ".".join(map(str, detail["loc"]))
        raise CannotDo(
            f"the endpoint's answer is not understood ({where}: {detail['msg']}); is that geodns of another version?"
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    file: str
    line: int
    column: int
    message: str


def problems_of(rows: Iterable[ProblemRow], is_warning: bool = False) -> list[Problem]:
    return [Problem(Source(row.file, row.line, row.column), row.message, is_warning) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a reload came to."""

    problems: tuple[ProblemRow, ...] = ()
    warnings: tuple[ProblemRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    worker: int
    generation: int
    pid: int | None
    refused: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondaryRow:
    """`acknowledged` None: it is still waited for."""

    zone: str
    secondary: str
    serial: int
    acknowledged: bool | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedRow:
    """A prefix with more responses than the rate limit leaves it, within the last ten seconds."""

    prefix: str
    responses: int
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontRow:
    front: int
    generation: int
    pid: int | None
    refused: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRow:
    expires: str
    broken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseRow:
    name: str
    age: float  # seconds
    attribution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """Of a pool or a member. `load` None: nobody knows. `share`: what it keeps of its clients or its weight."""

    load: float | None
    target: float | None
    share: float
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRow:
    """`reason`: why the pool as a whole is passed over."""

    zone: str
    pool: str
    members: int
    up: int
    healthy: bool
    reason: str | None
    remarks: tuple[str, ...] = ()  # on what time does to it
    load: LoadRow | None = None  # None: it matters not


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """A name outside, of one type. `state`: fresh, stale or unresolved. `failing_since` None: asking goes well."""

    alias: str
    type: str
    owners: tuple[str, ...]
    state: str
    addresses: tuple[str, ...]
    ttl: int | None
    good_until: str | None
    failing_since: str | None
    trouble: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """A zone that is copied from elsewhere. `serial` None: there is no copy."""

    zone: str
    primaries: tuple[str, ...]
    serial: int | None
    served: bool
    confirmed: str | None
    expires: str | None
    failing_since: str | None
    trouble: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    version: str
    generation: int
    published: str | None
    uptime: float  # seconds
    degraded: bool
    degraded_since: str | None
    problems: tuple[ProblemRow, ...]
    warnings: tuple[ProblemRow, ...]
    isolated: str | None
    workers: tuple[WorkerRow, ...]
    fronts: tuple[FrontRow, ...] = ()
    certificate: CertificateRow | None = None
    zones: int
    database: DatabaseRow | None
    pools: tuple[PoolRow, ...]
    aliases: tuple[AliasRow, ...] = ()
    copies: tuple[CopyRow, ...] = ()
    secondaries: tuple[SecondaryRow, ...] = ()
    limited: tuple[LimitedRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRow:
    """`verdict` None: the pool has no check."""

    address: str
    verdict: str | None
    since: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRow:
    expires: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """`up`: the share of its addresses that may be answered, 0 to 1."""

    member: str
    state: str
    up: float
    addresses: tuple[AddressRow, ...]
    override: OverrideRow | None
    load: LoadRow | None = None
    cname: str | None = None  # instead of addresses
    alias: str | None = None  # whose addresses it has


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    members: tuple[MemberRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneDetail:
    pools: tuple[PoolRow, ...]
