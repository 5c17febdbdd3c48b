"""Queries of every kind, and what can be wrong with them: mutations of the kinds that readers trip over.

Pure: the dice are an argument, so that a broken packet is made anew from the same seed.
"""

from collections.abc import Callable, Iterator
from random import Random

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.update

HEADER = 12
QR = 0x80
LARGEST = 600  # octets

Mutation = Callable[[bytearray, Random], None]


def packets(number: int, dice: Random) -> Iterator[bytes]:
    """One in five is random throughout, the others are queries with one or two mutations."""
    known = tuple(query.to_wire() for query in queries())
    for _ in range(number):
        if dice.random() < 0.2:
            yield dice.randbytes(dice.randrange(LARGEST))
        else:
            yield mutated(dice.choice(known), dice)


def mutated(packet: bytes, dice: Random) -> bytes:
    """With one to three things wrong."""
    octets = bytearray(packet)
    for _ in range(dice.randint(1, 3)):
        dice.choice(_MUTATIONS)(octets, dice)
    return bytes(octets[:LARGEST])


def as_response(packet: bytes) -> bytes:
    return packet[:2] + bytes((packet[2] | QR,)) + packet[3:] if len(packet) > 2 else packet


def is_response(packet: bytes) -> bool:
    return len(packet) > 2 and bool(packet[2] & QR)


def is_query(packet: bytes) -> bool:
    return len(packet) >= HEADER and not is_response(packet)


def queries() -> Iterator[dns.message.Message]:
    www, here = dns.name.from_text("www.example.com."), dns.name.from_text("example.com.")
    for rtype in ("A", "AAAA", "NS", "SOA", "ANY", "AXFR", "IXFR", "TXT", "RRSIG", "TYPE65280"):
        yield dns.message.make_query(www, rtype)
    for name in ("app.example.com.", "no.such.example.com.", "example.org.", ".", "a." * 120):
        yield dns.message.make_query(name, "A", use_edns=True)
    for network in ("192.0.2.0/24", "2001:db8::/56", "0.0.0.0/0", "10.1.2.3/32"):
        option = dns.edns.ECSOption.from_text(f"ECS {network}")
        yield dns.message.make_query("app.example.com.", "A", use_edns=True, options=[option])
    options: list[dns.edns.Option] = [
        dns.edns.GenericOption(dns.edns.OptionType.make(code), b"\1\2\3\4\5\6\7\x08")
        for code in (3, 8, 10, 11, 12, 15, 65001)
    ]
    yield dns.message.make_query(www, "A", use_edns=True, options=options, want_dnssec=True)
    yield dns.message.make_query(www, "A", use_edns=1)
    cookie = dns.edns.GenericOption(dns.edns.OptionType.COOKIE, b"\1\2\3\4\5\6\7\x08")
    subnet = dns.edns.ECSOption("192.0.2.0", 24, 0)
    yield dns.message.make_query("version.bind.", "TXT", dns.rdataclass.CH)
    for told in (None, options[:1], [cookie, subnet, cookie]):
        notify = dns.message.make_query(here, "SOA", use_edns=told is not None, options=told)
        notify.set_opcode(dns.opcode.NOTIFY)
        yield notify
        for rtype in ("AXFR", "IXFR"):
            copy = dns.message.make_query(here, rtype, use_edns=told is not None, options=told)
            soa = "ns1.example.com. hostmaster.example.com. 1 1 1 1 1"
            copy.authority += [dns.rrset.from_text(here, 0, "IN", "SOA", soa)] if rtype == "IXFR" else []
            yield copy
    yield dns.message.make_query(www, "A", "HS", use_edns=True, options=[cookie])
    yield dns.message.make_query(www, "A", "ANY", use_edns=1, options=[cookie])
    update = dns.update.UpdateMessage(here)
    update.add("www", 300, "A", "192.0.2.66")
    yield update


def _flip_bit(packet: bytearray, dice: Random) -> None:
    if packet:
        packet[dice.randrange(len(packet))] ^= 1 << dice.randrange(8)


def _set_octet(packet: bytearray, dice: Random) -> None:
    if packet:
        packet[dice.randrange(len(packet))] = dice.choice((0, 1, 63, 64, 127, 128, 191, 192, 255))


def _set_count(packet: bytearray, dice: Random) -> None:
    """One of the four counts of the header."""
    if len(packet) >= HEADER:
        at = dice.randrange(4, HEADER, 2)
        packet[at : at + 2] = dice.choice((0, 1, 2, 255, 65535)).to_bytes(2, "big")


def _cut(packet: bytearray, dice: Random) -> None:
    del packet[dice.randrange(len(packet) + 1) :]


def _insert(packet: bytearray, dice: Random) -> None:
    at = dice.randrange(len(packet) + 1)
    packet[at:at] = dice.randbytes(dice.randrange(1, 40))


def _copy(packet: bytearray, dice: Random) -> None:
    """A stretch of it to another place."""
    at = dice.randrange(len(packet) + 1)
    packet[at:at] = packet[dice.randrange(len(packet) + 1) :][:40]


def _remove(packet: bytearray, dice: Random) -> None:
    at = dice.randrange(len(packet) + 1)
    del packet[at : at + dice.randint(1, 8)]


def _point(packet: bytearray, dice: Random) -> None:
    """A compression pointer in the question: to itself, backwards, forwards or outside."""
    if len(packet) > HEADER + 2:
        at = dice.randrange(HEADER, len(packet) - 1)
        packet[at : at + 2] = (0xC000 | dice.choice((0, HEADER, at, at + 1, 0x3FFF))).to_bytes(2, "big")


def _repeat(packet: bytearray, dice: Random) -> None:
    """The question, or the additional record, a second time."""
    packet += packet[dice.randrange(min(HEADER, len(packet) + 1) or 1) :]


_MUTATIONS: tuple[Mutation, ...] = (
    _flip_bit, _set_octet, _set_count, _cut, _insert, _copy, _remove, _point, _repeat,
)  # fmt: skip
