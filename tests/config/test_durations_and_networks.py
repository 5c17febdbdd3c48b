"""Durations, TTLs, endpoints and networks: what is read, and the words of each refusal."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.config.durations import parse_duration, parse_ttl
from geodns.config.networks import ipv4_octets, parse_endpoint, parse_network
from geodns.model.endpoint import Endpoint


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("5m", 300),
        ("60s", 60),
        ("1d", 86400),
        ("1h30m", 5400),
        ("500ms", 0.5),
        ("1.5h", 5400),
        ("90", 90),
        (7, 7),
        (0.5, 0.5),
    ],
)
def test_a_duration_is_read(written: object, seconds: float) -> None:
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    "written", ["", "5 m", "m", "-5s", "1h-5m", -1, float("nan"), float("inf"), None, True, [5], "9" * 99]
)
def test_anything_else_is_no_duration(written: object) -> None:
    with pytest.raises(ValueError, match=r"is no duration; write 30s, 5m, 1h30m or a number of seconds$"):
        parse_duration(written)


def test_a_ttl_ends_at_two_to_the_31_less_one() -> None:
    assert parse_ttl(2**31 - 1) == 2147483647
    with pytest.raises(ValueError, match="the largest is 2147483647"):
        parse_ttl(2**31)


@pytest.mark.parametrize(
    ("written", "endpoint"),
    [
        ("127.0.0.1:5300", Endpoint(IPv4Address("127.0.0.1"), 5300)),
        ("[::1]:53", Endpoint(IPv6Address("::1"), 53)),
        ("0.0.0.0:0", Endpoint(IPv4Address("0.0.0.0"), 0)),
    ],
)
def test_an_endpoint_is_read_and_shown(written: str, endpoint: Endpoint) -> None:
    assert parse_endpoint(written) == endpoint
    assert str(endpoint) == written


@pytest.mark.parametrize(
    "written",
    [
        "",
        "5300",
        "127.0.0.1",
        "::1:53",
        "[127.0.0.1]:53",
        "localhost:53",
        "127.0.0.1:65536",
        "127.0.0.1:x",
        "[fe80::1%lo]:53",
    ],
)
def test_anything_else_is_no_endpoint(written: str) -> None:
    with pytest.raises(ValueError, match=r"write 127\.0\.0\.1:5300 or \[::1\]:5300$"):
        parse_endpoint(written)


def test_one_address_is_a_network() -> None:
    assert str(parse_network("192.0.2.1")) == "192.0.2.1/32"


@pytest.mark.parametrize(
    "written", ["0.0.0.0", "255.255.255.255", "192.0.2.1", "10.20.30.40", "1.99.100.249", "9.9.9.10"]
)
def test_an_ipv4_address_on_the_wire(written: str) -> None:
    assert ipv4_octets(written) == IPv4Address(written).packed


@given(
    st.lists(
        st.sampled_from(["0", "1", "2", "5", "6", "9", ".", "..", "256", "255", "00", " ", "+", "٣", "\n"]), max_size=12
    )
)
def test_what_python_takes_for_an_ipv4_address_is_one_and_nothing_else(parts: list[str]) -> None:
    written = "".join(parts)
    try:
        expected = IPv4Address(written).packed
    except ValueError:
        with pytest.raises(ValueError, match=r"is no IPv4 address, such as 192\.0\.2\.1"):
            ipv4_octets(written)
    else:
        assert ipv4_octets(written) == expected
