"""The law that caches live by: no two clients inside one returned scope can get different distributions, nor, where
clients are kept on their members, different answers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

import dns.message
from hypothesis import example, given
from hypothesis import strategies as st

from geodns.geo.atlas import Atlas
from geodns.geo.fold import fold
from geodns.geo.runs import Runs
from geodns.geo.special import FOLDS, SPECIAL_V4, SPECIAL_V6
from geodns.model.name import show
from geodns.model.place import NOWHERE, Address, Network, Place
from geodns.model.policy import (
    AnyOf,
    Blend,
    Condition,
    InCountry,
    InNetwork,
    Locate,
    NoneOf,
    Ordered,
    Policy,
    Prefixes,
    Rule,
)
from geodns.model.pool import Family, PoolName, State
from geodns.model.verdict import Outlook
from geodns.policy.choice import Choice, choose
from geodns.policy.route import own_networks, route_of
from tests.strategies import addresses, atlases, networks
from tests.values import ORIGIN, alias, check, member, outlook, policy, pool, rule, zone
from tests.world import Client, scope, table_of

CHECK = check()
POOLS = (
    pool("eu", member("eu1", "192.0.2.1", "2001:db8::1"), member("eu2", "192.0.2.2"), check=CHECK, at=(50.1, 8.7)),
    pool("us", member("us1", "192.0.2.11", "2001:db8::11"), check=CHECK, at=(39.0, -77.5)),
    pool("v4", member("v41", "192.0.2.21", weight=2), member("v42", "192.0.2.22"), check=CHECK),
    pool("sorry", member("static", "192.0.2.31")),
    pool("cdn", alias("d123", "d123.cdn.example.net."), alias("d456", "d456.cdn.example.net.")),
)
BY_NAME = {each.name: each for each in POOLS}
NAMES = [str(each.name) for each in POOLS]


@dataclass(frozen=True, slots=True)
class World:
    atlas: Atlas
    policy: Policy
    outlook: Outlook

    def chosen(self, client: Address, resolver: Address, family: Family) -> Choice:
        """What a client should meet, worked out for its address alone, without any territory."""
        place = self._place(client) if self.policy.locate is not Locate.RESOLVER else None
        if place is None and self.policy.locate is not Locate.SUBNET:
            place = self._place(resolver)
        return self.chosen_at(place or NOWHERE, family)

    def chosen_at(self, place: Place, family: Family) -> Choice:
        return choose(ORIGIN, route_of(self.policy, BY_NAME, place), self.policy, BY_NAME, family, self.outlook)

    def _place(self, address: Address) -> Place | None:
        """None: the address says nothing about its user."""
        special = (SPECIAL_V4 if address.version == 4 else SPECIAL_V6).at(int(address))
        own = frozenset(network for network in own_networks(self.policy) if address in network)
        if own:
            return replace(NOWHERE if special else self.atlas.place_of(address), networks=own)
        if special in FOLDS:
            return self._place(fold(address))
        return None if special else self.atlas.place_of(address)


@st.composite
def rules(draw: st.DrawFn, own: list[Network], names: list[str] = NAMES) -> Rule:
    network = [str(each) for each in own if draw(st.booleans())]
    country = draw(st.lists(st.sampled_from(["DE", "FR", "JP"]), max_size=2))
    pools = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    return rule(
        *pools,
        network=network,
        country=country,
        also=draw(st.lists(st.sampled_from(combined(own)), max_size=1)),
        nearest=draw(st.booleans()),
        fence=draw(st.booleans()),
    )


def combined(own: list[Network]) -> list[Condition]:
    """A region of countries and networks, and what it keeps out."""
    inside: tuple[Condition, ...] = (InCountry(frozenset({"FR"})), InNetwork(frozenset(own[:1])))
    return [AnyOf(inside), NoneOf(inside), NoneOf((AnyOf(inside), InCountry(frozenset({"DE"}))))]


@st.composite
def delegations(draw: st.DrawFn, own: list[Network], names: list[str]) -> Ordered:
    """To another policy: all of it, as a step, or with a share."""
    inner = policy(
        *draw(st.lists(rules(own, names), max_size=3)), rule("v4"), fallback=draw(st.sampled_from([None, "sorry"]))
    )
    whole, share = Blend(((inner, 1),)), Blend(((inner, 3), (PoolName("us"), 1)))
    return Ordered(draw(st.sampled_from([(whole,), (whole, PoolName("eu")), (share,), (PoolName("eu"), share)])))


def delegating(decided: Policy, where: Ordered) -> Policy:
    """What the last rule leaves to it."""
    return replace(decided, rules=(*decided.rules[:-1], replace(decided.rules[-1], pools=where)))


@st.composite
def worlds(draw: st.DrawFn, names: list[str] = NAMES) -> World:
    """`names`: of the pools that its policy may use."""
    own = draw(networks)
    decided = policy(
        *draw(st.lists(rules(own, names), max_size=4)),
        rule(*draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))),
        select=draw(st.sampled_from(["round_robin", "weighted", "random", "all", "sticky"])),
        answers=draw(st.integers(1, 2)),
        fallback=draw(st.sampled_from([None, "sorry"])),
        locate=draw(st.sampled_from(Locate)),
    )
    if draw(st.booleans()):
        decided = delegating(decided, draw(delegations(own, names)))
    everything = [str(address) for each in POOLS[:3] for one in each.members for address in one.addresses]
    down = draw(st.lists(st.sampled_from(everything), unique=True))
    states = draw(
        st.dictionaries(
            st.sampled_from([("eu", "eu1"), ("us", "us1"), ("v4", "v41")]), st.sampled_from(State), max_size=2
        )
    )
    return World(draw(atlases), decided, outlook(*((CHECK, each) for each in down), overrides=states))


def inside(address: Address, depth: int, low_bits: int) -> Address:
    """The address whose first `depth` bits are the same, and the others those of `low_bits`."""
    host = (1 << address.max_prefixlen - depth) - 1
    number = int(address) & ~host | low_bits & host
    return ip_address(number.to_bytes(address.max_prefixlen // 8, "big"))


def asked(
    client: Client, family: Family, subnet: Address, source: int, resolver: Address
) -> tuple[int, list[str], int]:
    """(scope, addresses or the CNAME's target, TTL), the last two empty for NODATA."""
    prefix = ip_network((subnet.packed, source), strict=False)
    reply = client.ask("www.example.com.", family.rtype, subnet=str(prefix), client=str(resolver))
    found = scope(reply)
    assert found is not None
    ttl = reply.answer[0].ttl if reply.answer else 0
    return found, data_in(reply), ttl


def data_in(reply: dns.message.Message) -> list[str]:
    return [rdata.to_text() for rrset in reply.answer for rdata in rrset]


def possible(choice: Choice, family: Family) -> set[str]:
    found = {str(address) for one in choice.roster.own for address in one.of_family(family)}
    return found | {show(one.target) for one in choice.roster.own if one.target is not None}


def agrees(answered: Iterable[str], choice: Choice, family: Family) -> bool:
    """An answer comes where there is one. But of a blend with addresses the draw for all other types may come to
    these, and then there is none."""
    if family is Family.ALIAS and any(one.target is None for one in choice.roster.everyone):
        return set(answered) <= possible(choice, family)
    return bool(set(answered)) is bool(possible(choice, family))


def met(choice: Choice, family: Family) -> Choice | None:
    """What a cache could mix up: NODATA is the same whatever led there."""
    return choice if possible(choice, family) else None


NO_AAAA = World(
    Atlas(name="test", built=0, digest="", places=(NOWHERE,), v4=Runs([0], [0]), v6=Runs([0], [0])),
    policy(rule(network=["0.0.0.0/1"]), rule("v4")),
    outlook(),
)

BLENDED = World(  # of eight draws for other types than A and AAAA two come to addresses
    Atlas(name="test", built=0, digest="", places=(NOWHERE,), v4=Runs([0], [0]), v6=Runs([0], [0])),
    policy(replace(rule("cdn"), pools=Ordered(steps=(Blend(parts=((PoolName("cdn"), 3), (PoolName("us"), 1))),)))),
    outlook(),
)

IN_6TO4 = World(
    Atlas(name="test", built=0, digest="", places=(NOWHERE,), v4=Runs([0], [0]), v6=Runs([0], [0])),
    policy(rule(network=["2002::/35"]), rule("v4")),
    outlook(),
)


@example(IN_6TO4, [(ip_address("2002:0:2000::"), ip_address("0.0.0.0"), 35, 0)])  # its IPv4 leaf is wider than that
@example(BLENDED, [(ip_address("0.0.0.0"), ip_address("0.0.0.0"), 1, 0)] * 8)
@example(NO_AAAA, [(ip_address("0.0.0.0"), ip_address("::2"), 1, 0)])  # two ways to NODATA: the scope is 0
@given(
    worlds(),
    st.lists(st.tuples(addresses, addresses, st.integers(1, 128), st.integers(0, 2**128 - 1)), min_size=1, max_size=5),
)
def test_no_two_clients_in_one_scope_can_get_different_distributions(
    world: World, questions: list[tuple[Address, Address, int, int]]
) -> None:
    served = zone(steered={"www": "global"}, pools=POOLS, policies=[world.policy])
    client = Client(table_of([served], world.atlas, world.outlook))
    for subnet, resolver, source, low_bits in questions:
        source = min(source, subnet.max_prefixlen)
        subnet = inside(subnet, source, 0)
        for family in Family:
            depth, answered, ttl = asked(client, family, subnet, source, resolver)
            choice = world.chosen(subnet, resolver, family)
            assert set(answered) <= possible(choice, family)
            assert agrees(answered, choice, family)
            assert not answered or ttl == choice.ttl
            for other in (low_bits, 0, -1):
                also = world.chosen(inside(subnet, depth, other), resolver, family)
                assert met(also, family) == met(choice, family)


MANY = pool("eu", *(member(f"m{n}", f"192.0.2.{n}", f"2001:db8::{n}") for n in range(1, 17)))


@given(
    worlds(),
    st.builds(Prefixes, ipv4=st.integers(1, 32), ipv6=st.integers(1, 128)),
    st.lists(
        st.tuples(
            addresses, addresses, st.just(128) | st.integers(1, 128), st.lists(st.integers(0, 2**128 - 1), max_size=6)
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_no_two_clients_in_one_scope_are_kept_on_different_members(
    world: World, prefixes: Prefixes, questions: list[tuple[Address, Address, int, list[int]]]
) -> None:
    """What is compared are answers: each of the neighbours asks for itself."""
    decided = replace(world.policy, select="sticky", sticky=prefixes)
    served = zone(steered={"www": "global"}, pools=[MANY, *POOLS[1:]], policies=[decided])
    client = Client(table_of([served], world.atlas, world.outlook))
    for subnet, resolver, source, neighbours in questions:
        source = min(source, subnet.max_prefixlen)
        subnet = inside(subnet, source, 0)
        for family in Family:
            depth, *answer = asked(client, family, subnet, source, resolver)
            for low_bits in (*neighbours, 0, -1):
                neighbour = inside(subnet, depth, low_bits)
                assert asked(client, family, neighbour, neighbour.max_prefixlen, resolver) == (depth, *answer)


@given(worlds(), st.lists(addresses, min_size=1, max_size=8))
def test_without_a_subnet_the_resolver_gets_what_a_client_there_would(world: World, resolvers: list[Address]) -> None:
    served = zone(steered={"www": "global"}, pools=POOLS, policies=[world.policy])
    client = Client(table_of([served], world.atlas, world.outlook))
    for resolver in resolvers:
        for family in Family:
            reply = client.ask("www.example.com.", family.rtype, client=str(resolver))
            answered = {rdata.to_text() for rrset in reply.answer for rdata in rrset}
            choice = world.chosen(resolver, resolver, family)
            if world.policy.locate is Locate.SUBNET:
                choice = world.chosen_at(NOWHERE, family)
            assert answered <= possible(choice, family)
            assert agrees(answered, choice, family)
