"""Does a server give the right kind of answers? Asked before it is measured, judged by dnspython.

Each server makes its answers in its own way, and there is no point in comparing speeds of different things.
"""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address

import dns.edns
import dns.exception
import dns.message
import dns.rcode
from dns.rdatatype import A

from bench.workloads import Question, Workload

SAMPLES = 200

Asks = Callable[[bytes], bytes | None]


def judge(asked: Workload, ask: Asks) -> str:
    """What is wrong, in a sentence; empty where nothing is."""
    step = max(1, len(asked.questions) // SAMPLES)
    questions = asked.questions[::step]
    replies = [ask(question.packet(number & 0xFFFF)) for number, question in enumerate(questions)]
    wrong = [fault for fault in map(_fault, questions, replies) if fault]
    if wrong:
        return f"{len(wrong)} of {len(questions)} answers are wrong, such as: {wrong[0]}"
    return _monotony(questions, replies) if asked.name == "weighted" else ""


def _fault(question: Question, reply: bytes | None) -> str:
    if reply is None:
        return f"{question.name}: no answer"
    try:
        message = dns.message.from_wire(reply)
    except dns.exception.DNSException as error:
        return f"{question.name}: {error}"
    wanted = dns.rcode.NOERROR if question.answers else dns.rcode.NXDOMAIN
    if message.rcode() != wanted:
        return f"{question.name}: {dns.rcode.to_text(message.rcode())}, not {dns.rcode.to_text(wanted)}"
    given = _addresses(message)
    if bool(given) != bool(question.answers) or not given <= question.answers:
        return f"{question.name}: {_list(given)}, not one of {_list(question.answers)}"
    if question.client is not None and not any(isinstance(each, dns.edns.ECSOption) for each in message.options):
        return f"{question.name}: no client subnet in the answer"
    return ""


def _monotony(questions: Sequence[Question], replies: Sequence[bytes | None]) -> str:
    """A weighted name has to give each of its addresses now and then."""
    given = {address for reply in replies if reply for address in _addresses(dns.message.from_wire(reply))}
    missing = questions[0].answers - given
    return f"of {len(questions)} answers none was {_list(missing)}" if missing else ""


def _addresses(message: dns.message.Message) -> frozenset[IPv4Address]:
    rdatas = (rdata for rrset in message.answer if rrset.rdtype == A for rdata in rrset)
    return frozenset(IPv4Address(rdata.to_text()) for rdata in rdatas)


def _list(addresses: Iterable[IPv4Address]) -> str:
    return ", ".join(map(str, sorted(addresses))) or "no address"
