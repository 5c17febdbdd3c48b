"""Ports that are free.

Below those that the kernel gives to whoever connects: one of these may be gone again, to some client's end of a
connection, before the server that was told of it has started.
"""

import secrets
import socket

PORTS = range(10_000, 32_768)  # Linux gives out those from 32,768 on


def free_port(*hosts: str) -> int:
    """One that nobody listens on at any of these addresses, neither by UDP nor by TCP, a moment ago."""
    for _ in range(50):
        port = secrets.choice(PORTS)
        if all(_bound(host, port, kind) for host in hosts for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
            return port
    raise AssertionError(f"no port is free on all of {', '.join(hosts)}")


def _bound(host: str, port: int, kind: socket.SocketKind) -> bool:
    """Whether it can be had."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as sock:
        if sock.family == socket.AF_INET6:  # `::` is not to take IPv4's ports as well
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            sock.bind((host, port))
        except OSError:
            return False
        return True
