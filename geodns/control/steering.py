"""What a policy made of a client: rule, route, pools passed over, who answers with which share, and why. Pure.

Route and odds are read from the compiled data that answers; the rule is the one whose route the table gave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from geodns.answer import found, key, wire
from geodns.answer.draw import entry_of
from geodns.answer.query import Query
from geodns.control.clients import effective
from geodns.control.edition import Edition
from geodns.control.members import MemberView, view_member
from geodns.control.reasons import HistoryOf, Reasons
from geodns.model.place import NOWHERE, Address
from geodns.model.policy import Locate, Policy, Route
from geodns.model.pool import Family, Member, Pool, PoolName, Pools
from geodns.model.verdict import MemberKey
from geodns.model.zone import Zone
from geodns.policy.availability import availability
from geodns.policy.choice import Choice, Ground
from geodns.policy.match import first_match
from geodns.policy.remarks import remarks
from geodns.policy.whereabouts import place_for
from geodns.table import layout
from geodns.table.odds import odds, plan_at
from geodns.table.plan import PlanKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A client that sticks to its member. `prefix`: by which it is known; `members`: whom it gets while they are up."""

    prefix: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """What a policy made of the client. `kept` None: members answer in turn."""

    policy: str
    rule: str  # file:line:column
    rule_number: int  # from 1
    effective: str  # the address that was looked up
    effective_reason: str
    place: str
    locate: str  # whose address says so
    database: str
    route: str
    pool: str | None
    shares: tuple[tuple[str, float], ...]  # (pool, share), where it leaves clients to others because of its load
    ground: str
    passed_over: tuple[tuple[str, str], ...]  # (pool, why)
    not_reached: tuple[tuple[str, str], ...]  # the same of those after the pool that answers
    parts: tuple[tuple[str, tuple[str, ...]], ...]  # (pool of pools, those whose members answer for it)
    members: tuple[MemberView, ...]
    kept: Kept | None
    ttl: int
    ttl_reason: str
    remarks: tuple[str, ...]  # on hints, and on what time is doing to these pools


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the edition: of the client and who asks for it, and of members."""

    client: Address
    asker: Address
    down: frozenset[str]
    history_of: HistoryOf


def steering_of(edition: Edition, zone: Zone, query: Query, kind: int, facts: Facts) -> Steering | None:
    number = _plan_number(edition, query, kind)
    if number is None:
        return None
    plan = edition.plans[number]
    policy = zone.policies[plan.key.policy]
    land = edition.lands.of_policy[zone.name, policy.name]
    route = edition.lands.lands[land].routes[query.route]
    choice = plan.choices[route]
    pools = edition.drafts.drafts[number].pools
    at = plan_at(edition.table, number)
    shares = odds(edition.table, at, query.route)
    who = effective(query, facts.client, facts.asker, policy.locate)
    is_nowhere = policy.locate is Locate.SUBNET and not query.by_subnet and len(policy.rules) > 1
    place = NOWHERE if is_nowhere else place_for(policy, who.outer, edition.inputs.atlas.place_of)
    rule = first_match(policy, place)
    not_reached = _not_reached(policy, route, choice)
    reasons = _reasons(edition, zone, pools, plan.key, choice, not_reached, facts)
    return Steering(
        policy=policy.name,
        rule=str(rule.source),
        rule_number=policy.rules.index(rule) + 1,
        effective=str(who.address),
        effective_reason=who.reason,
        place=_place_text(str(place), place.networks),
        locate=str(policy.locate),
        database=edition.inputs.atlas.name,
        route=str(route),
        pool=choice.pool,
        shares=tuple((pool, float(share)) for pool, share in choice.shares),
        ground=_ground(plan.key, choice),
        passed_over=tuple((each.pool, each.reason) for each in choice.passed_over),
        not_reached=tuple(not_reached),
        parts=tuple((name, leaves) for name in route.pools if (leaves := _leaves(pools[name])) != (name,)),
        members=_members(edition, zone, pools, choice, shares, reasons),
        kept=_kept(edition, zone, at, query, who.outer),
        ttl=choice.ttl,
        ttl_reason=_ttl_reason(choice),
        remarks=(
            *_on_hints(plan.key, choice),
            *remarks(zone.name, [pools[name] for name in route.pools], edition.outlook),
        ),
    )


def _reasons(
    edition: Edition,
    zone: Zone,
    pools: Pools,
    key: PlanKey,
    choice: Choice,
    not_reached: Sequence[tuple[PoolName, str]],
    facts: Facts,
) -> Reasons:
    return Reasons(
        outlook=edition.outlook,
        zone=zone,
        family=key.family,
        not_reached=_of_leaves(pools, choice, not_reached),
        passed_over={
            **_of_leaves(pools, choice, [(each.pool, each.reason) for each in choice.passed_over]),
            **_failed_parts(edition, pools, key, choice),
        },
        down=facts.down,
        history_of=facts.history_of,
    )


def _not_reached(policy: Policy, route: Route, choice: Choice) -> list[tuple[PoolName, str]]:
    """The pools that the policy has for the client and nobody looked at, since an earlier one answers."""
    last = [policy.fallback] if policy.fallback and route.pools and not route.fence else []
    seen = {*(each.pool for each in choice.passed_over), *choice.answering}
    rest = dict.fromkeys(pool for pool in (*route.pools, *last) if pool not in seen)
    return [(pool, f"{choice.pool} answers before it") for pool in rest]


def _of_leaves(pools: Pools, choice: Choice, told: Sequence[tuple[PoolName, str]]) -> dict[PoolName, str]:
    """What is in the pools that answer too has its reasons there."""
    answering = {leaf for name in choice.answering for leaf in _leaves(pools[name])}
    return {leaf: why for pool, why in told for leaf in _leaves(pools[pool]) if leaf not in answering}


def _failed_parts(edition: Edition, pools: Pools, key: PlanKey, choice: Choice) -> dict[PoolName, str]:
    """Of pools of pools that answer, those that have failed as a whole."""
    leaves = [leaf for name in choice.answering for leaf in pools[name].leaves()]
    families = choice.hints or key.families
    views = [[availability(key.zone, leaf, family, edition.outlook) for family in families] for leaf in leaves]
    return {each[0].pool.name: each[0].reason for each in views if not any(view.holds for view in each)}


def _leaves(pool: Pool) -> tuple[PoolName, ...]:
    return tuple(dict.fromkeys(leaf.name for leaf in pool.leaves()))


def _plan_number(edition: Edition, query: Query, kind: int) -> int | None:
    """The plan that the node the answer came from has for the type, or for all that it does not have. ANY gets the
    first."""
    if query.found not in (found.EXACT, found.WILDCARD):
        return None
    names = edition.table.names
    shape = names[query.node + layout.NODE_SHAPE]
    if shape == 0:
        return None
    ats = range(shape + 1, shape + 1 + 2 * names[shape], 2)
    references: dict[int, int] = {names[at]: names[at + 1] for at in ats}
    wanted = next(iter(references)) if kind == wire.ANY else kind
    reference = references.get(wanted, references.get(Family.ALIAS.value, 0))
    return reference ^ layout.STEERED if reference & layout.STEERED else None


def _ttl_reason(choice: Choice) -> str:
    """With the members whose own TTL makes it less in the answers that name them."""
    own = [
        f"{member.name} (its own {choice.ttl_of([member])})"
        for member in choice.roster.own
        if _is_shorter(choice, member)
    ]
    return f"{choice.ttl_reason}; less in answers with {', '.join(own)}" if own else choice.ttl_reason


def _is_shorter(choice: Choice, member: Member) -> bool:
    return choice.ttl_of([member]) < choice.ttl


def _place_text(place: str, networks: frozenset[object]) -> str:
    return f"{place} (own networks: {', '.join(sorted(map(str, networks)))})" if networks else place


def _ground(key: PlanKey, choice: Choice) -> str:
    if choice.unresolved:
        return Ground.UNRESOLVED.value
    if choice.roster.own or choice.pool is None or key.family is None:
        return choice.ground.value
    if key.family is Family.ALIAS:
        return f"{choice.pool} has addresses and no CNAME: no data of other types"
    return f"{choice.pool} has no address for {key.family.rtype}: no data, rather than another pool's address"


def _on_hints(key: PlanKey, choice: Choice) -> tuple[str, ...]:
    if key.service is None:
        return ()
    if not choice.roster.own:
        return ("there is no address, so the records have no hints",)
    types = [family.rtype for family in choice.hints]
    if len(types) == 1:
        return (f"hints are those of {types[0]} alone, for the other type is answered with other members",)
    return (f"hints are the addresses that {' and '.join(types)} are answered with",)


def _members(
    edition: Edition, zone: Zone, pools: Pools, choice: Choice, shares: Mapping[int, float], reasons: Reasons
) -> tuple[MemberView, ...]:
    """Every member of every pool on the way, in the route's order; shares as the table draws them."""
    slots = edition.ledgers.member_slots([zone])
    names = dict.fromkeys([*(each.pool for each in choice.passed_over), *choice.answering])
    answering = {leaf.name for name in choice.answering for leaf in pools[name].leaves()}
    on_the_way = [leaf.name for name in names for leaf in pools[name].leaves() if leaf.members]

    def view(pool: Pool, member: Member) -> MemberView:
        slot = slots[MemberKey(zone.name, pool.name, member.name)]
        share = shares.get(slot, 0.0) if pool.name in answering else 0.0
        why = "" if share else reasons.of(pool, member)
        return view_member(edition.outlook, zone, pool, member, share, reasons.family, why)

    return tuple(
        view(zone.pools[pool], member)
        for pool in dict.fromkeys([*on_the_way, *reasons.not_reached])
        for member in zone.pools[pool].members
    )


