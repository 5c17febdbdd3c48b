import socket
from ipaddress import ip_address

import pytest

from geodns.model.endpoint import Endpoint
from geodns.serve.sockets import CannotListen, Sockets, endpoint_of, open_sockets

ANY_PORT = Endpoint(ip_address("127.0.0.1"), 0)


def close_all(sets: tuple[Sockets, ...]) -> None:
    for sockets in sets:
        sockets.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "0.0.0.0", "::"])
def test_all_workers_and_both_protocols_have_the_port_that_the_kernel_picked(host: str) -> None:
    sets = open_sockets([Endpoint(ip_address(host), 0)], workers=3)
    bound = {endpoint_of(sock) for sockets in sets for sock in (*sockets.udp, *sockets.tcp)}
    assert len(bound) == 1
    assert bound.pop().port != 0
    assert [(len(sockets.udp), len(sockets.tcp)) for sockets in sets] == [(1, 1)] * 3
    close_all(sets)


def test_ipv4_and_ipv6_wildcards_share_a_port() -> None:
    four = open_sockets([Endpoint(ip_address("0.0.0.0"), 0)], workers=1)
    port = four[0].endpoints()[0].port
    six = open_sockets([Endpoint(ip_address("::"), port)], workers=1)
    assert six[0].endpoints() == (Endpoint(ip_address("::"), port),)
    close_all(four + six)


def test_an_endpoint_of_a_running_server_is_refused_though_the_kernel_would_share_it() -> None:
    first = open_sockets([ANY_PORT], workers=1)
    taken = first[0].endpoints()[0]
    with pytest.raises(CannotListen, match=rf"127\.0\.0\.1:{taken.port} \(TCP\).*another program listens there"):
        open_sockets([taken], workers=1)
    close_all(first)


def test_a_port_that_is_taken_for_udp_alone_is_refused() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.77", 0))  # where no other program has the port for TCP
        taken = endpoint_of(other)
        with pytest.raises(CannotListen, match=rf"127\.0\.0\.77:{taken.port} \(UDP\).*ss -lnup"):
            open_sockets([taken], workers=1)


def test_an_address_of_another_machine_is_refused_and_nothing_stays_open() -> None:
    with pytest.raises(CannotListen, match=r"192\.0\.2\.77:0 .*no interface of this machine"):
        open_sockets([ANY_PORT, Endpoint(ip_address("192.0.2.77"), 0)], workers=2)


def test_an_endpoint_reads_as_operators_write_it() -> None:
    assert str(Endpoint(ip_address("::1"), 53)) == "[::1]:53"
    assert str(Endpoint(ip_address("192.0.2.1"), 5300)) == "192.0.2.1:5300"
