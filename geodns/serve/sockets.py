"""Endpoints → listening sockets: for each worker a UDP and a TCP socket per endpoint, shared by SO_REUSEPORT.

An endpoint is first claimed without SO_REUSEPORT: with it, a second geodns would bind as well and quietly take half of
the queries. Port 0 lets the kernel pick; UDP and TCP and all workers then have the same port.
"""

import errno
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from ipaddress import ip_address

from geodns.model.endpoint import Endpoint
from geodns.serve.pktinfo import ask_for_pktinfo

RECEIVE_BUFFER = 4 << 20  # octets; what a burst, or a worker that is being restarted, may leave waiting
BACKLOG = 511  # connections that wait to be accepted
PORT_TRIES = 16


class CannotListen(Exception):
    """An endpoint cannot be had; the message names it and the way out."""


@dataclass(frozen=True, slots=True)
class Sockets:
    """One worker's: a UDP and a TCP socket per endpoint, in the endpoints' order."""

    udp: tuple[socket.socket, ...]
    tcp: tuple[socket.socket, ...]

    def endpoints(self) -> tuple[Endpoint, ...]:
        return tuple(endpoint_of(sock) for sock in self.udp)

    def close(self) -> None:
        for sock in (*self.udp, *self.tcp):
            sock.close()


def open_sockets(endpoints: Sequence[Endpoint], workers: int) -> tuple[Sockets, ...]:
    """A set for each worker. Raises CannotListen; nothing stays open then."""
    with ExitStack() as opened:
        claimed = [_claim(endpoint) for endpoint in endpoints]
        sets = []
        for _ in range(workers):
            udp = tuple(opened.enter_context(_open(endpoint, socket.SOCK_DGRAM)) for endpoint in claimed)
            tcp = tuple(opened.enter_context(_open(endpoint, socket.SOCK_STREAM)) for endpoint in claimed)
            sets.append(Sockets(udp, tcp))
        opened.pop_all()
    return tuple(sets)


def open_listeners(endpoints: Sequence[Endpoint], processes: int) -> tuple[tuple[socket.socket, ...], ...]:
    """For each process a TCP socket per endpoint: what is encrypted has no UDP. Raises CannotListen."""
    with ExitStack() as opened:
        claimed = [_claim_stream(endpoint) for endpoint in endpoints] if processes else []
        sets = tuple(
            tuple(opened.enter_context(_open(endpoint, socket.SOCK_STREAM)) for endpoint in claimed)
            for _ in range(processes)
        )
        opened.pop_all()
    return sets


def endpoint_of(sock: socket.socket) -> Endpoint:
    """Where a socket is bound."""
    host, port = sock.getsockname()[:2]
    return Endpoint(ip_address(host), port)


def _claim(endpoint: Endpoint) -> Endpoint:
    """The endpoint with its port, having made sure that nobody else listens there."""
    for _ in range(PORT_TRIES):
        with _bind(endpoint, socket.SOCK_STREAM, shared=False) as tcp:
            picked = replace(endpoint, port=endpoint_of(tcp).port)
            try:
                _bind(picked, socket.SOCK_DGRAM, shared=False).close()
            except CannotListen:
                if endpoint.port:
                    raise
                continue  # free for TCP, not for UDP: let the kernel pick another
            return picked
    raise CannotListen(f"cannot listen on {endpoint}: found no port that is free for both UDP and TCP; name one")


def _claim_stream(endpoint: Endpoint) -> Endpoint:
    with _bind(endpoint, socket.SOCK_STREAM, shared=False) as sock:
        return endpoint_of(sock)


def _open(endpoint: Endpoint, kind: socket.SocketKind) -> socket.socket:
    sock = _bind(endpoint, kind, shared=True)
    sock.setblocking(False)
    if kind is socket.SOCK_STREAM:
        sock.listen(BACKLOG)
        return sock
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)  # the kernel cuts it to net.core.rmem_max
    if endpoint.address.is_unspecified:
        ask_for_pktinfo(sock)
    return sock


def _bind(endpoint: Endpoint, kind: socket.SocketKind, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if endpoint.address.version == 6 else socket.AF_INET
    try:
        sock = socket.socket(family, kind)
    except OSError as error:
        raise CannotListen(_explain(endpoint, kind, error)) from error
    try:
        if family is socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if kind is socket.SOCK_STREAM:  # connections of the last run in TIME_WAIT must not keep us from starting
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind((str(endpoint.address), endpoint.port))
    except OSError as error:
        sock.close()
        raise CannotListen(_explain(endpoint, kind, error)) from error
    return sock


def _explain(endpoint: Endpoint, kind: socket.SocketKind, error: OSError) -> str:
    protocol, flag = ("TCP", "t") if kind is socket.SOCK_STREAM else ("UDP", "u")
    ways_out = {
        errno.EADDRINUSE: f"another program listens there: `ss -ln{flag}p 'sport = :{endpoint.port}'` names it; "
        "end it, or listen on another port",
        errno.EACCES: "a port below 1024 needs CAP_NET_BIND_SERVICE: give it to the service "
        "(systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE), or listen on a port from 1024 up",
        errno.EADDRNOTAVAIL: "no interface of this machine has this address; `ip address` lists those there are",
        errno.EAFNOSUPPORT: f"this machine has no IPv{endpoint.address.version}; leave the endpoint out",
    }
    way_out = ways_out.get(error.errno or 0, "listen on another address or port")
    return f"cannot listen on {endpoint} ({protocol}): {error.strerror or error}; {way_out}"
