"""A zone as it is served: static records, and names that a policy answers for."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from geodns.model.check import Check
from geodns.model.name import Name, ancestors, is_below, show
from geodns.model.place import Address, Place
from geodns.model.policy import Policy
from geodns.model.pool import Pool, PoolName
from geodns.model.schedule import Schedule
from geodns.model.service import SERVICES, Service, takes_hints
from geodns.model.source import Source
from geodns.model.transfer import Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Soa:
    """RFC 1035 §3.3.13; times in seconds. `serial` None: geodns counts it up when the records change."""

    primary: Name
    contact: Name
    serial: int | None = None
    refresh: int = 3600
    retry: int = 900
    expire: int = 1209600
    negative_ttl: int = 60
    ttl: int


@dataclass(frozen=True, slots=True)
class RRset:
    """Records of one owner and type. `rdatas` are wire form without compression, in the order they were written.

    `hints`: of SVCB and HTTPS beside a policy, whether they tell the addresses that it draws.
    """

    owner: Name
    rtype: int
    ttl: int
    rdatas: tuple[bytes, ...]
    hints: bool = True

    @property
    def service(self) -> Service | None:
        """What a policy beside these puts hints into; None: they are the same for everybody."""
        if self.rtype not in SERVICES or not self.hints or not any(map(takes_hints, self.rdatas)):
            return None
        return Service(self.rtype, self.ttl, self.rdatas)


@dataclass(frozen=True, slots=True)
class ExpectedShare:
    """A pool's part of the answers, in per cent."""

    pool: PoolName
    low: float
    high: float

    def __str__(self) -> str:
        range_ = f"{self.low:g}" if self.low == self.high else f"{self.low:g}-{self.high:g}"
        return f"{self.pool} {range_}%"


CODES = frozenset({"NODATA", "NOERROR", "NXDOMAIN", "REFUSED", "YXDOMAIN"})  # NODATA: NOERROR, and no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One row of a zone's `tests:`; `source_address` or `place` says where the question comes from.

    Neither: the answer is the same for everybody.
    """

    owner: Name
    rtype: int = 1  # A
    source_address: Address | None = None
    place: Place | None = None
    down: frozenset[str] = frozenset()  # pools, or pool/member
    at: float | None = None  # seconds since the epoch; None: outside of time
    expect: tuple[str, ...] = ()  # pools, pool/member, or CODES: any of these is right
    shares: tuple[ExpectedShare, ...] = ()  # or, in its stead: all of these have to be
    records: tuple[bytes, ...] = ()  # and these data, as in an RRset but in any order; none: any are right
    source: Source

    @property
    def is_coded(self) -> bool:
        """No pool is expected, so no policy need answer."""
        return not self.shares and CODES.issuperset(self.expect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """`rrsets` has no SOA: that one is `soa`. A name stands in `steered` or has address records, never both."""

    name: Name
    soa: Soa
    rrsets: tuple[RRset, ...]
    steered: Mapping[Name, str] = field(default_factory=dict)  # owner → name of a policy
    pools: Mapping[PoolName, Pool] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    tests: tuple[Expectation, ...] = ()
    is_void: bool = False  # nothing of it may be served: the copy of a secondary has expired, or has not come yet
    transfer: Transfer | None = None  # None: as the server's own file says for all zones
    source: Source

    def __str__(self) -> str:
        return show(self.name)

    def names(self) -> frozenset[Name]:
        """All that exist: owners, and the empty non-terminals above them (RFC 4592 §2.2.2)."""
        owners = {self.name, *self.steered, *(rrset.owner for rrset in self.rrsets)}
        return frozenset(
            owners | {above for owner in owners for above in ancestors(owner) if is_below(above, self.name)}
        )

    def policy_of(self, owner: Name, names: Container[Name]) -> str | None:
        """The name of the policy that answers for `owner`; `names` are those of the zone.

        A wildcard answers only for what does not exist, and only below the nearest name that does (RFC 4592 §3.3.1).
        """
        if owner in names:
            return self.steered.get(owner)
        encloser = next((above for above in ancestors(owner) if above in names), self.name)
        return self.steered.get(Name(b"\1*" + encloser))
