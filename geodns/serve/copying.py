"""A question for a copy of a zone (AXFR, RFC 5936) or for what has changed in it (IXFR, RFC 1995) → what to send.

judge(…) → Refusal(rcode) | the zone
messages(…) → bodies of whole records, each for a message of its own; `fitting(…)` where all has to fit one
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from geodns.answer.rcode import FORMERR, REFUSED, SERVFAIL
from geodns.answer.terms import INVALID_DATA, PLAIN_REPLY, PROHIBITED
from geodns.answer.wire import AXFR, IN, IXFR
from geodns.model.name import Name
from geodns.serve.outline import Outline
from geodns.table.transfers import Copied, Difference, Transfers

NOTAUTH = 9  # RFC 2136 §2.2, and RFC 5936 §2.2.1 for transfers
MOST = 16_000  # octets of records in a message: several small pieces go together

Body = tuple[bytes | memoryview, int]  # records as octets, and how many they are
_SAID = {
    FORMERR: "the question is not as RFC 5936 or RFC 1995 has it",
    NOTAUTH: "no such zone is served here",
    REFUSED: "nothing under 'transfer' allows it",
    SERVFAIL: "the copy of it that is here has expired, or has not come yet",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """`extended`: an extended error, one of terms."""

    rcode: int
    extended: int = PLAIN_REPLY

    def __str__(self) -> str:
        return _SAID[self.rcode]


def is_transfer(outline: Outline) -> bool:
    return outline.opcode == 0 and outline.rclass == IN and outline.rtype in (AXFR, IXFR)


def judge(transfers: Transfers | None, outline: Outline, client: bytes, key: Name | None) -> Copied | Refusal:
    """`client`: packed address; `key`: that it has signed with. In this order: is the question whole, is the zone
    ours and good, and may it be copied by the client."""
    if outline.answers or outline.authority > 1 or (outline.serial is None) == (outline.rtype == IXFR):
        return Refusal(FORMERR)
    if transfers is None:
        return Refusal(REFUSED, PROHIBITED)
    name = Name(outline.name.lower())
    if name in transfers.void:
        return Refusal(SERVFAIL, INVALID_DATA)
    zone = transfers.zones.get(name)
    if zone is None:
        return Refusal(REFUSED, PROHIBITED) if name in transfers.others else Refusal(NOTAUTH)
    if not zone.may_be_copied(ip_address(client), key):
        return Refusal(REFUSED, PROHIBITED)
    return zone


def bodies(zone: Copied, outline: Outline) -> Iterator[Body]:
    """What goes into one message each."""
    held, count = bytearray(), 0
    for octets, records in _pieces(zone, outline):
        if held and len(held) + len(octets) > MOST:
            yield bytes(held), count
            held, count = bytearray(), 0
        held += octets
        count += records
    yield bytes(held), count


def fitting(zone: Copied, outline: Outline, limit: int) -> Body:
    """What has changed, where that has at most `limit` octets; else the SOA alone, so that the client comes back by TCP
    (RFC 1995 §2)."""
    differences = _differences(zone, outline)
    alone = zone.soa, 1
    if not differences or sum(len(each.run.octets) for each in differences) + 2 * len(zone.soa) > limit:
        return alone
    pieces = list(_told(zone, differences))
    return b"".join(octets for octets, _ in pieces), sum(count for _, count in pieces)


def _pieces(zone: Copied, outline: Outline) -> Iterator[Body]:
    """Cases: 1. nothing has changed, 2. it is known what has, 3. all of the zone."""
    differences = _differences(zone, outline)
    if differences is not None and not differences:
        yield zone.soa, 1
    elif differences:
        yield from _told(zone, differences)
    else:
        yield from zone.run.pieces()
        yield zone.soa, 1


def _told(zone: Copied, differences: Sequence[Difference]) -> Iterator[Body]:
    """RFC 1995 §4: between two SOAs of the newest serial, one difference after the other."""
    yield zone.soa, 1
    for each in differences:
        yield from each.run.pieces()
    yield zone.soa, 1


def _differences(zone: Copied, outline: Outline) -> Sequence[Difference] | None:
    if outline.rtype != IXFR or outline.serial is None:
        return None
    return zone.since(outline.serial)
