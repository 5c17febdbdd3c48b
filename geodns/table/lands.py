"""Zones + atlas → lands: each policy's territory, encoded. Rules and databases change them, health never does."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import assert_never

from geodns import __version__
from geodns.geo.atlas import Atlas
from geodns.geo.territory import draw
from geodns.geo.view import Views
from geodns.model.name import Name
from geodns.model.policy import (
    AnyOf,
    Blend,
    Condition,
    InAsn,
    InCity,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    Nearest,
    NoneOf,
    Policy,
    Route,
    Rule,
)
from geodns.model.pool import PoolName, Pools
from geodns.model.zone import Zone
from geodns.policy.anonymous import anonymous
from geodns.policy.kin import router
from geodns.policy.match import looked_at
from geodns.policy.route import alike, own_networks
from geodns.policy.selection import tells_clients_apart
from geodns.table.block import join
from geodns.table.layout import FORMAT, KIND_TERRITORIES
from geodns.table.territories import encode_territory


@dataclass(frozen=True, slots=True)
class Land:
    """A drawn and encoded territory. `routes` in the block's numbering."""

    routes: tuple[Route, ...]
    block: bytes


@dataclass(frozen=True, slots=True)
class Lands:
    """Every policy's territory; policies with the same rules share one."""

    lands: tuple[Land, ...]
    of_policy: Mapping[tuple[Name, str], int]  # index into lands


Keep = Callable[[str, Callable[[], Land]], Land]


def draw_lands(zones: Sequence[Zone], atlas: Atlas, keep: Keep = lambda _, make: make()) -> Lands:
    """`keep(digest, make)` may return what it kept under the digest of a land's makings instead of making it.

    Policies that differ in the names of their pools alone are drawn once, and share the block.
    """
    views, drawn = Views(atlas), dict[str, Land]()
    numbers: dict[tuple[str, tuple[PoolName, ...]], int] = {}
    lands: list[Land] = []
    of_policy: dict[tuple[Name, str], int] = {}
    for zone in zones:
        for policy in zone.policies.values():
            plain = anonymous(policy, zone.pools)
            digest = makings(plain.policy, plain.pools, atlas)
            if digest not in drawn:
                drawn[digest] = keep(digest, partial(_draw_through, views, plain.policy, plain.pools))
            number = numbers.setdefault((digest, plain.names), len(lands))
            if number == len(lands):
                lands.append(Land(tuple(map(plain.named, drawn[digest].routes)), drawn[digest].block))
            of_policy[zone.name, policy.name] = number
    return Lands(tuple(lands), of_policy)


def _draw_through(views: Views, policy: Policy, pools: Pools) -> Land:
    """Places that the policy does not tell apart need not be told apart before it."""
    return draw_land(policy, pools, views.through(looked_at(policy)))


def draw_land(policy: Policy, pools: Pools, atlas: Atlas) -> Land:
    territory = draw(
        atlas,
        own_networks(policy),
        router(policy, pools),
        alike(policy),
        tells_clients_apart=tells_clients_apart(policy, pools),
    )
    return Land(territory.routes, encode_territory(territory))


def makings(policy: Policy, pools: Pools, atlas: Atlas) -> str:
    """A digest of all that a territory depends on. Health and addresses are not among it; our own version is, with
    the tables of countries and special blocks that it brings, and the way in which it draws and writes."""
    text = [f"{__version__} {FORMAT}", atlas.digest, f"clients apart: {tells_clients_apart(policy, pools)}"]
    policies = list(policy.within())
    for each in policies:
        text.append(f"policy, then {each.fallback if each is not policy else None}")
        for rule in each.rules:
            text += _makings_of(rule, policies, pools)
    return blake2b("\n".join(text).encode(), digest_size=16).hexdigest()


def _makings_of(rule: Rule, policies: list[Policy], pools: Pools) -> Iterator[str]:
    yield from sorted(_spelled(condition) for condition in rule.conditions)
    if isinstance(rule.pools, Nearest):
        yield f"{rule.pools} {rule.fence}"
        yield from (str(pools[name].location) for name in rule.pools.pools)
        return
    for step in rule.pools.steps:
        parts = step.parts if isinstance(step, Blend) else ((step, 1),)
        yield str([(policies.index(part) if isinstance(part, Policy) else part, weight) for part, weight in parts])
    yield f"fence {rule.fence}"


def _spelled(condition: Condition) -> str:
    """The same whatever the order in which sets are told."""
    match condition:
        case AnyOf(conditions) | NoneOf(conditions):
            wanted = [_spelled(each) for each in conditions]
        case InNetwork(networks):
            wanted = sorted(map(str, networks))
        case InContinent(codes) | InCountry(codes) | InSubdivision(codes) | InCity(codes):
            wanted = sorted(codes)
        case InAsn(numbers):
            wanted = sorted(map(str, numbers))
        case _:
            assert_never(condition)
    return f"{type(condition).__name__} {wanted}"


def territories_part(lands: Lands) -> bytes:
    """Policies that part the clients alike share a block, however differently they are written."""
    blocks = [land.block for land in lands.lands]
    numbers = {block: number for number, block in enumerate(dict.fromkeys(blocks))}
    return join(KIND_TERRITORIES, tuple(numbers), [numbers[block] for block in blocks])
