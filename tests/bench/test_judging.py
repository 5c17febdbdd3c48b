"""What counts as a right answer, over replies made by dnspython."""

from collections.abc import Callable
from ipaddress import IPv4Address

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from bench.facts import WEIGHTS, facts
from bench.judging import judge
from bench.workloads import Question, Workload, workload

ADDRESS = IPv4Address("192.0.2.1")
HOST = Question(name="host0.example", answers=frozenset({ADDRESS}))
MISSING = Question(name="x.example", answers=frozenset())
STEERED = Question(name="www.example", client=int(IPv4Address("16.0.0.0")), answers=frozenset({ADDRESS}))


def of(*questions: Question, name: str = "static") -> Workload:
    return Workload(name=name, title="", questions=questions)


def answering(*addresses: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> Callable[[bytes], bytes | None]:
    def ask(packet: bytes) -> bytes:
        query = dns.message.from_wire(packet)
        reply = dns.message.make_response(query)
        reply.set_rcode(rcode)
        if addresses:
            reply.answer.append(dns.rrset.from_text(query.question[0].name, 30, "IN", "A", *addresses))
        return reply.to_wire()

    return ask


@pytest.mark.parametrize(
    ("question", "ask", "fault"),
    [
        (HOST, answering("192.0.2.1"), ""),
        (HOST, answering("192.0.2.9"), "192.0.2.9, not one of 192.0.2.1"),
        (HOST, answering("192.0.2.1", "192.0.2.9"), "192.0.2.1, 192.0.2.9, not one of"),
        (HOST, answering(), "no address, not one of"),
        (HOST, answering(rcode=dns.rcode.SERVFAIL), "SERVFAIL, not NOERROR"),
        (HOST, lambda _: None, "no answer"),
        (HOST, lambda packet: packet[:20], "host0.example: "),
        (MISSING, answering(rcode=dns.rcode.NXDOMAIN), ""),
        (MISSING, answering(), "NOERROR, not NXDOMAIN"),
        (STEERED, answering("192.0.2.1"), "no client subnet in the answer"),
    ],
)
def test_an_answer_is_judged(question: Question, ask: Callable[[bytes], bytes | None], fault: str) -> None:
    found = judge(of(question), ask)
    assert fault in found
    assert bool(fault) == bool(found)


def test_a_geo_answer_has_to_echo_the_subnet() -> None:
    def ask(packet: bytes) -> bytes:
        reply = dns.message.from_wire(answering("192.0.2.1")(packet) or b"")
        reply.use_edns(0, options=[dns.edns.ECSOption("16.0.0.0", 24, 12)])
        return reply.to_wire()

    assert judge(of(STEERED), ask) == ""


def test_a_weighted_name_has_to_give_each_address_now_and_then() -> None:
    asked = workload("weighted", facts())
    assert judge(asked, answering("192.0.2.10")).startswith("of 201 answers none was 192.0.2.11, 192.0.2.12")
    turns = iter([str(address) for address in WEIGHTS] * 100)
    assert judge(asked, lambda packet: answering(next(turns))(packet)) == ""
