"""Territories: what decides for an address, and that a leaf's depth is a right ECS scope."""

from collections.abc import Callable, Collection
from ipaddress import ip_address, ip_network
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.atlas import Atlas
from geodns.geo.leaves import Leaves
from geodns.geo.runs import Runs, uniform
from geodns.geo.special import SPECIAL_V4, SPECIAL_V6
from geodns.geo.territory import FOLD_6TO4, FOLD_LOW32, FOLD_TEREDO, RESOLVER, Territory, draw, find
from geodns.model.place import NOWHERE, Network, Place

GERMANY, FRANCE, JAPAN = (Place(country=code) for code in ("DE", "FR", "JP"))
PLACES = (NOWHERE, GERMANY, FRANCE, JAPAN)


def atlas_of(v4: Runs, v6: Runs) -> Atlas:
    return Atlas(name="test", built=0, digest="", places=PLACES, v4=v4, v6=v6)


def by_country(place: Place) -> str:
    return place.country or "none"


def with_networks(place: Place) -> tuple[str, frozenset[Network]]:
    return by_country(place), place.networks


def leaf_of(territory: Territory[str], address: str) -> tuple[str | int, int]:
    """The route, or the pseudo-value, and the depth."""
    parsed = ip_address(address)
    leaves = territory.v4 if parsed.version == 4 else territory.v6
    index = find(leaves, int(parsed))
    value = leaves.values[index]
    return (territory.routes[value] if value >= 0 else value), leaves.depths[index]


def first(text: str) -> int:
    return int(ip_address(text))


HALF_AND_HALF = atlas_of(
    Runs((0, first("8.0.0.0"), first("128.0.0.0")), (0, 1, 2)),
    Runs((0, first("2003::"), first("2003:8000::"), first("2a00::")), (0, 1, 2, 0)),
)


@pytest.mark.parametrize(
    ("address", "route", "depth"),
    [
        ("8.8.8.8", "DE", 7),  # as far as 10/8 lets it
        ("150.1.1.1", "FR", 3),
        ("4.4.4.4", "none", 6),
        ("10.1.2.3", RESOLVER, 8),
        ("192.168.0.1", RESOLVER, 16),
        ("100.64.0.1", RESOLVER, 10),
        ("239.0.0.1", RESOLVER, 3),  # 224/4 and 240/4 are equal neighbours
        ("2003::1", "DE", 17),
        ("2003:8000::1", "FR", 17),
        ("2002:808:808::1", FOLD_6TO4, 16),
        ("2001::1", FOLD_TEREDO, 32),
        ("::ffff:8.8.8.8", FOLD_LOW32, 96),
        ("64:ff9b::8.8.8.8", FOLD_LOW32, 96),
        ("2001:db8::1", RESOLVER, 32),
        ("fe80::1", RESOLVER, 10),
    ],
)
def test_place_block_or_resolver_decides(address: str, route: str | int, depth: int) -> None:
    assert leaf_of(draw(HALF_AND_HALF, [], by_country), address) == (route, depth)


@pytest.mark.parametrize(
    ("network", "inside", "place"),
    [
        ("8.8.8.0/24", "8.8.8.8", "DE"),
        ("10.1.0.0/16", "10.1.2.3", "none"),  # own networks win inside private blocks, where places are unknown
        ("192.0.2.0/25", "192.0.2.1", "none"),
        ("2002:808::/32", "2002:808::1", "none"),
        ("::ffff:8.8.8.0/120", "::ffff:8.8.8.8", "none"),
        ("2001:db8:f::/48", "2001:db8:f::1", "none"),
        ("2003::/64", "2003::1", "DE"),
    ],
)
def test_own_networks_decide_before_anything_else(network: str, inside: str, place: str) -> None:
    office = ip_network(network)
    territory = draw(HALF_AND_HALF, [office], lambda at: f"office {by_country(at)}" if office in at.networks else "out")
    assert leaf_of(territory, inside) == (f"office {place}", office.prefixlen)


