import logging

import dns.message
import dns.rcode
import pytest

from geodns.answer.cells import FAULTS
from geodns.answer.memory import Memory, private_memory
from geodns.answer.query import Query
from geodns.answer.terms import NOT_MINE, UDP
from geodns.serve.counts import Counts, Event
from geodns.serve.current import Current
from geodns.serve.desk import TRACEBACK_EVERY, Desk
from geodns.serve.letter import Answer
from geodns.table.image import Table
from geodns.table.part import Part
from tests.serve.standins import QUERY, private_counts

_NOTHING = Part(memoryview(b"").cast("I"), memoryview(b""))


class Fixture:
    def __init__(self, answer: Answer) -> None:
        self.now = 0.0
        self.memory = private_memory()
        self.counts: Counts = private_counts()
        self.current = Current(Table(_NOTHING, _NOTHING, _NOTHING))
        self.desk = Desk(self.current, answer, self.memory, self.counts, clock=lambda: self.now)

    def ask(self, packet: bytes = QUERY) -> bytes:
        reply = memoryview(bytearray(65535))
        size = self.desk.reply_to(memoryview(packet), len(packet), memoryview(b"\x7f\0\0\1"), UDP, reply)
        return bytes(reply[:size])

    def rcode(self, packet: bytes = QUERY) -> str:
        return dns.rcode.to_text(dns.message.from_wire(self.ask(packet)).rcode())


def raises(table: Table, query: Query, memory: Memory) -> int:
    raise IndexError("out of bounds")


def returns(size: int) -> Answer:
    def answer(table: Table, query: Query, memory: Memory) -> int:
        return size

    return answer


def test_without_a_table_the_answer_is_servfail() -> None:
    given = Fixture(raises)
    given.current.table = None
    assert given.rcode() == "SERVFAIL"
    assert given.counts.read()[Event.NO_TABLE] == 1


def test_without_a_table_who_speaks_edns_is_told_why() -> None:
    given = Fixture(raises)
    given.current.table = None
    reply = dns.message.from_wire(given.ask(dns.message.make_query("www.example.com", "A", use_edns=0).to_wire()))
    assert reply.rcode() == dns.rcode.SERVFAIL
    assert [each.to_text() for each in reply.options] == ["EDE 14 (Not Ready): no configuration has been read yet"]


@pytest.mark.parametrize(
    ("packet", "code"),
    [(b"\x12\x34\x20" + QUERY[3:], "SERVFAIL"), (QUERY[:-1], "FORMERR"), (QUERY[:-4] + b"\0\xfc\0\1", "SERVFAIL")],
    ids=["NOTIFY", "cut short", "a transfer"],
)
def test_without_a_table_all_else_gets_a_reply_too(packet: bytes, code: str) -> None:
    given = Fixture(raises)
    given.current.table = None
    assert given.rcode(packet) == code


def test_without_a_table_a_response_gets_none() -> None:
    given = Fixture(raises)
    given.current.table = None
    assert given.ask(QUERY[:2] + b"\x81" + QUERY[3:]) == b""


def test_what_the_answer_hands_back_is_answered_as_odd() -> None:
    given = Fixture(returns(NOT_MINE))
    assert given.rcode() == "REFUSED"
    assert given.counts.read()[Event.ODD] == 1


def test_a_drop_is_no_reply() -> None:
    assert Fixture(returns(0)).ask() == b""


def test_an_exception_becomes_servfail_and_is_counted_and_told(caplog: pytest.LogCaptureFixture) -> None:
    given = Fixture(raises)
    with caplog.at_level(logging.ERROR):
        assert given.rcode() == "SERVFAIL"
    assert given.memory.counts[FAULTS] == 1
    assert "IndexError: out of bounds" in caplog.text
    assert QUERY.hex() in caplog.text


def test_a_flood_of_exceptions_is_told_once_a_second(caplog: pytest.LogCaptureFixture) -> None:
    given = Fixture(raises)
    for _ in range(100):
        given.ask()
    assert len(caplog.records) == 1
    given.now += TRACEBACK_EVERY
    given.ask()
    assert len(caplog.records) == 2
    assert given.memory.counts[FAULTS] == 101


def test_an_exception_over_a_response_gets_no_reply() -> None:
    assert Fixture(raises).ask(QUERY[:2] + b"\x81" + QUERY[3:]) == b""
