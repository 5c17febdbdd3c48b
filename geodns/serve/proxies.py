"""The proxies that may say for whom they ask, by the PROXY protocol (see proxied): an operator lists them."""

from collections.abc import Sequence
from ipaddress import ip_network

from geodns.answer import terms
from geodns.serve.peer import BadPreface, Introduced, Preface
from geodns.serve.proxied import header_size, is_listed, take_client

LARGEST = 4096  # octets of a header, with all that a proxy may add of its own


class Proxies:
    """`networks` in presentation form; none: nobody is believed."""

    def __init__(self, networks: Sequence[str] = ()) -> None:
        self.octets = memoryview(b"".join(map(_entry, networks)))

    def include(self, peer: bytes | memoryview) -> bool:
        """`peer`: a packed address."""
        return is_listed(self.octets, memoryview(peer), 0, len(peer))

    def preface_for(self, peer: bytes) -> Preface | None:
        """As a reception asks: what a stream from there has to begin with."""
        return _Header(peer) if self.include(peer) else None


class _Header:
    """The header of one stream."""

    def __init__(self, peer: bytes) -> None:
        self._peer = peer
        self._octets = bytearray()

    def feed(self, octets: bytes) -> Introduced | None:
        self._octets += octets
        size = header_size(memoryview(self._octets), len(self._octets))
        if size == terms.MALFORMED or (size == terms.PARTIAL and len(self._octets) > LARGEST):
            raise BadPreface("a listed proxy has to begin with a header of the PROXY protocol, version 2")
        if size == terms.PARTIAL:
            return None
        client = bytearray(16)
        length = take_client(memoryview(self._octets), memoryview(client), 0)
        return Introduced(bytes(client[:length]) if length else self._peer, bytes(self._octets[size:]))


def _entry(text: str) -> bytes:
    network = ip_network(text)
    packed = network.network_address.packed
    octets = bytes((len(packed), network.prefixlen)) + packed
    return octets + bytes(terms.NETWORK - len(octets))


NO_PROXIES = Proxies()
