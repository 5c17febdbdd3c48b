"""Replies of a wildcard socket leave from the address that was asked: resolvers drop what comes from another one.

With IP_PKTINFO (RFC 3542 §6 for IPv6) the kernel says, beside each datagram, which address it came to.
"""

import socket
import struct
from collections.abc import Callable
from typing import Protocol

SocketAddress = tuple[str, int] | tuple[str, int, int, int]

IP_PKTINFO = getattr(socket, "IP_PKTINFO", 8)  # Linux; the socket module has no name for it before Python 3.14
_PKTINFO4 = struct.Struct("=I4s4s")  # interface, local address, destination in the header
_PKTINFO6 = struct.Struct("=16sI")  # destination, interface
_ANCILLARY_SIZE = 64  # one pktinfo with its header: 32 octets for IPv4, 40 for IPv6

_Ancillary = list[tuple[int, int, bytes]]


class DatagramSocket(Protocol):
    """What a reader of datagrams needs; an ordinary socket has it too."""

    def recvfrom_into(self, buffer: memoryview, /) -> tuple[int, SocketAddress]: ...

    def sendto(self, data: memoryview, address: SocketAddress, /) -> int: ...


def ask_for_pktinfo(sock: socket.socket) -> None:
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)


class WildcardSocket:
    """Remembers where the last datagram came to, and sends from there. For one datagram at a time."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._family = sock.family
        self._return_path = _return_path6 if sock.family == socket.AF_INET6 else _return_path4
        self._heard: _Ancillary = []
        self._ancillary: _Ancillary = []  # made from it

    def recvfrom_into(self, buffer: memoryview, /) -> tuple[int, SocketAddress]:
        size, ancillary, _, source = self._sock.recvmsg_into([buffer], _ANCILLARY_SIZE)
        if ancillary != self._heard:  # most often the same address is asked as before
            self._heard = ancillary
            self._ancillary = _only_path(ancillary, self._return_path)
        return size, source

    def sendto(self, data: memoryview, address: SocketAddress, /) -> int:
        return self._sock.sendmsg([data], self._ancillary, 0, address)

    def asked_host(self) -> str:
        """The address that the last datagram was sent to; empty where the kernel did not say."""
        if not self._ancillary:
            return ""
        content = self._ancillary[0][2]
        return socket.inet_ntop(self._family, content[:16] if self._family == socket.AF_INET6 else content[4:8])


def _only_path(ancillary: _Ancillary, return_path: Callable[[int, int, bytes], _Ancillary]) -> _Ancillary:
    for level, kind, content in ancillary:
        path = return_path(level, kind, content)
        if path:
            return path
    return []


def _return_path4(level: int, kind: int, content: bytes) -> _Ancillary:
    if (level, kind) != (socket.IPPROTO_IP, IP_PKTINFO) or len(content) != _PKTINFO4.size:
        return []
    _, local, _ = _PKTINFO4.unpack(content)
    # Interface 0: the routing table chooses, as the way back need not be the way here.
    return [(level, kind, _PKTINFO4.pack(0, local, local))]


def _return_path6(level: int, kind: int, content: bytes) -> _Ancillary:
    if (level, kind) != (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO) or len(content) != _PKTINFO6.size:
        return []
    asked, interface = _PKTINFO6.unpack(content)
    is_link_local = asked[0] == 0xFE and asked[1] & 0xC0 == 0x80
    # A link-local address means nothing without its interface; for others the routing table chooses.
    return [(level, kind, _PKTINFO6.pack(asked, interface if is_link_local else 0))]