def test_nested_networks_are_told_together() -> None:
    outer, inner = ip_network("8.8.0.0/16"), ip_network("8.8.8.0/24")
    seen: set[frozenset[Network]] = set()
    draw(HALF_AND_HALF, [inner, outer], lambda place: seen.add(place.networks))
    assert seen == {frozenset(), frozenset([outer]), frozenset([outer, inner])}


def test_a_policy_of_one_route_is_one_leaf_of_depth_0() -> None:
    territory = draw(HALF_AND_HALF, [ip_network("8.8.8.0/24")], lambda _: "always")
    assert (territory.routes, territory.nowhere) == (("always",), 0)
    for leaves in (territory.v4, territory.v6):
        assert (list(leaves.starts), list(leaves.depths), list(leaves.values)) == ([0], [0], [0])


def test_where_clients_are_told_apart_one_route_hides_neither_private_blocks_nor_ipv4_inside_ipv6() -> None:
    territory = draw(HALF_AND_HALF, [], lambda _place: "all", tells_clients_apart=True)
    assert territory.routes == ("all",)
    assert leaf_of(territory, "10.1.2.3") == (RESOLVER, 8)
    assert leaf_of(territory, "8.8.8.8")[0] == leaf_of(territory, "2003::1")[0] == "all"
    assert leaf_of(territory, "2002:808:808::1") == (FOLD_6TO4, 16)


def test_a_route_that_only_clients_of_unknown_place_get_is_a_route() -> None:
    atlas = atlas_of(uniform(1), uniform(1))
    territory = draw(atlas, [], by_country)
    assert set(territory.routes) == {"DE", "none"}
    assert territory.routes[territory.nowhere] == "none"
    assert leaf_of(territory, "10.0.0.1") == (RESOLVER, 8)


def test_where_all_of_ipv4_has_one_route_ipv4_inside_ipv6_has_it_too() -> None:
    everything = ip_network("0.0.0.0/0")
    territory = draw(HALF_AND_HALF, [everything], lambda at: "v4" if at.networks else by_country(at))
    assert leaf_of(territory, "8.8.8.8") == ("v4", 0)
    assert leaf_of(territory, "2002:808:808::1") == ("v4", 16)
    assert leaf_of(territory, "::ffff:8.8.8.8") == ("v4", 96)
    assert leaf_of(territory, "fe80::1") == (RESOLVER, 10)


def test_each_place_is_asked_for_once_over_both_families() -> None:
    asked: list[Place] = []

    def route_of(place: Place) -> str:
        asked.append(place)
        return by_country(place)

    draw(HALF_AND_HALF, [ip_network("8.8.8.0/24"), ip_network("9.9.9.0/24")], route_of)
    assert len(asked) == len(set(asked)) == 5  # nowhere, DE, FR, and DE in either network


def test_routes_are_numbered_in_order_of_first_appearance() -> None:
    assert draw(HALF_AND_HALF, [], by_country).routes == ("none", "DE", "FR")


ANCHORS_4 = [
    first(text) for text in ("0.0.0.0", "8.0.0.0", "10.0.0.0", "192.0.2.0", "223.255.255.0", "255.255.255.255")
]
ANCHORS_6 = [
    first(text)
    for text in ("::", "::ffff:0:0", "64:ff9b::", "2001::", "2001:db8::", "2002::", "2003::", "fe80::", "ffff::")
]


def addresses(bits: int) -> st.SearchStrategy[int]:
    """Near the special blocks' edges, where mistakes would be, and anywhere else."""
    anchors = ANCHORS_4 if bits == 32 else ANCHORS_6
    near = st.builds(
        lambda anchor, offset: min(max(anchor + offset, 0), 2**bits - 1), st.sampled_from(anchors), st.integers(-4, 300)
    )
    return near | st.integers(0, 2**bits - 1)


def networks(bits: int) -> st.SearchStrategy[Network]:
    version = 4 if bits == 32 else 6
    return st.builds(
        lambda address, length: (
            ip_network((address, length), strict=False)
            if version == 4
            else ip_network((address.to_bytes(16, "big"), length), strict=False)
        ),
        addresses(bits),
        st.integers(0, bits),
    )


