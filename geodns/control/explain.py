"""Why this answer? The question is put to the table that serves, and what it went through is named.

Pure. The reply, route, scope and odds are read from the compiled data; the rule is the one whose route the table gave.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from ipaddress import ip_network

import dns.edns
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from geodns.answer import found, key
from geodns.answer.draw import entry_of
from geodns.answer.memory import private_memory
from geodns.answer.query import Query
from geodns.answer.reply import answer
from geodns.answer.terms import STREAM
from geodns.control.edition import Edition
from geodns.control.members import MemberView, view_member
from geodns.control.supposing import with_down
from geodns.model.name import Name
from geodns.model.place import Address, Place
from geodns.model.policy import Locate
from geodns.model.pool import Family, Member, Pool, PoolName
from geodns.model.verdict import MemberKey
from geodns.model.zone import Zone
from geodns.policy.choice import Choice
from geodns.policy.match import first_match
from geodns.policy.trial import place_for
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
    place: str
    locate: str  # whose address says so
    database: str
    route: str
    pool: str | None
    ground: str
    passed_over: tuple[tuple[str, str], ...]  # (pool, why)
    parts: tuple[tuple[str, tuple[str, ...]], ...]  # (pool of pools, those whose members answer for it)
    members: tuple[MemberView, ...]
    kept: Kept | None
    ttl: int
    ttl_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`steering` None: the answer is the same for everybody. `answer`: records in presentation form, of one draw."""

    name: str
    type: str
    client: str
    generation: int
    zone: str | None
    found: str
    rcode: str
    answer: tuple[str, ...]
    authority: tuple[str, ...]
    scope: int
    scope_reason: str
    steering: Steering | None
    down: tuple[str, ...] = ()  # what is only supposed to be

    def to_json(self) -> dict[str, object]:
        return asdict(self)


_FOUND = {
    found.OUTSIDE: "in none of the zones served here",
    found.EXACT: "the name itself",
    found.WILDCARD: "a wildcard",
    found.MISSING: "there is no such name",
    found.CUT: "delegated",
}


def explain(
    edition: Edition,
    name: str,
    rtype: str,
    client: Address | Place,
    generation: int,
    down: frozenset[str] = frozenset(),
) -> Explanation:
    """`client`: its address, or a place, for which an address there stands in. `down`: pools, or `pool/member`s of the
    name's zone, that are supposed to fail. Raises ValueError, with a sentence, where any of these is none.
    """
    try:
        owner = dns.name.from_text(name)
        kind = dns.rdatatype.from_text(rtype)
    except (dns.exception.DNSException, ValueError) as error:
        raise ValueError(f"{name} {rtype}: {error}") from error
    if isinstance(client, Place):
        client = _address_at(edition, client)
    query = Query()
    reply = _ask(edition, owner, kind, client, query)
    zone = _zone_at(edition, query.zone)
    if down:
        edition = with_down(edition, _whose(zone, owner), down)
        reply = _ask(edition, owner, kind, client, query)
        zone = _zone_at(edition, query.zone)
    steering = _steering(edition, zone, query, kind, client) if zone else None
    return Explanation(
        name=owner.to_text(),
        type=dns.rdatatype.to_text(kind),
        client=str(client),
        generation=generation,
        zone=str(zone) if zone else None,
        found=_FOUND[query.found],
        rcode=dns.rcode.to_text(reply.rcode()),
        answer=tuple(str(rrset) for rrset in reply.answer),
        authority=tuple(str(rrset) for rrset in reply.authority),
        scope=query.scope,
        scope_reason=_scope_reason(query.scope, client, steering),
        steering=steering,
        down=tuple(sorted(down)),
    )


def _address_at(edition: Edition, place: Place) -> Address:
    address = edition.inputs.atlas.address_at(place)
    if address is None:
        raise ValueError(f"{edition.inputs.atlas.name} has no address at {place}")
    return address


def _whose(zone: Zone | None, owner: dns.name.Name) -> Zone:
    if zone is None:
        raise ValueError(f"{owner} is in none of the zones served here, so nothing of it can be down")
    return zone


def _ask(
    edition: Edition, owner: dns.name.Name, kind: dns.rdatatype.RdataType, client: Address, query: Query
) -> dns.message.Message:
    """As the client's own address would be asked for, with its full client subnet."""
    subnet = dns.edns.ECSOption(str(client), client.max_prefixlen)
    packet = dns.message.make_query(owner, kind, use_edns=True, options=[subnet]).to_wire()
    reply = memoryview(bytearray(65535))
    query.take(memoryview(packet), len(packet), memoryview(client.packed), STREAM, reply)
    length = answer(edition.table, query, private_memory())
    if length <= 0:
        raise ValueError(f"{dns.rdatatype.to_text(kind)} is not answered from the table (transfers are refused)")
    return dns.message.from_wire(bytes(reply[:length]))


