"""One question, our reply and another server's: a case. What a table of explanations leaves of its differences."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tests.judge.facts import Facts
from tests.judge.questions import Question
from tests.judge.replies import SECTIONS, Difference, Reply, differences

ALL = ("bind", "knot", "nsd")


@dataclass(frozen=True, kw_only=True)
class Case:
    """`our_whole`, `their_whole`: what the same question gets by TCP, where one of the replies was truncated."""

    peer: str
    question: Question
    ours: Reply
    others: Mapping[str, Reply]
    our_whole: Reply
    their_whole: Reply
    zone: Facts

    @property
    def theirs(self) -> Reply:
        return self.others[self.peer]

    @cached_property
    def differing(self) -> frozenset[Difference]:
        return differences(self.ours, self.theirs)

    def only(self, part: str, *, ours: bool) -> frozenset[Difference]:
        return frozenset(each for each in self.differing if each.part == part and each.ours is ours)

    def both(self, *parts: str) -> frozenset[Difference]:
        return frozenset(each for each in self.differing if each.part in parts)

    @property
    def sections(self) -> frozenset[Difference]:
        return self.both(*SECTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`explains` returns the differences that it accounts for: none where its conditions do not hold to the letter."""

    name: str
    peers: tuple[str, ...]
    source: str  # RFC and section
    reason: str
    explains: Callable[[Case], Iterable[Difference]]


def unexplained(case: Case, table: Iterable[Explanation]) -> frozenset[Difference]:
    return case.differing.difference(*(found for _, found in explained(case, table)))


def explained(case: Case, table: Iterable[Explanation]) -> Iterator[tuple[Explanation, frozenset[Difference]]]:
    for explanation in table:
        if case.peer in explanation.peers:
            found = frozenset(explanation.explains(case)) & case.differing
            if found:
                yield explanation, found
