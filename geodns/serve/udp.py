"""A readable UDP socket → replies. Buffers are made once; an error of the network is counted and passed over."""

import socket
from socket import inet_pton

from geodns.answer.terms import UDP
from geodns.serve.counts import Counts, Event
from geodns.serve.desk import ReplyTo
from geodns.serve.pktinfo import DatagramSocket, SocketAddress, WildcardSocket
from geodns.serve.proxied import header_size, take_client
from geodns.serve.proxies import NO_PROXIES, Proxies
from geodns.serve.sockets import endpoint_of

BATCH = 64  # datagrams before other sockets, timers and messages have their turn
MAX_DATAGRAM = 65535


class DatagramReader:
    """Reads a bound socket, which stays the caller's. `drain` is what `add_reader` calls."""

    def __init__(self, sock: socket.socket, reply_to: ReplyTo, counts: Counts, proxies: Proxies = NO_PROXIES) -> None:
        endpoint = endpoint_of(sock)
        self._sock: DatagramSocket = sock
        self._wildcard = WildcardSocket(sock) if endpoint.address.is_unspecified else None
        if self._wildcard:
            self._sock = self._wildcard
        self._family = sock.family
        self._own_host = str(endpoint.address)
        self._own_port = endpoint.port
        self._reply_to = reply_to
        self._counts = counts
        self._proxies = proxies
        self._packet = memoryview(bytearray(MAX_DATAGRAM))
        self._reply = memoryview(bytearray(MAX_DATAGRAM))
        self._client = memoryview(bytearray(len(endpoint.address.packed)))
        self._asker = memoryview(bytearray(16))  # for whom a proxy asks

    def drain(self) -> None:
        """Answers what waits, at most BATCH datagrams."""
        answered = 0
        receive, serve, packet = self._sock.recvfrom_into, self._serve, self._packet
        try:
            while answered < BATCH:
                size, source = receive(packet)
                answered += 1
                serve(size, source)
        except BlockingIOError:
            pass
        except OSError:
            self._counts.add(Event.RECEIVE_FAILED)
        self._counts.add(Event.DATAGRAM, answered)

    def _serve(self, size: int, source: SocketAddress) -> None:
        host, port = source[0], source[1]
        if port == 0 or (port == self._own_port and self._is_own(host)):
            self._counts.add(Event.BAD_SOURCE)
            return
        self._client[:] = inet_pton(self._family, host)
        packet, client = self._packet, self._client
        if len(self._proxies.octets) and self._proxies.include(client):
            header = header_size(packet, size)
            if header <= 0:
                self._counts.add(Event.PROXY_REFUSED)
                return
            asker = take_client(packet, self._asker, 0)
            client = self._asker[:asker] if asker else client
            packet, size = packet[header:], size - header
        length = self._reply_to(packet, size, client, UDP, self._reply)
        if length == 0:
            return
        try:
            self._sock.sendto(self._reply[:length], source)
        except OSError:  # the buffer is full, a firewall says no, the port is closed: the client asks again
            self._counts.add(Event.SEND_FAILED)

    def _is_own(self, host: str) -> bool:
        """Whether the datagram claims to come from where it was sent to: a reply would go round in a circle."""
        return host == (self._wildcard.asked_host() if self._wildcard else self._own_host)
