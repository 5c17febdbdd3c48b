"""Policies: which pools a client is sent to, in which order, and how a pool's members share the answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Union

from geodns.model.place import Network
from geodns.model.pool import PoolName
from geodns.model.source import Source


@dataclass(frozen=True, slots=True)
class InNetwork:
    """The client is in one of these prefixes; named networks are resolved to theirs when the zone is read."""

    networks: frozenset[Network]


@dataclass(frozen=True, slots=True)
class InContinent:
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class InCountry:
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class InSubdivision:
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class InCity:
    """`DE/Berlin` or `US-TX/Austin`, with the name in English and all of it case-folded."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class InAsn:
    """The client's network belongs to one of these autonomous systems."""

    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of them holds: a named region, for one."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """None of them holds. Of a client whose place is unknown none does."""

    conditions: tuple["Condition", ...]


Simple = InNetwork | InContinent | InCountry | InSubdivision | InCity | InAsn
Condition = Union[Simple, AnyOf, NoneOf]  # noqa: UP007  it refers to itself by name


def simple_ones(conditions: Iterable[Condition]) -> Iterator[Simple]:
    """All that is asked of a place, whatever is made of the answers."""
    for condition in conditions:
        if isinstance(condition, AnyOf | NoneOf):
            yield from simple_ones(condition.conditions)
        else:
            yield condition


@dataclass(frozen=True, slots=True)
class Blend:
    """Pools, and policies with whatever pools they have for the client, that share the answers by weight."""

    parts: tuple[tuple[Union[PoolName, "Policy"], int], ...]

    def __str__(self) -> str:
        named = [(f"policy {part.name}" if isinstance(part, Policy) else part, weight) for part, weight in self.parts]
        return named[0][0] if len(named) == 1 else " + ".join(f"{name} {weight}" for name, weight in named)


@dataclass(frozen=True, slots=True)
class Ordered:
    """The pools, or blends, in failover order. Empty: deliberately no address."""

    steps: tuple[PoolName | Blend, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The pools ordered by great-circle distance from the client; in the written order where its place is unknown.

    `biases`, in per cent from -99 to 99: of a pool that is to seem nearer (above 0) or farther. Pools whose distance
    is within `ties` per cent of the nearest one's are as near as that, and keep the written order. `limit`: of all,
    only so many are used.
    """

    pools: tuple[PoolName, ...]
    biases: tuple[tuple[PoolName, int], ...] = ()
    ties: float = 0.0
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """All conditions must hold (none: a catch-all); each names several codes of which one must fit."""

    conditions: tuple[Condition, ...] = ()
    pools: Ordered | Nearest
    fence: bool = False  # never leave these pools: no fallback, fail open inside them
    source: Source

    def steps(self) -> tuple[PoolName | Blend, ...]:
        return self.pools.steps if isinstance(self.pools, Ordered) else self.pools.pools

    def pools_named(self) -> Iterator[PoolName]:
        """By the rule itself; what a policy in it names is for that to say."""
        for step in self.steps():
            if isinstance(step, Blend):
                yield from (part for part, _ in step.parts if not isinstance(part, Policy))
            else:
                yield step


@dataclass(frozen=True, slots=True)
class Prefixes:
    """As many leading bits of its address tell a client from others, where a selection keeps it on its member."""

    ipv4: int = 24
    ipv6: int = 56


class Locate(Enum):
    """Whose address says where a client is; in the words of zone files. What is first goes first."""

    EITHER = ("ecs", "resolver")
    RESOLVER = ("resolver",)
    SUBNET = ("ecs",)

    def __str__(self) -> str:
        return ", ".join(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules are tried in order and the first that fits wins; the last one fits everybody."""

    name: str
    rules: tuple[Rule, ...]
    select: str = "round_robin"  # the registered name of a selection
    select_is_final: bool = False  # even where a pool has a selection of its own
    answers: int = 1  # addresses in an answer
    sticky: Prefixes | None = None  # None: the prefixes that are the default
    ttl: int  # seconds
    fallback: PoolName | None = None
    locate: Locate = Locate.EITHER
    source: Source

    def within(self) -> Iterator["Policy"]:
        """Itself and those that its rules send clients to, on every level."""
        yield self
        for blend in (step for rule in self.rules for step in rule.steps() if isinstance(step, Blend)):
            for part, _ in blend.parts:
                if isinstance(part, Policy):
                    yield from part.within()

    def every_rule(self) -> Iterator[Rule]:
        """Of all policies within it."""
        return (rule for policy in self.within() for rule in policy.rules)

    def pools(self) -> tuple[PoolName, ...]:
        """Every pool that it may send a client to, in the written order, each once; the fallback comes last."""
        named = [name for rule in self.every_rule() for name in rule.pools_named()]
        fallbacks = [policy.fallback for policy in self.within() if policy.fallback is not None]
        return tuple(dict.fromkeys([*named, *fallbacks]))


@dataclass(frozen=True, slots=True)
class Made:
    """A pool that a route makes of others: they share by weight, or, `in_order`, the first that holds answers."""

    name: PoolName
    parts: tuple[tuple[PoolName, int], ...]
    in_order: bool = False

    @classmethod
    def of(cls, parts: tuple[tuple[PoolName, int], ...], *, in_order: bool = False) -> "Made":
        """Its name says what it is made of. Names that are written hold no space."""
        if in_order:
            return cls(PoolName(f"({' → '.join(name for name, _ in parts) or 'no address'})"), parts, in_order)
        return cls(PoolName(" + ".join(f"{name} {weight}" for name, weight in parts)), parts)


@dataclass(frozen=True, slots=True)
class Route:
    """What a rule comes to for one client: pools in failover order, and whether they may be left. `made`: those among
    them that are in no zone file, each after what it is made of."""

    pools: tuple[PoolName, ...]
    fence: bool = False
    made: tuple[Made, ...] = ()

    def __str__(self) -> str:
        text = " → ".join(self.pools) or "no address"
        return f"{text} (fenced)" if self.fence else text
