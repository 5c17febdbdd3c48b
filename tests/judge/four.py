"""Questions to geodns and the three others → cases, three to a question."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from tests.judge.asking import ask
from tests.judge.cases import ALL, Case
from tests.judge.facts import Facts
from tests.judge.peers.bind import BIND
from tests.judge.peers.geodns import GEODNS
from tests.judge.peers.knot import KNOT
from tests.judge.peers.nsd import NSD
from tests.judge.peers.peer import serving
from tests.judge.questions import Question
from tests.judge.replies import read

OURS = GEODNS.name
_AT_ONCE = 1000  # questions; what is kept of their replies is bounded by it

Octets = Mapping[str, bytes]  # server → its reply


@contextmanager
def all_four(zone: str, master: str, folder: Path) -> Iterator[Mapping[str, int]]:
    """Server → port."""
    with ExitStack() as stack:
        peers = (GEODNS, BIND, KNOT, NSD)
        yield {peer.name: stack.enter_context(serving(peer, zone, master, folder / peer.name)) for peer in peers}


def cases(asked: Sequence[Question], ports: Mapping[str, int], zone: Facts) -> Iterator[list[Case]]:
    """Those of one question together. Where a reply is truncated, all are asked once more by TCP, as a client would,
    and compared once more."""
    for first in range(0, len(asked), _AT_ONCE):
        part = asked[first : first + _AT_ONCE]
        got = _asked(ports, part)
        cut = [number for number, replies in enumerate(got) if any(reply[2] & 2 for reply in replies.values())]
        again = [replace(part[number], tcp=True) for number in cut]
        wholes = dict(zip(cut, _asked(ports, again), strict=True))
        for number, replies in enumerate(got):
            yield _compared(part[number], replies, wholes.get(number, replies), zone)
        for question, number in zip(again, cut, strict=True):
            yield _compared(question, wholes[number], wholes[number], zone)


def _asked(ports: Mapping[str, int], questions: Sequence[Question]) -> Sequence[Octets]:
    """In the order of the questions."""
    found: list[dict[str, bytes]] = [{} for _ in questions]
    for name, port in ports.items():
        for tcp in (False, True):
            numbers = [number for number, question in enumerate(questions) if question.tcp is tcp]
            packets = [questions[number].packet(number) for number in numbers]
            for number, reply in zip(numbers, ask(port, packets, tcp=tcp), strict=True):
                found[number][name] = reply
    return found


def _compared(question: Question, replies: Octets, wholes: Octets, zone: Facts) -> list[Case]:
    known = {octets: read(octets) for octets in {*replies.values(), *wholes.values()}}
    return [
        Case(
            peer=name,
            question=question,
            ours=known[replies[OURS]],
            others={name: known[replies[name]] for name in ALL},
            our_whole=known[wholes[OURS]],
            their_whole=known[wholes[name]],
            zone=zone,
        )
        for name in ALL
    ]
