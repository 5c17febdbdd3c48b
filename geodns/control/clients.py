"""Whose address decided, once the table was asked: the client subnet or the resolver, and what is inside. Pure."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network

from geodns.answer.query import Query
from geodns.model.place import Address
from geodns.model.policy import Locate

_SHAPES = {
    "6to4": ip_network("2002::/16"),
    "Teredo": ip_network("2001::/32"),
    "IPv4-mapped": ip_network("::ffff:0:0/96"),
    "NAT64": ip_network("64:ff9b::/96"),
}


@dataclass(frozen=True, slots=True)
class Effective:
    """`outer`: the address as it came; `address`: the one that was looked up, and `reason` how it came about."""

    outer: Address
    address: Address
    reason: str


def effective(query: Query, client: Address, resolver: Address, locate: Locate) -> Effective:
    """`query` as the table left it. In a policy that is the same for everybody it is the subnet's, as it came."""
    who = client if query.by_subnet else resolver
    whose = "the client subnet" if query.by_subnet else _resolver(client, resolver, locate)
    if query.before == 0:
        return Effective(who, who, whose)
    inner = IPv4Address(query.carried)
    return Effective(who, inner, f"{whose}; it is the IPv4 address inside {who} ({_shape(who)})")


def _resolver(client: Address, resolver: Address, locate: Locate) -> str:
    if locate is Locate.RESOLVER:
        said = "the resolver's address, for the policy looks at no other (locate: resolver)"
    elif locate is Locate.SUBNET:
        said = f"{client} says nothing of a place, and the policy looks at no resolver (locate: ecs): it is nowhere"
    else:
        said = f"the resolver's address, for {client} is private or unroutable and in no own network that a rule names"
    if client != resolver or locate is Locate.SUBNET:
        return said
    return f"{said}; no other resolver was named, so it stands for its own"


def _shape(address: Address) -> str:
    found = (name for name, block in _SHAPES.items() if isinstance(address, IPv6Address) and address in block)
    return next(found, "IPv4 in IPv6")
