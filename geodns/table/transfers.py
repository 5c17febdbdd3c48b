"""The part of a generation that copies of zones are made from: records as they are sent, who may have them, and keys.

    directory   JSON: keys, rules of who may copy, zones with their serials, where their octets stand and are cut
    octets      of each zone its SOA record, then the others; of each difference between two serials
                SOA of the older, what went, SOA of the newer, what came (RFC 1995 §4)

A message that transfers records has the zone's name as its question, so names in the zone end in a pointer at that,
and the octets are sent as they are: a copy costs no more than a slice a message.
"""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from geodns.model.name import Name
from geodns.model.place import Address, Network
from geodns.model.serial import is_newer
from geodns.model.transfer import Key
from geodns.table.layout import TRANSFERS_DIRECTORY, TRANSFERS_LENGTH, TRANSFERS_OCTETS
from geodns.table.part import WORD, Part

POINTER = b"\xc0\x0c"  # at the question's name


@dataclass(frozen=True, slots=True)
class Run:
    """Whole records in a row. `cuts`: how many octets and how many records each piece of them has, so large that
    several fit a message; only a record that is larger by itself is a larger piece."""

    octets: memoryview
    cuts: Sequence[tuple[int, int]]

    def pieces(self) -> Iterator[tuple[memoryview, int]]:
        """Octets, and how many records they are."""
        at = 0
        for size, count in self.cuts:
            yield self.octets[at : at + size], count
            at += size


@dataclass(frozen=True, slots=True)
class Difference:
    """How to come from one serial to another."""

    older: int
    newer: int
    run: Run


@dataclass(frozen=True, slots=True)
class Rule:
    """None: any network; no key is needed."""

    network: Network | None
    key: Name | None

    def fits(self, client: Address, key: Name | None) -> bool:
        if self.key is not None and self.key != key:
            return False
        return self.network is None or client in self.network


@dataclass(frozen=True, slots=True)
class Copied:
    """A zone that may be copied. `soa`: its record as it is sent; `run` begins with it.

    `history`: the oldest first, each from where the one before it ends, and the last one ends here. `muddled`: its
    records have changed under one serial, so from this serial no difference may be told.
    """

    serial: int
    rules: Sequence[Rule]
    soa: bytes
    run: Run
    history: Sequence[Difference]
    muddled: bool = False

    def may_be_copied(self, client: Address, key: Name | None) -> bool:
        """`key`: that the client has signed with."""
        return any(rule.fits(client, key) for rule in self.rules)

    def since(self, serial: int) -> Sequence[Difference] | None:
        """What has changed since; empty where nothing has, None where it is not known any more."""
        if not is_newer(self.serial, serial):
            return ()
        for at, difference in enumerate(self.history):
            if difference.older == serial:
                return self.history[at:]
        return None


@dataclass(frozen=True, slots=True)
class Transfers:
    """`zones`: those that somebody may copy; `others` are served too. `followed`: of all of these, those that are
    copied from other servers, so that word of a change counts. `void`: of these, those that nobody gets now, as what
    is here of them is not good any more, or not yet; they are in `zones` where their differences go on later."""

    keys: Mapping[Name, Key]
    zones: Mapping[Name, Copied]
    others: frozenset[Name]
    followed: frozenset[Name] = frozenset()
    void: frozenset[Name] = frozenset()


def read_transfers(part: Part) -> Transfers:
    """Of a part that was verified. Octets stay where they are."""
    words, octets = part.words, part.octets
    start = words[TRANSFERS_DIRECTORY] * WORD
    directory = json.loads(bytes(octets[start : start + words[TRANSFERS_LENGTH]]))
    body = octets[words[TRANSFERS_OCTETS] * WORD :]
    rules = [[_rule(*each) for each in listed] for listed in directory["rules"]]
    keys = [_key(*each) for each in directory["keys"]]
    return Transfers(
        keys={key.name: key for key in keys},
        zones={Name(bytes.fromhex(name)): _copied(body, zone, rules) for name, zone in directory["zones"].items()},
        others=_names(directory["others"]),
        followed=_names(directory.get("followed", ())),  # a generation of before has none
        void=_names(directory.get("void", ())),  # likewise
    )


def _names(listed: Iterable[str]) -> frozenset[Name]:
    return frozenset(Name(bytes.fromhex(name)) for name in listed)


def _rule(network: str | None, key: str | None) -> Rule:
    return Rule(None if network is None else ip_network(network), None if key is None else Name(bytes.fromhex(key)))


def _key(name: str, algorithm: str, secret: str) -> Key:
    return Key(name=Name(bytes.fromhex(name)), algorithm=algorithm, secret=b64decode(secret))


def _copied(body: memoryview, zone: dict[str, object], rules: Sequence[Sequence[Rule]]) -> Copied:
    match zone:
        case {
            "serial": int(serial),
            "rules": int(number),
            "soa": int(soa),
            "at": int(at),
            "cuts": list(cuts),
            "history": list(history),
            "muddled": bool(muddled),
        }:
            run = _run(body, at, cuts)
            differences = [Difference(each[0], each[1], _run(body, each[2], each[3])) for each in history]
            return Copied(serial, rules[number], bytes(run.octets[:soa]), run, differences, muddled)
    raise ValueError("a zone's entry is not as this version writes it")


def _run(body: memoryview, at: int, cuts: Sequence[Sequence[int]]) -> Run:
    return Run(body[at : at + sum(size for size, _ in cuts)], [(size, count) for size, count in cuts])
