"""SVCB and HTTPS records (RFC 9460) as octets: which of them take hints, and how those are put in.

The data are a priority, the target's name, and parameters in the order of their keys: key, length, value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import pack, unpack_from

from geodns.model.place import Address

SVCB, HTTPS = 64, 65
SERVICES = frozenset((SVCB, HTTPS))
IPV4HINT, IPV6HINT = 4, 6

_AT_OWNER = 3  # where the parameters begin if the target is `.`: two octets of priority, one of a name without labels


@dataclass(frozen=True, slots=True)
class Service:
    """Records of one name and type, some of which take hints. `ttl`: seconds; `rdatas` as in an RRset."""

    rtype: int
    ttl: int
    rdatas: tuple[bytes, ...]

    def hinted(self, ipv4: Sequence[Address], ipv6: Sequence[Address]) -> tuple[bytes, ...]:
        """The data with these hints, where there are any, in the records that take them."""
        return tuple(_with_hints(rdata, ipv4, ipv6) if takes_hints(rdata) else rdata for rdata in self.rdatas)

    @property
    def takers(self) -> int:
        """How many records take hints."""
        return sum(map(takes_hints, self.rdatas))


def takes_hints(rdata: bytes) -> bool:
    """ServiceMode, at the owner itself (RFC 9460 §2.5.2), and without hints of its own."""
    if rdata[:2] == b"\0\0" or rdata[2] != 0:
        return False
    return not any(key in (IPV4HINT, IPV6HINT) for key, _ in _parameters(rdata))


def _with_hints(rdata: bytes, ipv4: Sequence[Address], ipv6: Sequence[Address]) -> bytes:
    """An empty list is no hint (RFC 9460 §7.3)."""
    hints = [(IPV4HINT, ipv4), (IPV6HINT, ipv6)]
    new = [(key, _parameter(key, b"".join(each.packed for each in them))) for key, them in hints if them]
    parameters = sorted([*_parameters(rdata), *new])
    return rdata[:_AT_OWNER] + b"".join(octets for _, octets in parameters)


def _parameter(key: int, value: bytes) -> bytes:
    return pack("!HH", key, len(value)) + value


def _parameters(rdata: bytes) -> Iterator[tuple[int, bytes]]:
    """(key, octets with key and length) of each, where the target is the owner."""
    at = _AT_OWNER
    while at < len(rdata):
        key, length = unpack_from("!HH", rdata, at)
        yield key, rdata[at : at + 4 + length]
        at += 4 + length
