from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.answer.terms import MALFORMED, PARTIAL
from geodns.serve.peer import BadPreface, Introduced
from geodns.serve.proxies import LARGEST, Proxies
from tests import speeds
from tests.serve.proxy_headers import SIGNATURE, header


def size_of(octets: bytes) -> int:
    size: int = speeds.running.the("serve.proxied").header_size(memoryview(octets), len(octets))
    return size


def client_of(octets: bytes) -> str:
    client = memoryview(bytearray(16))
    size: int = speeds.running.the("serve.proxied").take_client(memoryview(octets), client, 0)
    return str(ip_address(bytes(client[:size]))) if size else ""


@pytest.mark.usefixtures("speed")
@pytest.mark.parametrize("source", ["192.0.2.7", "2001:db8::7"])
@pytest.mark.parametrize("extra", [b"", b"\x03\0\4abcd"])
def test_a_header_says_for_whom_the_proxy_asks(source: str, extra: bytes) -> None:
    octets = header(source, extra=extra)
    assert size_of(octets + b"the query") == len(octets)
    assert client_of(octets) == source


@pytest.mark.usefixtures("speed")
def test_an_ipv4_client_of_a_socket_for_both_is_the_ipv4_client() -> None:
    """HAProxy says it so. It would share its limits with all others, and be in no IPv4 network of a list."""
    assert client_of(header("::ffff:192.0.2.7")) == "192.0.2.7"
    assert client_of(header("::fffe:c000:207")) == "::fffe:c000:207"


@pytest.mark.usefixtures("speed")
@pytest.mark.parametrize(
    "octets", [header("192.0.2.7", command=0), header(None, command=0, kind=0), header(None), header(None, kind=0)]
)
def test_a_proxy_may_speak_for_itself(octets: bytes) -> None:
    assert size_of(octets) == len(octets)
    assert client_of(octets) == ""


@pytest.mark.usefixtures("speed")
def test_a_header_that_is_not_whole_is_waited_for() -> None:
    whole = header("2001:db8::7", extra=b"\x04\0\1\0")
    for size in range(len(whole)):
        assert size_of(whole[:size]) == PARTIAL
    assert size_of(whole) == len(whole)


@pytest.mark.usefixtures("speed")
@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"PROXY TCP4 192.0.2.7 192.0.2.1 40000 53\r\n", id="version 1"),
        pytest.param(b"\0\x2a\1\0\0\1\0\0\0\0\0\0", id="a query without a header"),
        pytest.param(header("192.0.2.7", version=1), id="another version"),
        pytest.param(header("192.0.2.7", command=2), id="another command"),
        pytest.param(header("192.0.2.7", kind=3), id="another transport"),
        pytest.param(SIGNATURE + b"\x21\x42\0\0", id="another family"),
        pytest.param(SIGNATURE + b"\x21\x12\0\x0b" + bytes(11), id="too short for IPv4"),
        pytest.param(SIGNATURE + b"\x21\x22\0\x23" + bytes(35), id="too short for IPv6"),
    ],
)
def test_what_is_no_header_is_refused(octets: bytes) -> None:
    assert size_of(octets) == MALFORMED


@pytest.mark.usefixtures("speed")
@given(st.binary(max_size=80))
def test_any_octets_are_a_header_part_of_one_or_none(octets: bytes) -> None:
    for tried in (octets, SIGNATURE + octets, header("192.0.2.7")[:16] + octets):
        size = size_of(tried)
        assert MALFORMED <= size <= len(tried)
        if size > 0:
            client_of(tried[:size])


@pytest.mark.parametrize(
    ("peer", "listed"),
    [
        ("192.0.2.1", True),
        ("192.0.2.2", False),
        ("10.1.255.255", True),
        ("10.2.0.0", False),
        ("2001:db8:f::1", True),
        ("2001:db8:10::", False),
        ("::ffff:10.1.0.1", False),
        ("127.0.0.1", False),
        ("172.16.32.1", True),
        ("172.16.128.1", False),
    ],
)
def test_who_is_listed_is_told_by_every_bit_of_a_network(peer: str, listed: bool) -> None:
    proxies = Proxies(["192.0.2.1", "10.1.0.0/16", "2001:db8:f::/48", "172.16.0.0/17"])
    assert proxies.include(ip_address(peer).packed) is listed
    assert (proxies.preface_for(ip_address(peer).packed) is not None) is listed


def test_a_network_of_all_addresses_lists_one_family() -> None:
    assert Proxies(["0.0.0.0/0"]).include(ip_address("203.0.113.9").packed)
    assert not Proxies(["0.0.0.0/0"]).include(ip_address("2001:db8::9").packed)
    assert not Proxies().include(ip_address("203.0.113.9").packed)


@pytest.mark.parametrize("step", [1, 7, 100])
def test_a_stream_begins_with_its_header_however_it_comes(step: int) -> None:
    peer = ip_address("127.0.0.1").packed
    stream = header("192.0.2.7", kind=1) + b"rest"
    preface = Proxies(["127.0.0.0/8"]).preface_for(peer)
    assert preface is not None
    introduced = None
    for at in range(0, len(stream), step):
        introduced = preface.feed(stream[at : at + step])
        if introduced:
            break
    assert introduced is not None
    assert introduced.client == ip_address("192.0.2.7").packed
    assert b"rest".startswith(introduced.rest)


def test_a_stream_for_the_proxy_itself_has_its_own_address() -> None:
    peer = ip_address("127.0.0.1").packed
    preface = Proxies(["127.0.0.1"]).preface_for(peer)
    assert preface is not None
    assert preface.feed(header(None, command=0)) == Introduced(peer, b"")


def test_a_stream_without_a_header_or_with_an_endless_one_is_refused() -> None:
    proxies = Proxies(["127.0.0.1"])
    endless = SIGNATURE + b"\x21\x11\xff\xff" + bytes(LARGEST)
    for octets in (b"\0\x1d\0\x2a\1\0", endless):
        preface = proxies.preface_for(ip_address("127.0.0.1").packed)
        assert preface is not None
        with pytest.raises(BadPreface, match="PROXY protocol"):
            preface.feed(octets)