@st.composite
def partitions(draw_: st.DrawFn, bits: int) -> Runs:
    starts = sorted({0, *draw_(st.lists(addresses(bits), max_size=8))})
    values = draw_(st.lists(st.integers(0, 3), min_size=len(starts), max_size=len(starts)))
    return Runs(starts, values)


atlases = st.builds(atlas_of, partitions(32), partitions(128))
own = st.lists(networks(32) | networks(128), max_size=6)
route_functions: st.SearchStrategy[Callable[[Place], object]] = st.sampled_from(
    [
        by_country,
        with_networks,
        lambda place: bool(place.networks),
        lambda place: place.country == "DE",
        lambda place: len(place.networks) % 2,
        lambda place: None,
    ]
)


def decided(
    atlas: Atlas, own: Collection[Network], route_of: Callable[[Place], object], version: int, at: int
) -> object:
    """What should decide for one address, worked out for it alone."""
    address = ip_address(at.to_bytes(4 if version == 4 else 16, "big"))
    special, runs = (SPECIAL_V4, atlas.v4) if version == 4 else (SPECIAL_V6, atlas.v6)
    kind = special.at(at)
    membership = frozenset(network for network in own if network.version == version and address in network)
    if kind and not membership:
        return kind
    place = NOWHERE if kind else atlas.places[runs.at(at)]
    return ("route", route_of(Place(country=place.country, networks=membership)))


@given(atlases, own, route_functions, st.lists(addresses(32), max_size=20), st.lists(addresses(128), max_size=20))
def test_no_address_in_a_leaf_has_another_route_than_the_leaf(
    atlas: Atlas, own: list[Network], route_of: Callable[[Place], object], some_v4: list[int], some_v6: list[int]
) -> None:
    territory = draw(atlas, own, route_of)
    for version, bits, leaves, some in ((4, 32, territory.v4, some_v4), (6, 128, territory.v6, some_v6)):
        # Where the inputs change is where a leaf could be too wide.
        edges = {*some, *(atlas.v4 if version == 4 else atlas.v6).starts, *leaves.starts}
        edges |= {int(end) for network in own if network.version == version for end in (network[0], network[-1])}
        for at in {edge + step for edge in edges for step in (-1, 0, 1)}:
            if 0 <= at < 1 << bits:
                _check_address(territory, leaves, decided(atlas, own, route_of, version, at), at)


def _check_address(territory: Territory[object], leaves: Leaves, expected: object, at: int) -> None:
    value = leaves.values[find(leaves, at)]
    found = ("route", territory.routes[value]) if value >= 0 else value
    if len(territory.routes) == 1:
        assert found == ("route", territory.routes[0])
    elif isinstance(expected, int) and expected != RESOLVER and value >= 0:
        assert len(set(territory.v4.values)) == 1, "only where all of IPv4 has one route is there no need to fold"
    else:
        assert found == expected


@given(atlases, own, route_functions)
def test_leaves_partition_the_space_and_no_two_siblings_are_equal(
    atlas: Atlas, own: list[Network], route_of: Callable[[Place], object]
) -> None:
    territory = draw(atlas, own, route_of)
    for bits, leaves in ((32, territory.v4), (128, territory.v6)):
        blocks = list(zip(leaves.starts, leaves.depths, leaves.values, strict=True))
        ends = [start + (1 << bits - depth) for start, depth, _ in blocks]
        assert [0, *ends] == [*leaves.starts, 1 << bits]  # they touch: disjoint, in order, and nothing left out
        assert all(start % (1 << bits - depth) == 0 for start, depth, _ in blocks)
        for (start, depth, value), (_, next_depth, next_value) in pairwise(blocks):
            siblings = depth == next_depth and not start >> bits - depth & 1
            assert not (siblings and value == next_value)


@given(atlases, own)
def test_the_same_inputs_give_the_same_territory(atlas: Atlas, own: list[Network]) -> None:
    assert draw(atlas, own, with_networks) == draw(atlas, own[::-1], with_networks)
