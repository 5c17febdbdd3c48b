"""Own networks, nested and not, against containment as ipaddress tells it."""

from ipaddress import IPv4Address, IPv4Network, ip_network

from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.nest import nest
from geodns.model.place import Network

# In one /24, so that they often nest, touch and coincide.
networks = st.builds(
    lambda host, length: IPv4Network((0x0A000000 | host, length), strict=False),
    st.integers(0, 255),
    st.integers(22, 32),
)


@given(st.lists(networks, max_size=12))
def test_an_address_is_a_member_of_the_networks_that_contain_it(given_networks: list[IPv4Network]) -> None:
    runs, memberships = nest(given_networks, 32)
    for address in map(IPv4Address, range(0x0A000000 - 2, 0x0A000400 + 2)):
        expected = {network for network in given_networks if address in network}
        assert memberships[runs.at(int(address))] == expected


def test_the_whole_space_and_its_last_address_have_no_end() -> None:
    whole, last = ip_network("0.0.0.0/0"), ip_network("255.255.255.255/32")
    runs, memberships = nest([last, whole], 32)
    assert [memberships[value] for value in runs.values] == [{whole}, {whole, last}]


def test_without_networks_nobody_is_a_member() -> None:
    runs, memberships = nest([], 128)
    assert [memberships[value] for value in runs.values] == [frozenset()]


@given(st.lists(networks, max_size=12), st.sets(networks, max_size=6))
def test_networks_that_are_alike_are_one_in_memberships(
    given_networks: list[IPv4Network], together: set[IPv4Network]
) -> None:
    alike: dict[Network, Network] = {network: ip_network("0.0.0.0/0") for network in together}
    runs, memberships = nest(given_networks, 32, alike)
    for address in map(IPv4Address, range(0x0A000000 - 2, 0x0A000400 + 2)):
        expected = {alike.get(network, network) for network in given_networks if address in network}
        assert memberships[runs.at(int(address))] == expected
    assert len(set(memberships)) == len(memberships)
