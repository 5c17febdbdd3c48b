"""Pools and their members: who may answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import NewType

from geodns.model.check import Check, Target
from geodns.model.name import Name
from geodns.model.place import Address, Location
from geodns.model.schedule import Schedule, shown_in_utc
from geodns.model.source import Source

PoolName = NewType("PoolName", str)


class Family(Enum):
    """What is asked for: an address family; or none, which an alias answers too. The value is the record type that
    carries it."""

    IPV4 = 1  # A
    IPV6 = 28  # AAAA
    ALIAS = 5  # CNAME, the answer to every other type

    @property
    def version(self) -> int | None:
        return {Family.IPV4: 4, Family.IPV6: 6}.get(self)

    @property
    def rtype(self) -> str:
        return {Family.IPV4: "A", Family.IPV6: "AAAA"}.get(self, "CNAME")


ADDRESS_FAMILIES = (Family.IPV4, Family.IPV6)


class State(Enum):
    """What the operator wants of a member, whatever its health."""

    UP = "up"
    DOWN = "down"
    DRAIN = "drain"


SLEW = 0.02  # of the whole
EVERY = 10.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How much load a member or a pool is to have, in whatever is reported for it.

    `target`: what to aim at; None, of a pool: what its members' targets come to. `most`: more than this is urgent.
    `slew`: of the whole, how far its share moves at most in one step. `every`: seconds between two steps, of a pool.
    """

    target: float | None = None
    most: float | None = None
    slew: float = SLEW
    every: float = EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One backend: named, with one or more addresses that share its weight. Weight 0: last resort in its pool.

    One that is an alias has no address, but a name that clients look up elsewhere: the `target` of its CNAME. One with
    a name `outside` has the addresses of that, as they are at the time.
    """

    name: str
    addresses: tuple[Address, ...] = ()
    target: Name | None = None
    outside: Name | None = None
    weight: int = 1
    state: State | None = None  # None: health decides
    ttl: int | None = None  # seconds: at most that, in answers that name it
    group: str | None = None  # with whom it fails: of a group, an answer names one; None: it is one by itself
    home: PoolName | None = None  # where it is a member, when it answers for a pool of pools
    maintenance: tuple[Schedule, ...] = ()  # while one of these runs it is drained
    limit: Limit | None = None  # of its load
    strength: float = 1.0  # the part of its weight that it has for now: it is warming up, or has too much load
    evening: float = 1.0  # a factor beside that by which `least_load` evens the load
    source: Source

    def of_family(self, family: Family | None) -> tuple[Address, ...]:
        """None: of both."""
        if family is None:
            return self.addresses
        return tuple(address for address in self.addresses if address.version == family.version)

    def answers(self, family: Family | None) -> bool:
        """Whether it has something to say to that question, or may have. A CNAME answers them all (RFC 1034 §3.6.2).
        None: whether it has an address for a hint."""
        if self.outside is not None:
            return family is not Family.ALIAS
        return self.target is not None or bool(self.of_family(family))


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many members must be up for the pool to count: a count, or a share in per cent of those not taken out."""

    amount: float
    is_share: bool = False

    def needed(self, members: int) -> float:
        return members * self.amount / 100 if self.is_share else self.amount

    def __str__(self) -> str:
        return f"{self.amount:g}%" if self.is_share else f"{self.amount:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Members that can stand in for each other; or, instead of members, `parts`: pools that share the answers."""

    name: PoolName
    members: tuple[Member, ...] = ()
    parts: tuple["Part", ...] = ()
    in_order: bool = False  # of the parts: the first that holds answers for all
    check: Check | None = None
    location: Location | None = None
    min_healthy: Quorum = Quorum(1)
    select: str | None = None  # the registered name of a selection; None: the policy's
    when: tuple[Schedule, ...] = ()  # it answers only while one of these runs; none: always
    maintenance: tuple[Schedule, ...] = ()  # while one of these runs all of it is drained
    slow_start: float = 0.0  # seconds in which a member that came up gains its full weight
    hold_down: float = 0.0  # seconds for which the pool, once it has failed, has to hold before clients go back
    limit: Limit | None = None  # of its load; None: what its members' targets come to, if they have any
    source: Source

    def families(self) -> frozenset[Family]:
        """Those for which any of its members has an answer."""
        members = [member for pool in self.leaves() for member in pool.members]
        return frozenset(family for family in Family if any(member.answers(family) for member in members))

    def leaves(self) -> Iterator["Pool"]:
        """The pools whose members answer: itself, or those of its parts, each as often as it is named."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.pool.leaves()

    def within(self) -> Iterator["Pool"]:
        """Itself and the pools that it is made of, on every level."""
        yield self
        for part in self.parts:
            yield from part.pool.within()

    def schedules(self) -> Iterator[Schedule]:
        """All that the pool and its own members go by."""
        yield from self.when
        yield from self.maintenance
        for member in self.members:
            yield from member.maintenance

    def targets(self) -> Iterator[Target]:
        """Everything that has to be probed for its own members."""
        if self.check is None:
            return
        for member in self.members:
            for address in member.addresses:
                yield Target(self.check, address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """A share that moves evenly from one to another, both from 0 to 1. `start`: seconds since the epoch; `over`: in
    so many seconds, not counting those in which what it leads to fails."""

    low: float
    high: float
    start: float
    over: float

    def __str__(self) -> str:
        way = f"{self.low * 100:.4g}%→{self.high * 100:.4g}%"
        return f"{way} from {shown_in_utc(self.start)} over {timedelta(seconds=self.over)}"


@dataclass(frozen=True, slots=True)
class Part:
    """A pool within another one. Weight 0: only where no other part holds. `ramp`, in the weight's stead: its share of
    the whole; the others share the rest by weight."""

    pool: Pool
    weight: int
    ramp: Ramp | None = None


Pools = Mapping[PoolName, Pool]
