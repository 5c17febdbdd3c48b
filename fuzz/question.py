"""A query as an independent reader takes it, octet by octet: what its reply is judged by. Quick, as laws.py is."""

from dataclasses import dataclass

HEADER = 12
OPT, TSIG = 41, 250
_MOST_EXTRA = 8  # additional records; with more of them a server may well refuse to look
_FIXED = 10  # octets of a record between its owner and its data


@dataclass(frozen=True, slots=True)
class Edns:
    """`options`: by code, the first of each; None where they are malformed."""

    version: int
    options: dict[int, bytes] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """`edns`: each OPT record of the root in the additional section; `misplaced`: there is one of another kind."""

    opcode: int
    rclass: int
    edns: tuple[Edns, ...]
    misplaced: bool
    is_signed: bool


def read_question(packet: bytes) -> Asked | None:
    """None where the packet has not one question and whole records, to its end."""
    try:
        return _read(packet)
    except IndexError:
        return None


def _read(packet: bytes) -> Asked | None:
    questions, *counts = (_number(packet, at) for at in (4, 6, 8, 10))
    end = _name_end(packet, HEADER, is_asked=True)
    if questions != 1 or not end or end - HEADER > 255 or counts[2] > _MOST_EXTRA:
        return None
    at = end + 4
    edns: list[Edns] = []
    misplaced = is_signed = False
    for number in range(sum(counts)):
        owner, at = at, _name_end(packet, at)
        if not at:
            return None
        rtype, data, size = _number(packet, at), at + _FIXED, _number(packet, at + 8)
        if rtype == OPT and number >= counts[0] + counts[1] and packet[owner] == 0:
            edns.append(Edns(packet[at + 5], _options(packet[data : data + size])))
        misplaced |= rtype == OPT and (number < counts[0] + counts[1] or packet[owner] != 0)
        is_signed |= rtype == TSIG
        at = data + size
    if at != len(packet):
        return None
    return Asked(packet[2] >> 3 & 15, _number(packet, end + 2), tuple(edns), misplaced, is_signed)


def _options(octets: bytes) -> dict[int, bytes] | None:
    found: dict[int, bytes] = {}
    at = 0
    while at < len(octets):
        if at + 4 > len(octets) or at + 4 + _number(octets, at + 2) > len(octets):
            return None
        code, size = _number(octets, at), _number(octets, at + 2)
        found.setdefault(code, octets[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def options_of(opt: bytes) -> dict[int, bytes] | None:
    """Of a reply's OPT record, from its type on."""
    return _options(opt[_FIXED:])


def _name_end(packet: bytes, at: int, *, is_asked: bool = False) -> int:
    """Just past the name, whose pointers are not followed; 0 where it is none. In a question there is nothing yet that
    a pointer could lead to."""
    while packet[at]:
        if packet[at] >= 0xC0:
            return 0 if is_asked else at + 2
        if packet[at] > 63:
            return 0
        at += 1 + packet[at]
    return at + 1


def _number(message: bytes, at: int) -> int:
    return message[at] << 8 | message[at + 1]
