"""A datagram from a proxy → whom it asks for: the header of the PROXY protocol, version 2, before the query.

The protocol: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, §2.2. Only what comes from listed proxies is
read so, and all of it: to guess would let anybody say who he is. Streams come in by the same lines, see introduction.
"""

from geodns.answer import octets, terms, wire

_signature = memoryview(b"\r\n\r\n\0\r\nQUIT\n")
_mapped = memoryview(bytes(10) + b"\xff\xff")  # RFC 4291 §2.5.5.2: before an IPv4 address, it makes an IPv6 one
_sizes = memoryview(bytes((0, 12, 36, 216)))  # octets of addresses and ports: unspecified, IPv4, IPv6, Unix


def header_size(packet: memoryview, length: int) -> int:
    """Octets of the header that packet[:length] begins with; PARTIAL, or MALFORMED where it is none."""
    known = length if length < wire.SIGNATURE else wire.SIGNATURE
    if not octets.same(packet, 0, _signature, 0, known):
        return terms.MALFORMED
    if length < wire.PROXY_HEADER:
        return terms.PARTIAL
    family = packet[13] >> 4
    # Version 2, and the commands LOCAL and PROXY.
    if packet[12] & 0xFE != 0x20 or family > 3 or packet[13] & 0x0F > 2:
        return terms.MALFORMED
    size = packet[14] << 8 | packet[15]
    if packet[12] & 1 and size < _sizes[family]:
        return terms.MALFORMED
    return wire.PROXY_HEADER + size if length >= wire.PROXY_HEADER + size else terms.PARTIAL


def take_client(packet: memoryview, client: memoryview, at: int) -> int:
    """Writes the address of whom a whole header speaks for; returns its octets. 0: the proxy speaks for itself, as with
    its own health checks, or for one that has no such address."""
    family = packet[13] >> 4
    if packet[12] & 1 == 0 or family == 0 or family == 3:
        return 0
    if family == 1:
        octets.copy(packet, wire.PROXY_HEADER, client, at, 4)
        return 4
    if octets.same(packet, wire.PROXY_HEADER, _mapped, 0, 12):  # it came to a socket for both; one address to us
        octets.copy(packet, wire.PROXY_HEADER + 12, client, at, 4)
        return 4
    octets.copy(packet, wire.PROXY_HEADER, client, at, 16)
    return 16


def is_listed(networks: memoryview, client: memoryview, at: int, size: int) -> bool:
    """Whether the address of `size` octets is in one of the networks, each in terms.NETWORK octets. There are few."""
    entry = 0
    end = len(networks)
    while entry < end:
        if networks[entry] == size and _is_within(networks, entry, client, at):
            return True
        entry += terms.NETWORK
    return False


def _is_within(networks: memoryview, entry: int, client: memoryview, at: int) -> bool:
    bits = networks[entry + 1]
    whole = bits >> 3
    if not octets.same(networks, entry + 2, client, at, whole):
        return False
    rest = bits & 7
    return rest == 0 or (networks[entry + 2 + whole] ^ client[at + whole]) >> (8 - rest) == 0
