"""What if these were down? Pools and an outlook in which they fail their checks. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from geodns.model.check import Check, Heard, Target
from geodns.model.place import Address
from geodns.model.pool import Member, Pool, PoolName, State
from geodns.model.verdict import CLEAR, MemberKey, Outlook, Standing, Verdict

_FOR_GOOD = float("inf")


class _Supposed:
    """The probe of a supposition: nobody asks it."""

    async def ask(self, address: Address) -> Heard:
        raise AssertionError("a supposed check is never run")


def suppose_down(
    pools: Mapping[PoolName, Pool], down: frozenset[str], outlook: Outlook | None = None
) -> tuple[dict[PoolName, Pool], Outlook]:
    """`down`: pools, or `pool/member`s. All others are as `outlook` says; without one, all pass a check.

    Only what has a check can fail, so a pool without one is given one here. Names elsewhere cannot be checked: nobody
    but an operator takes them down, so that is what is supposed.
    """
    down = _leaves(pools, down)
    pools = {name: _without_aliases(pool, down) for name, pool in pools.items()}
    standings = dict(outlook.standings) if outlook else {}
    supposed: dict[PoolName, Pool] = {}
    for name, pool in pools.items():
        checked = pool if outlook and (pool.check or not _is_touched(down, pool)) else _with_check(pool)
        supposed[name] = checked
        for member in pool.members:
            verdict = Verdict.DOWN if _is_named(down, pool, member) else Verdict.UP
            if checked.check and (checked is not pool or verdict is Verdict.DOWN):
                targets = (Target(checked.check, address) for address in member.addresses)
                standings |= dict.fromkeys(targets, Standing(verdict, _FOR_GOOD))
    said = outlook or CLEAR
    overrides = {key: each for key, each in said.overrides.items() if not _is_freed(pools, key, down)}
    outlook = replace(said, standings=standings, overrides=overrides)
    return {name: _supposing(pool, supposed) for name, pool in supposed.items()}, outlook


def _is_freed(pools: Mapping[PoolName, Pool], key: MemberKey, down: frozenset[str]) -> bool:
    """Of what operators said, that of an alias that is supposed down."""
    members = pools[key.pool].members if key.pool in pools else ()
    return any(
        each.name == key.member and _is_elsewhere(each) and _is_named(down, pools[key.pool], each) for each in members
    )


def _without_aliases(pool: Pool, down: frozenset[str]) -> Pool:
    members = tuple(
        replace(member, state=State.DOWN) if _is_elsewhere(member) and _is_named(down, pool, member) else member
        for member in pool.members
    )
    return replace(pool, members=members)


def _is_elsewhere(member: Member) -> bool:
    return member.target is not None or member.outside is not None


def _with_check(pool: Pool) -> Pool:
    return replace(pool, check=Check(zone="", name=pool.name, type="", probe=_Supposed(), source=pool.source))


def _leaves(pools: Mapping[PoolName, Pool], names: frozenset[str]) -> frozenset[str]:
    """Of a pool of pools, all of them."""
    within = (leaf.name for name, pool in pools.items() if name in names for leaf in pool.leaves())
    return names.union(within)


def _supposing(pool: Pool, supposed: Mapping[PoolName, Pool]) -> Pool:
    return replace(pool, parts=tuple(replace(p, pool=_supposing(supposed[p.pool.name], supposed)) for p in pool.parts))


def _is_touched(down: frozenset[str], pool: Pool) -> bool:
    return any(_is_named(down, pool, member) for member in pool.members)


def _is_named(down: frozenset[str], pool: Pool, member: Member) -> bool:
    return pool.name in down or f"{pool.name}/{member.name}" in down
