from ipaddress import ip_address

import pytest

from geodns.admin.hosts import is_own_origin, own_names, why_not_ours
from geodns.model.endpoint import Endpoint

V4 = Endpoint(ip_address("127.0.0.1"), 8053)
V6 = Endpoint(ip_address("::1"), 8053)


@pytest.mark.parametrize(
    ("local", "further", "host", "is_ours"),
    [
        (V4, (), "127.0.0.1:8053", True),
        (V4, (), "localhost:8053", True),
        (V4, (), "LocalHost:8053", True),
        (V4, (), "localhost", False),  # that would be port 80
        (V4, (), "127.0.0.1:8054", False),
        (V4, (), "127.0.0.2:8053", False),
        (V4, (), "evil.example:8053", False),
        (V4, (), "127.0.0.1:8053.evil.example", False),
        (V4, (), "localhost.:8053", False),
        (V4, (), "", False),
        (V6, (), "[::1]:8053", True),
        (V6, (), "[::1]", False),
        (V4, ("dns.example.com",), "dns.example.com:8053", True),
        (V4, ("DNS.example.com",), "dns.EXAMPLE.com:8053", True),
        (V4, ("dns.example.com",), "dns.example.com", False),
        (V4, ("dns.example.com:443",), "dns.example.com", True),  # behind a proxy that speaks TLS
        (V4, ("dns.example.com:9000",), "dns.example.com:9000", True),
        (V4, ("dns.example.com:9000",), "dns.example.com:8053", False),
    ],
)
def test_a_request_has_to_call_us_by_a_name_of_ours(
    local: Endpoint, further: tuple[str, ...], host: str, is_ours: bool
) -> None:
    assert (why_not_ours([host], own_names(local, further)) == "") is is_ours


@pytest.mark.parametrize("hosts", [[], ["127.0.0.1:8053", "127.0.0.1:8053"]])
def test_a_request_has_exactly_one_host_header(hosts: list[str]) -> None:
    assert "send one, such as 127.0.0.1:8053" in why_not_ours(hosts, own_names(V4, ()))


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("http://127.0.0.1:8053", True),
        ("http://localhost:8053", True),
        ("https://localhost:8053", True),
        ("http://localhost", False),
        ("https://evil.example", False),
        ("null", False),
        ("file://", False),
    ],
)
def test_pages_of_other_sites_are_told_from_ours(origin: str, is_ours: bool) -> None:
    assert is_own_origin(origin, own_names(V4, ())) is is_ours
