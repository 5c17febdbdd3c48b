"""The law of scopes for HTTPS: no two clients inside one returned scope can get different records, and its scope is
that of A."""

from dataclasses import replace

import dns.message
from hypothesis import given
from hypothesis import strategies as st

from geodns.model.place import Address
from geodns.model.policy import Prefixes
from geodns.model.pool import ADDRESS_FAMILIES, Family
from geodns.policy.choice import Choice
from geodns.policy.hinting import choose_hints
from tests.answer.test_scope import MANY, NAMES, POOLS, World, asked, data_in, inside, worlds
from tests.strategies import addresses
from tests.values import rrset, zone
from tests.world import Client, hints, scope, table_of

TTL = 25
HTTPS = rrset("www", "HTTPS", "1 . alpn=h2,h3", ttl=TTL)
of_addresses = worlds([name for name in NAMES if name != "cdn"])  # beside a CNAME there is no HTTPS


def choice_for(world: World, client: Address, resolver: Address) -> Choice:
    ipv4, ipv6 = (world.chosen(client, resolver, family) for family in ADDRESS_FAMILIES)
    return choose_hints(ipv4, ipv6, TTL)


def https(client: Client, subnet: Address, source: int, resolver: Address) -> dns.message.Message:
    return client.ask("www.example.com.", "HTTPS", subnet=f"{inside(subnet, source, 0)}/{source}", client=str(resolver))


def possible(choice: Choice) -> set[str]:
    return {str(address) for member in choice.roster.own for address in member.addresses}


@given(
    of_addresses,
    st.lists(st.tuples(addresses, addresses, st.integers(1, 128), st.integers(0, 2**128 - 1)), min_size=1, max_size=5),
)
def test_no_two_clients_in_one_scope_can_get_different_hints(
    world: World, questions: list[tuple[Address, Address, int, int]]
) -> None:
    served = zone(HTTPS, steered={"www": "global"}, pools=POOLS, policies=[world.policy])
    client = Client(table_of([served], world.atlas, world.outlook))
    for subnet, resolver, source, low_bits in questions:
        source = min(source, subnet.max_prefixlen)
        subnet = inside(subnet, source, 0)
        choice = choice_for(world, subnet, resolver)
        reply = https(client, subnet, source, resolver)
        assert set(hints(reply)) <= possible(choice)
        assert bool(hints(reply)) is bool(possible(choice))
        assert reply.answer[0].ttl == choice.ttl
        depth, *_ = asked(client, Family.IPV4, subnet, source, resolver)
        assert scope(reply) == depth
        for other in (low_bits, 0, -1):
            assert choice_for(world, inside(subnet, depth, other), resolver) == choice


@given(
    of_addresses,
    st.builds(Prefixes, ipv4=st.integers(1, 32), ipv6=st.integers(1, 128)),
    st.lists(
        st.tuples(
            addresses, addresses, st.just(128) | st.integers(1, 128), st.lists(st.integers(0, 2**128 - 1), max_size=6)
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_no_two_clients_in_one_scope_are_told_of_different_members(
    world: World, prefixes: Prefixes, questions: list[tuple[Address, Address, int, list[int]]]
) -> None:
    decided = replace(world.policy, select="sticky", sticky=prefixes)
    served = zone(HTTPS, steered={"www": "global"}, pools=[MANY, *POOLS[1:]], policies=[decided])
    client = Client(table_of([served], world.atlas, world.outlook))
    for subnet, resolver, source, neighbours in questions:
        source = min(source, subnet.max_prefixlen)
        reply = https(client, subnet, source, resolver)
        depth = scope(reply)
        assert depth is not None
        for low_bits in (*neighbours, 0, -1):
            neighbour = inside(inside(subnet, source, 0), depth, low_bits)
            other = https(client, neighbour, neighbour.max_prefixlen, resolver)
            assert (scope(other), data_in(other)) == (depth, data_in(reply))
