"""The explanations take nothing for right that is wrong: a reply of which one thing is changed is found out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import dns.name
import dns.rdatatype
import pytest
from dns.rdatatype import RdataType

from geodns.config.master import parse_master
from tests.judge.cases import Case, unexplained
from tests.judge.explanations import EXPLANATIONS
from tests.judge.facts import facts_of
from tests.judge.four import all_four, cases
from tests.judge.questions import Question
from tests.judge.replies import Record, Reply
from tests.judge.zone import NAME, master

pytestmark = pytest.mark.sockets


# One of each kind that has differences with an explanation, and some that have none.
ASKED = (
    ("www", "A"), ("all", "MX"), ("chain1", "A"), ("x.wild", "A"), ("gone", "A"), ("www", "MX"), ("x.cut", "A"),
    ("sibling", "A"), ("in-zone", "A"), ("_sip._tcp", "SRV"), ("to-cut", "A"), ("signed", "DS"), ("huge", "TXT"),
    ("loop1", "A"), ("into-loop", "A"), ("alias", "NSEC"), ("x.alias", "NSEC"),
)  # fmt: skip
CHANGES: Mapping[str, Callable[[Reply], Reply]] = {
    "another code": lambda reply: _with(reply, rcode="NXDOMAIN" if reply.rcode == "NOERROR" else "NOERROR"),
    "AA the other way": lambda reply: _with(reply, flags=reply.flags ^ {"AA"}),
    "RA": lambda reply: _with(reply, flags=reply.flags | {"RA"}),
    "TC": lambda reply: _with(reply, flags=reply.flags | {"TC"}),
    "a record less": lambda reply: _with(reply, **{_fullest(reply): frozenset(sorted(_records(reply))[1:])}),
    "another TTL": lambda reply: _with(reply, **{_fullest(reply): frozenset(map(_later, _records(reply)))}),
    "a record more": lambda reply: _with(reply, answer=reply.answer | {_stranger()}),
    "another denial": lambda reply: _with(reply, authority=reply.authority | {_stranger()}),
    "an address more": lambda reply: _with(reply, additional=reply.additional | {_stranger()}),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Case]]:
    zone = parse_master(master().encode(), "corners.zone", NAME)
    asked = [
        Question(name=dns.name.from_text(f"{name}.{NAME}"), rtype=dns.rdatatype.from_text(rtype), tcp=True)
        for name, rtype in ASKED
    ]
    with all_four(NAME, master(), tmp_path_factory.mktemp("four")) as ports:
        yield [case for together in cases(asked, ports, facts_of(zone)) for case in together]


@pytest.mark.parametrize("change", CHANGES)
def test_a_reply_that_is_changed_is_found_out(change: str, found: list[Case]) -> None:
    for case in found:
        assert not unexplained(case, EXPLANATIONS)
        ours = CHANGES[change](case.ours)
        wrong = replace(case, ours=ours, our_whole=ours)
        assert unexplained(wrong, EXPLANATIONS) or not wrong.differing, f"{case.peer}: {case.question}: {change}"


def _with(reply: Reply, **changes: object) -> Reply:
    return replace(reply, **changes)  # type: ignore[arg-type]


def _fullest(reply: Reply) -> str:
    return "answer" if reply.answer else "authority"


def _records(reply: Reply) -> frozenset[Record]:
    return reply.answer or reply.authority


def _later(record: Record) -> Record:
    return record._replace(ttl=record.ttl + 1)


def _stranger() -> Record:
    return Record(dns.name.from_text(f"stranger.{NAME}"), RdataType.A, 3600, b"\xc0\x00\x02\x01")
