"""An encoded territory is searched as geo itself searches it: folds, private blocks and all."""

from array import array
from ipaddress import IPv4Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.answer.terms import TCP
from geodns.geo.atlas import Atlas
from geodns.geo.runs import Runs, uniform
from geodns.geo.territory import FOLD_6TO4, FOLD_LOW32, FOLD_TEREDO, RESOLVER, Territory, draw, find
from geodns.model.place import Address, Network, Place
from geodns.model.policy import Route
from geodns.model.pool import PoolName
from geodns.table import layout
from geodns.table.lands import Land, Lands, territories_part
from geodns.table.part import open_part
from geodns.table.territories import encode_territory, stretches
from tests import speeds
from tests.strategies import PLACES, addresses, atlases, networks

pytestmark = pytest.mark.usefixtures("speed")  # both of them


def by_country(place: Place) -> Route:
    named = f"{place.country}{len(place.networks) or ''}"
    return Route((PoolName(named),))


def searched(block: bytes, ecs: Address | None, source: int, resolver: Address) -> tuple[int, int]:
    """(route, scope) as the answer path finds them."""
    query = speeds.running.the("answer.query").Query()
    if ecs is not None:
        query.ecs_at, query.ecs_source, query.ecs_family = 1, source, 1 if ecs.version == 4 else 2
        query.ecs_address[: len(ecs.packed)] = ecs.packed
    words = memoryview(array("I", block))
    query.take(memoryview(b""), 0, memoryview(resolver.packed), TCP, memoryview(bytearray()))
    speeds.running.the("answer.locate").locate(words, 0, layout.LOCATE_EITHER, query)
    return query.route, query.scope


def leaf_of(territory: Territory[Route], address: Address) -> tuple[int, int]:
    """(route or RESOLVER, depth) by geo's own search, IPv4 inside of IPv6 unfolded; of two depths the larger."""
    leaves = territory.v4 if address.version == 4 else territory.v6
    at = find(leaves, int(address))
    value, depth = leaves.values[at], leaves.depths[at]
    inside = {FOLD_6TO4: int(address) >> 80, FOLD_LOW32: int(address), FOLD_TEREDO: ~int(address)}.get(value)
    if inside is None:
        return value, depth
    at = find(territory.v4, inside & 0xFFFFFFFF)
    before = 16 if value == FOLD_6TO4 else 96
    # Own networks may cut the IPv6 leaf finer than the IPv4 one.
    return territory.v4.values[at], max(territory.v4.depths[at] + before, depth)


def expected(territory: Territory[Route], ecs: Address | None, source: int, resolver: Address) -> tuple[int, int]:
    by_resolver, _ = leaf_of(territory, resolver)
    if by_resolver == RESOLVER:
        by_resolver = territory.nowhere
    if ecs is None or source == 0:
        return by_resolver, 0
    route, depth = leaf_of(territory, ecs)
    return (by_resolver if route == RESOLVER else route), depth


@given(atlases, networks, st.lists(st.none() | addresses, min_size=1, max_size=12), addresses, st.integers(0, 32))
def test_the_search_agrees_with_geo_s_own(
    atlas: Atlas, own: list[Network], clients: list[Address | None], resolver: Address, source: int
) -> None:
    territory = draw(atlas, own, by_country)
    block = encode_territory(territory)
    for client in clients:
        found = searched(block, client, source, resolver)
        assert found == expected(territory, client, source, resolver)


@given(atlases, networks)
def test_a_block_holds_each_leaf_once_and_in_order(atlas: Atlas, own: list[Network]) -> None:
    territory = draw(atlas, own, by_country)
    words = array("I", encode_territory(territory))
    for root, leaves, bits in ((layout.TERRITORY_IPV4, territory.v4, 32), (layout.TERRITORY_IPV6, territory.v6, 128)):
        found = list(stretches(words, 0, root, bits))
        assert [start for start, _ in found] == list(leaves.starts)
        assert [route for _, route in found if route < layout.ROUTE_LIMIT] == [v for v in leaves.values if v >= 0]


def test_a_large_territory_is_searched_through_all_its_nodes() -> None:
    starts = [n << 16 for n in range(1 << 16)]
    atlas = Atlas(
        name="test",
        built=0,
        digest="",
        places=PLACES,
        v4=Runs(starts, [(n * 7919 >> 3) % 4 for n in range(1 << 16)]),
        v6=uniform(0),
    )
    territory = draw(atlas, [], by_country)
    block = encode_territory(territory)
    resolver = ip_address("8.8.8.8")
    for number in range(0, 1 << 32, 0x3F_FFFB):
        client = ip_address(number)
        assert searched(block, client, 32, resolver) == expected(territory, client, 32, resolver)


