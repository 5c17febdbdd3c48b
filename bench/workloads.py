"""Facts → workloads: questions as packets, and the answers that each of them may have."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address
from random import Random
from struct import pack

from bench.facts import GEO_NAME, REGIONS, WEIGHTED_NAME, WEIGHTS, Facts, host_address

QUESTIONS = 65_536  # of each workload
_A, _IN, _OPT, _CLIENT_SUBNET = 1, 1, 41, 8
_PAYLOAD = 1232


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """For an IPv4 address, with EDNS; with a client subnet of 24 bits where `client` names an address in it."""

    name: str
    client: int | None = None
    answers: frozenset[IPv4Address]  # one of these; none: the name does not exist

    def packet(self, number: int = 0) -> bytes:
        labels = b"".join(bytes([len(label)]) + label.encode() for label in self.name.split("."))
        option = b"" if self.client is None else pack("!4HI", _CLIENT_SUBNET, 7, 1, 24 << 8, self.client)[:11]
        edns = b"\0" + pack("!HHIH", _OPT, _PAYLOAD, 0, len(option)) + option
        return pack("!6H", number, 0, 1, 0, 0, 1) + labels + b"\0" + pack("!2H", _A, _IN) + edns


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    name: str
    title: str
    questions: tuple[Question, ...]

    def file(self) -> bytes:
        """As the load generator reads it: each packet after its length."""
        packets = (question.packet() for question in self.questions)
        return b"".join(pack("!H", len(packet)) + packet for packet in packets)


NAMES = ("geo", "weighted", "static", "nxdomain", "mix")
TITLES = {
    "geo": "geo name, 65,536 subnets",
    "weighted": "weighted name",
    "static": "10,000 static names",
    "nxdomain": "NXDOMAIN, random names",
    "mix": "mix of geo, static, NXDOMAIN",
}


def workload(name: str, known: Facts) -> Workload:
    """The same questions every time."""
    dice = Random(NAMES.index(name) + 1)
    makers: dict[str, Callable[[], Iterator[Question]]] = {
        "geo": partial(_geo, known, dice),
        "weighted": _weighted,
        "static": partial(_static, known, dice),
        "nxdomain": partial(_missing, known, dice),
        "mix": partial(_mix, known, dice),
    }
    made = makers[name]()
    return Workload(name=name, title=TITLES[name], questions=tuple(next(made) for _ in range(QUESTIONS)))


def _geo(known: Facts, dice: Random) -> Iterator[Question]:
    """No /24 twice, of those that have a region."""
    begins = [network.first for network, _ in known.regions]
    seen: set[int] = set()
    while True:
        client = dice.getrandbits(24) << 8
        network, region = known.regions[max(0, bisect_right(begins, client) - 1)]
        if client in network and client not in seen:
            seen.add(client)
            yield Question(name=GEO_NAME, client=client, answers=frozenset({REGIONS[region]}))


def _weighted() -> Iterator[Question]:
    question = Question(name=WEIGHTED_NAME, answers=frozenset(WEIGHTS))
    while True:
        yield question


def _static(known: Facts, dice: Random) -> Iterator[Question]:
    while True:
        number = dice.randrange(known.hosts)
        name = f"host{number}.{dice.choice(known.static_zones)}"
        yield Question(name=name, answers=frozenset({host_address(number)}))


def _missing(known: Facts, dice: Random) -> Iterator[Question]:
    while True:
        yield Question(name=f"x{dice.getrandbits(48):012x}.{dice.choice(known.static_zones)}", answers=frozenset())


def _mix(known: Facts, dice: Random) -> Iterator[Question]:
    kinds = (_geo(known, dice), _static(known, dice), _missing(known, dice))
    while True:
        yield next(dice.choices(kinds, (50, 30, 20))[0])