def _kept(edition: Edition, zone: Zone, plan: int, query: Query, who: Address) -> Kept | None:
    """`who`: whose address decides. None where the route has no address, or clients have no members of their own."""
    words = edition.table.plans
    offset = words[plan + layout.PLAN_WORDS + query.route]
    distribution = plan + offset
    if offset <= layout.ROUTE_UNRESOLVED or words[distribution + layout.DISTRIBUTION_BUCKETS] == 0:
        return None
    prefixes = words[distribution + layout.DISTRIBUTION_PREFIXES]
    hashed = key.key_of(query, prefixes)
    entry = entry_of(words, plan, distribution, hashed)
    spare = words[distribution + layout.DISTRIBUTION_SPARE]
    if words[entry + layout.ENTRY_VARIANTS] == 0 and spare != 0:
        entry = entry_of(words, plan, plan + spare, hashed)
    tally = plan + words[entry + layout.ENTRY_TALLIES]
    named = {slot: member.member for member, slot in edition.ledgers.member_slots([zone]).items()}
    return Kept(
        prefix=block(who, key.known_bits(query, len(who.packed), prefixes)),
        members=tuple(named[slot] for slot in words[tally + 1 : tally + 1 + words[tally]]),
    )


def block(client: Address, bits: int) -> str:
    return str(ip_network(f"{client}/{bits}", strict=False))
