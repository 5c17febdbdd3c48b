"""Ports that are free."""

import socket


def free_port(*hosts: str) -> int:
    """One that nobody listens on at any of these addresses, neither by UDP nor by TCP, a moment ago."""
    for _ in range(50):
        port = _bound(hosts[0], 0, socket.SOCK_STREAM)
        if port and all(_bound(host, port, kind) for host in hosts for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
            return port
    raise AssertionError(f"no port is free on all of {', '.join(hosts)}")


def _bound(host: str, port: int, kind: socket.SocketKind) -> int:
    """The port, 0 where it cannot be had."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as sock:
        if sock.family == socket.AF_INET6:  # `::` is not to take IPv4's ports as well
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            sock.bind((host, port))
        except OSError:
            return 0
        found: int = sock.getsockname()[1]
        return found
