"""Which blocks are special, and the IPv4 addresses inside IPv6 ones."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.fold import fold
from geodns.geo.special import ORDINARY, RESOLVER, SPECIAL_V4, SPECIAL_V6

ipv4 = st.integers(0, 2**32 - 1).map(IPv4Address)


@pytest.mark.parametrize(
    ("address", "folded"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("64:ff9b::192.0.2.33", "192.0.2.33"),  # RFC 6052 §2.4
        ("2002:c000:221::1", "192.0.2.33"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45"),  # RFC 4380 by way of Wikipedia's example
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:4860::1", "2001:4860::1"),
        ("::192.0.2.1", "::192.0.2.1"),  # IPv4-compatible: deprecated, and nobody's
        ("64:ff9b:1::192.0.2.1", "64:ff9b:1::192.0.2.1"),  # local NAT64
    ],
)
def test_an_ipv4_address_inside_an_ipv6_one_is_what_counts(address: str, folded: str) -> None:
    assert fold(ip_address(address)) == ip_address(folded)


@given(ipv4)
def test_ipaddress_sees_the_same_mapped_6to4_and_teredo_addresses(address: IPv4Address) -> None:
    number = int(address)
    mapped = IPv6Address(0xFFFF << 32 | number)
    six_to_four = IPv6Address(0x2002 << 112 | number << 80)
    teredo = IPv6Address(0x20010000 << 96 | (~number & 0xFFFFFFFF))
    assert fold(mapped) == mapped.ipv4_mapped == address
    assert fold(six_to_four) == six_to_four.sixtofour == address
    assert teredo.teredo is not None
    assert fold(teredo) == teredo.teredo[1] == address


@pytest.mark.parametrize(
    "block",
    [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "64:ff9b:1::/48",
        "100::/64",
        "100:0:0:1::/64",
        "2001:2::/48",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    ],
)
def test_an_address_in_a_private_or_unroutable_block_says_nothing_of_its_user(block: str) -> None:
    network = ip_network(block)
    special = SPECIAL_V4 if network.version == 4 else SPECIAL_V6
    assert special.at(int(network.network_address)) == special.at(int(network.broadcast_address)) == RESOLVER


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::2",
        "2001:2:1::",
        "2001:db7::",
        "2001:db9::",
        "2003::",
        "fbff::",
        "fec0::",
    ],
)
def test_its_neighbours_are_ordinary(address: str) -> None:
    parsed = ip_address(address)
    special = SPECIAL_V4 if parsed.version == 4 else SPECIAL_V6
    assert special.at(int(parsed)) == ORDINARY
