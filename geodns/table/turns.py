"""Members drawn for one answer → the answers that they give in turn: addresses, or a service's records with hints."""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from math import ceil, lcm

from geodns.model.place import Address
from geodns.model.pool import ADDRESS_FAMILIES, Family, Member
from geodns.model.service import Service

MOST_OCTETS = 60_000  # in one answer: more would not fit a message with its question and EDNS
_MOST_VARIANTS = 64
_MOST_HINTS = 64  # of a family in an answer, as many as `answers` may ask for: no two draws share octets
_HINT_SIZE = 28  # octets of a member's addresses in a record, with their keys and lengths, at most


def named_together(members: Sequence[Member]) -> Sequence[Member]:
    """Of members drawn for one answer, those that it can name: a CNAME stands alone (RFC 1034 §3.6.2, RFC 2181 §10.1),
    so whether there is one the first of them decides, who comes first in its share of the answers."""
    if members and members[0].target is not None:
        return members[:1]
    return [member for member in members if member.target is None]


def turns(members: Sequence[Member], family: Family, limit: int) -> list[tuple[Address, ...]]:
    """The answers that members with several addresses give in turn; none where a member lacks the family."""
    lists = [member.of_family(family) for member in members]
    if not all(lists):
        return []
    end = lcm(*(len(addresses) for addresses in lists))
    stride = 1
    if end > _MOST_VARIANTS:
        end = max(len(addresses) for addresses in lists)
        # As long as the bound asks for, yet no longer than what an answer shows of each member: none is left out.
        stride = max(1, min(ceil(end / _MOST_VARIANTS), limit // len(lists)))
    return [tuple(_interleaved(lists, turn))[:limit] for turn in range(0, end, stride)]


def hinted(service: Service, members: Sequence[Member], limit: int) -> list[tuple[bytes, ...]]:
    """The records' data with the hints that members give in turn: those that A and AAAA would answer with in that turn.
    A member that lacks a family gives hints of the other."""
    room = max(0, MOST_OCTETS - sum(12 + len(rdata) for rdata in service.rdatas))
    most = min(limit, _MOST_HINTS // service.takers, room // (_HINT_SIZE * service.takers))
    ipv4, ipv6 = (turns([one for one in members if one.of_family(each)], each, most) for each in ADDRESS_FAMILIES)
    end = lcm(len(ipv4), len(ipv6))
    if end > _MOST_VARIANTS:
        end = max(len(ipv4), len(ipv6))
    return [service.hinted(ipv4[turn % len(ipv4)], ipv6[turn % len(ipv6)]) for turn in range(end)]


def _interleaved(lists: Sequence[Sequence[Address]], turn: int) -> Iterator[Address]:
    """Every member's first address before any member's second."""
    turned = [(*addresses[turn % len(addresses) :], *addresses[: turn % len(addresses)]) for addresses in lists]
    return (address for address in chain.from_iterable(zip_longest(*turned)) if address is not None)