def _zone_at(edition: Edition, at: int) -> Zone | None:
    if at == 0:
        return None
    table = edition.table
    octet = table.names[at + layout.ZONE_OCTET]
    name = Name(bytes(table.names_octets[octet : octet + table.names[at + layout.ZONE_LENGTH]]))
    return next(zone for zone in edition.inputs.zones if zone.name == name)


def _steering(edition: Edition, zone: Zone, query: Query, kind: int, client: Address) -> Steering | None:
    number = _plan_number(edition, query, kind)
    if number is None:
        return None
    plan = edition.plans[number]
    policy = zone.policies[plan.key.policy]
    land = edition.lands.of_policy[zone.name, policy.name]
    route = edition.lands.lands[land].routes[query.route]
    choice = plan.choices[route]
    at = plan_at(edition.table, number)
    shares = odds(edition.table, at, query.route)
    place = place_for(policy, client, edition.inputs.atlas.place_of)
    rule = first_match(policy, place)
    atlas = edition.inputs.atlas
    return Steering(
        policy=policy.name,
        rule=str(rule.source),
        rule_number=policy.rules.index(rule) + 1,
        place=_place_text(str(place), place.networks),
        locate=str(policy.locate),
        database=atlas.name,
        route=str(route),
        pool=choice.pool,
        ground=choice.ground.value if choice.roster.own or choice.pool is None else _no_family(plan.key, choice),
        passed_over=tuple((each.pool, each.reason) for each in choice.passed_over),
        parts=tuple((name, leaves) for name in route.pools if (leaves := _leaves(zone, name)) != (name,)),
        members=_members(edition, zone, plan.key, choice, shares),
        kept=_kept(edition, zone, at, query, client),
        ttl=choice.ttl,
        ttl_reason=_ttl_reason(choice),
    )


def _leaves(zone: Zone, name: PoolName) -> tuple[PoolName, ...]:
    return tuple(dict.fromkeys(leaf.name for leaf in zone.pools[name].leaves()))


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
    wanted = next(iter(references)) if kind == dns.rdatatype.ANY else kind
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


def _no_family(key: PlanKey, choice: Choice) -> str:
    if key.family is Family.ALIAS:
        return f"{choice.pool} has addresses and no CNAME: no data of other types"
    return f"{choice.pool} has no address for {key.family.rtype}: no data, rather than another pool's address"


def _members(
    edition: Edition, zone: Zone, key: PlanKey, choice: Choice, shares: Mapping[int, float]
) -> tuple[MemberView, ...]:
    """Every member of every pool on the way, in the route's order; shares as the table draws them."""
    slots = edition.ledgers.member_slots([zone])
    names = dict.fromkeys([*(each.pool for each in choice.passed_over), *([choice.pool] if choice.pool else [])])
    answering = {leaf.name for leaf in zone.pools[choice.pool].leaves()} if choice.pool else set()

    def share(pool: Pool, member: Member) -> float:
        answers = pool.name in answering
        return shares.get(slots[MemberKey(zone.name, pool.name, member.name)], 0.0) if answers else 0.0

    return tuple(
        view_member(edition.outlook, zone, zone.pools[pool], member, share(zone.pools[pool], member), key.family)
        for pool in dict.fromkeys(leaf.name for name in names for leaf in zone.pools[name].leaves())
        for member in zone.pools[pool].members
    )


def _kept(edition: Edition, zone: Zone, plan: int, query: Query, client: Address) -> Kept | None:
    """None where the route has no address, or the ticket decides."""
    words = edition.table.plans
    offset = words[plan + layout.PLAN_WORDS + query.route]
    distribution = plan + offset
    if offset == 0 or words[distribution + layout.DISTRIBUTION_BUCKETS] == 0:
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
        prefix=_block(client, key.known_bits(query, len(client.packed), prefixes)),
        members=tuple(named[slot] for slot in words[tally + 1 : tally + 1 + words[tally]]),
    )


def _block(client: Address, bits: int) -> str:
    return str(ip_network(f"{client}/{bits}", strict=False))


def _scope_reason(scope: int, client: Address, steering: Steering | None) -> str:
    if steering is None:
        return "0: the answer is the same for everybody"
    if steering.locate == str(Locate.RESOLVER):
        return "0: the resolver's address decides, whatever the client subnet (locate: resolver)"
    if scope == 0:
        return "0: every client has this route"
    block = _block(client, min(scope, client.max_prefixlen))
    if steering.kept and steering.kept.prefix == block:
        return f"{scope}: {block} is what the client is known by (sticky), and it has this route throughout"
    return f"{scope}: {block} is the largest block around the client that has this route throughout"
