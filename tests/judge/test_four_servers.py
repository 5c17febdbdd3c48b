"""geodns beside BIND, Knot and NSD: the same zone, the same random questions, by UDP and TCP, and no difference that
has no explanation.

    GEODNS_JUDGED=200000 .venv/bin/python -m pytest -s tests/judge/test_four_servers.py     # not 20,000
    GEODNS_JUDGE_SEED=7 .venv/bin/python -m pytest -s tests/judge/test_four_servers.py      # other ones
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import dns.name
import dns.rdatatype
import pytest

from geodns.config.master import parse_master
from geodns.model.zone import Zone
from tests.judge.cases import ALL, Case, explained, unexplained
from tests.judge.explanations import EXPLANATIONS
from tests.judge.facts import facts_of
from tests.judge.four import all_four, cases
from tests.judge.questions import Question, found, questions
from tests.judge.zone import NAME, has_dname, master

pytestmark = pytest.mark.sockets

COUNT = int(os.environ.get("GEODNS_JUDGED", "20000"))
SEED = int(os.environ.get("GEODNS_JUDGE_SEED", "4592"))


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, int]]:
    with all_four(NAME, master(), tmp_path_factory.mktemp("four")) as found:
        yield found


@pytest.fixture(scope="module")
def zone() -> Zone:
    return parse_master(master().encode(), "corners.zone", NAME)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`counts`: (explanation, server) → cases. `outvoted`: of those, where two others agree with each other."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    outvoted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def report(self) -> str:
        lines = [f"{COUNT} questions, seed {SEED}", f"{'':28}{''.join(f'{name:>8}' for name in ALL)}{'two agree':>12}"]
        for each in EXPLANATIONS:
            counts = "".join(f"{self.counts[each.name, name]:8}" for name in ALL)
            lines.append(f"{each.name:28}{counts}{self.outvoted[each.name]:12}")
        return "\n".join(lines)


def judged(groups: Iterable[list[Case]]) -> Verdict:
    verdict = Verdict()
    for together in groups:
        votes = Counter(difference for case in together for difference in case.differing)
        for case in together:
            for explanation, differences in explained(case, EXPLANATIONS):
                verdict.counts[explanation.name, case.peer] += 1
                verdict.outvoted[explanation.name] += any(votes[each] > 1 for each in differences)
            if left := unexplained(case, EXPLANATIONS):
                lines = [f"{case.peer}: {case.question}", *sorted(f"    {each}" for each in left)]
                verdict.wrong.append("\n".join(lines))
    return verdict


def test_no_difference_is_left_unexplained(ports: Mapping[str, int], zone: Zone) -> None:
    verdict = judged(cases([*found(zone), *questions(zone, COUNT, SEED)], ports, facts_of(zone)))
    print(f"\n{verdict.report()}")
    assert not verdict.wrong, "\n".join([f"{len(verdict.wrong)} are unexplained", *verdict.wrong[:20]])
    if COUNT >= 20000 and has_dname():
        unused = [each.name for each in EXPLANATIONS if not any(verdict.counts[each.name, name] for name in ALL)]
        assert unused == [], "these explain nothing any more: take them out"


# RFC 4592 §2.2.1, whose zone stands below `star`: name, type, code, and the records of the answer.
RFC_4592: tuple[tuple[str, str, str, set[str]], ...] = (
    ("host3", "MX", "NOERROR", {"10 host1.star.corners.example."}),
    ("host3", "A", "NOERROR", set()),  # the wildcard has no A
    ("foo.bar", "TXT", "NOERROR", {'"this is a wildcard"'}),
    ("host1", "MX", "NOERROR", set()),  # host1 exists
    ("sub.*", "MX", "NOERROR", set()),  # sub.* exists
    ("_telnet._tcp.host1", "SRV", "NXDOMAIN", set()),  # _tcp.host1 exists, without being told
    ("host.subdel", "A", "NOERROR", set()),  # a referral
    ("ghost.*", "MX", "NXDOMAIN", set()),  # the asterisk exists itself, and has no wildcard
)


def test_wildcards_are_what_their_rfc_says_and_all_four_agree(ports: Mapping[str, int], zone: Zone) -> None:
    asked = [
        Question(name=dns.name.from_text(f"{name}.star.{NAME}"), rtype=dns.rdatatype.from_text(rtype))
        for name, rtype, _, _ in RFC_4592
    ]
    for (name, rtype, rcode, answer), together in zip(RFC_4592, cases(asked, ports, facts_of(zone)), strict=True):
        for case in together:
            assert case.ours.rcode == rcode, (name, rtype)
            assert {each.shown for each in case.ours.answer} == answer, (name, rtype)
            assert case.both("rcode", "flag", "answer", "authority") == set(), (name, rtype, case.peer)