OFFICE = ip_network("10.1.0.0/16")
SMALL = Atlas(
    name="test",
    built=0,
    digest="",
    places=PLACES,
    v4=Runs((0, int(ip_address("8.0.0.0")), int(ip_address("128.0.0.0"))), (0, 1, 2)),
    v6=Runs((0, int(ip_address("2003::")), int(ip_address("2a00::"))), (0, 3, 0)),
)


@pytest.mark.parametrize(
    ("subnet", "resolver", "country", "scope"),
    [
        pytest.param("8.8.8.8/32", "2003::1", "DE", 7, id="the leaf's depth"),
        pytest.param("8.0.0.0/5", "2003::1", "DE", 7, id="the scope may be longer than the source"),
        pytest.param(None, "8.8.8.8", "DE", 0, id="without a subnet the resolver's address decides"),
        pytest.param("0.0.0.0/0", "150.1.1.1", "FR", 0, id="source 0: the client asks not to be told apart"),
        pytest.param("10.9.9.9/32", "150.1.1.1", "FR", 13, id="a private block beside the office: its own leaf"),
        pytest.param("10.1.2.3/32", "150.1.1.1", "None1", 16, id="an own network inside a private block wins"),
        pytest.param("192.168.1.1/32", "8.8.8.8", "DE", 16, id="a private block's length is the scope"),
        pytest.param("fd00::1/128", "8.8.8.8", "DE", 7, id="private IPv6 too"),
        pytest.param("fd00::1/128", "fd00::53", "None", 7, id="a private client of a private resolver is nowhere"),
        pytest.param(None, "10.9.9.9", "None", 0, id="so is a private resolver"),
        pytest.param(None, "10.1.9.9", "None1", 0, id="but one in an own network"),
        pytest.param("::ffff:8.8.8.8/128", "2003::1", "DE", 96 + 7, id="IPv4 inside IPv6: 96 bits before it"),
        pytest.param("64:ff9b::8.8.8.8/128", "2003::1", "DE", 96 + 7, id="behind NAT64"),
        pytest.param("2002:808:808::1/128", "2003::1", "DE", 16 + 7, id="6to4: 16 bits before it"),
        pytest.param("2001:0:1::f7f7:f7f7/128", "2003::1", "DE", 96 + 7, id="Teredo: the address is inverted"),
        pytest.param("::ffff:10.9.9.9/128", "150.1.1.1", "FR", 96 + 13, id="a private IPv4 address inside IPv6"),
        pytest.param(None, "::ffff:8.8.8.8", "DE", 0, id="a resolver behind a dual-stack socket"),
        pytest.param("2003::/32", "8.8.8.8", "JP", 16, id="plain IPv6"),
    ],
)
def test_the_laws_of_scope(subnet: str | None, resolver: str, country: str, scope: int) -> None:
    territory = draw(SMALL, [OFFICE], by_country)
    address, _, source = (subnet or "").partition("/")
    client = ip_address(address) if address else None
    route, found = searched(encode_territory(territory), client, int(source or 0), ip_address(resolver))
    assert (territory.routes[route].pools[0], found) == (country, scope)


def test_policies_that_part_clients_alike_share_a_block() -> None:
    """Each with its own routes; and each number leads to its block."""
    one, other = (Land((Route((PoolName(name),)),), encode_territory(draw(SMALL, [], by_country))) for name in "ab")
    third = Land((), encode_territory(draw(SMALL, [OFFICE], by_country)))
    words = open_part(memoryview(territories_part(Lands((one, third, other), {}))), layout.KIND_TERRITORIES).words
    at = words[layout.TERRITORIES_TABLE]
    first, second, again = words[at : at + words[layout.TERRITORIES_COUNT]]
    assert first == again != second
    assert bytes(words[first : first + len(one.block) // 4]) == one.block
    assert bytes(words[second : second + len(third.block) // 4]) == third.block
    assert len(words) * 4 < len(one.block) + len(third.block) + 200


def test_one_route_for_all_needs_no_scope() -> None:
    block = encode_territory(draw(SMALL, [IPv4Network("8.0.0.0/8")], lambda _: Route((PoolName("eu"),))))
    for client in ("8.8.8.8", "10.0.0.1", "2002:808:808::1", "fe80::1"):
        address = ip_address(client)
        assert searched(block, address, address.max_prefixlen, ip_address("127.0.0.1")) == (0, 0)
