"""Whatever a cache has kept, each of 450 clients gets the answer that geodns gives when it is asked directly.

geodns counts the queries that arrive, which shows that the caches answer for themselves.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from random import Random

import dns.edns
import pytest

from geodns.model.place import Network
from tests.resolvers.clients import COUNT, clients
from tests.resolvers.questions import Answer, Question, Widths, ask, subnet_of
from tests.resolvers.recursor import RECURSOR
from tests.resolvers.resolver import Kind, program, resolving
from tests.resolvers.unbound import UNBOUND
from tests.scenarios.server import Server, serving

pytestmark = pytest.mark.sockets

ZONE = Path(__file__).with_name("example.com.yaml")
CLIENTS = clients()
ASKED = (
    ("world", "A"),
    ("world", "AAAA"),
    ("world", "HTTPS"),  # a record for all, with hints for those who have an address
    ("near", "A"),
    ("own", "A"),
    ("own", "AAAA"),
    ("own", "HTTPS"),
    ("same", "A"),
    ("same", "TXT"),  # NODATA for everybody
    ("missing", "A"),
)
UNTOLD = (None, ip_network("0.0.0.0/0"), ip_network("::/0"))
WHOLE = Widths(v4=32, v6=128)
USUAL = Widths(v4=24, v6=56)  # RFC 7871 §11.1 asks resolvers not to pass on more


@dataclass(frozen=True, slots=True)
class Resolver:
    """A running one, with an empty cache."""

    kind: Kind
    port: int
    widths: Widths


@pytest.fixture(scope="module")
def geodns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(ZONE, state=tmp_path_factory.mktemp("geodns") / "state") as server:
        yield server


@pytest.fixture(params=[UNBOUND, RECURSOR], ids=lambda kind: str(kind.name))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    program(found)
    return found


@pytest.fixture(params=[WHOLE, USUAL], ids=["whole addresses", "the usual prefixes"])
def resolver(request: pytest.FixtureRequest, kind: Kind, geodns: Server, tmp_path: Path) -> Iterator[Resolver]:
    with resolving(kind, geodns.port, request.param, tmp_path) as port:
        yield Resolver(kind, port, request.param)


def arrived(geodns: Server) -> Counter[str]:
    """How many queries have come to geodns, by the code of their answer: NOERROR, NODATA, NXDOMAIN."""
    counted = Counter[str]()
    for sample in geodns.samples("geodns_queries_total"):
        counted[sample.labels["rcode"]] += int(sample.value)
    return counted


def everything(dice: Random) -> list[Question]:
    """All that clients ask for, in random order."""
    asked = [Question(name, rtype, subnet_of(client)) for client in CLIENTS for name, rtype in ASKED]
    dice.shuffle(asked)
    return asked


def directly(geodns: Server, questions: Sequence[Question], widths: Widths) -> dict[Question, Answer]:
    """What geodns itself says when it sees as much of the client as a resolver shows to it."""
    return dict(zip(questions, ask(geodns.port, [each.cut_to(widths) for each in questions]), strict=True))


def wrong(resolver: Resolver, questions: Sequence[Question], right: dict[Question, Answer]) -> list[str]:
    answers = ask(resolver.port, questions, resolver.kind.at_once)
    return [
        f"{question}: got {answer}, should be {right[question]}"
        for question, answer in zip(questions, answers, strict=True)
        if answer != right[question]
    ]


def test_the_clients_differ_and_so_do_their_answers(geodns: Server) -> None:
    assert len(CLIENTS) == len(set(CLIENTS)) == COUNT
    right = directly(geodns, everything(Random(0)), WHOLE)
    given = {(question.name, question.rtype, answer) for question, answer in right.items()}
    assert Counter((name, rtype) for name, rtype, _ in given) == {
        ("world", "A"): 6,
        ("world", "AAAA"): 5,
        ("world", "HTTPS"): 6,
        ("near", "A"): 7,
        ("own", "A"): 5,
        ("own", "AAAA"): 5,
        ("own", "HTTPS"): 5,
        ("same", "A"): 1,
        ("same", "TXT"): 1,
        ("missing", "A"): 1,
    }


def test_every_client_gets_its_own_answer_from_geodns_and_then_from_the_cache(
    geodns: Server, resolver: Resolver
) -> None:
    right = directly(geodns, everything(Random(0)), resolver.widths)
    rounds = []
    for number in (1, 2):
        before = arrived(geodns)
        faults = wrong(resolver, everything(Random(number)), right)
        assert not faults, "\n".join([f"round {number}, {len(faults)} wrong answers", *faults[:20]])
        rounds.append(arrived(geodns) - before)
    first, second = rounds
    assert 0 < first["NOERROR"] < sum(bool(answer.addresses) for answer in right.values())
    assert second["NOERROR"] == 0
    assert not (resolver.kind.keeps_negatives and second)


@pytest.mark.parametrize("name", ["near", "own"])
def test_each_scope_is_asked_for_once(geodns: Server, resolver: Resolver, name: str) -> None:
    asked = [Question(name, "A", subnet_of(client)) for client in CLIENTS]
    before = arrived(geodns)
    ask(resolver.port, asked, at_once=1)  # so that each finds what came of those before it
    there = {kept(geodns, question.cut_to(resolver.widths)) for question in asked}
    assert len(there) < COUNT
    assert (arrived(geodns) - before)["NOERROR"] == len(there) + len(asked)  # `kept` has asked too


def kept(geodns: Server, question: Question) -> Network:
    """The prefix that geodns's answer to this holds for, as far as one who asks this can keep it."""
    assert question.subnet is not None
    (option,) = geodns.ask(f"{question.name}.example.com", question.rtype, subnet=str(question.subnet)).options
    assert isinstance(option, dns.edns.ECSOption)
    return subnet_of(question.subnet[0], min(option.scopelen, question.subnet.prefixlen))


def test_an_answer_that_is_everybody_s_is_asked_for_once_for_each_family(geodns: Server, resolver: Resolver) -> None:
    asked = [Question("same", "A", subnet_of(client)) for client in CLIENTS]
    both = [next(each for each in asked if each.subnet and each.subnet.version == version) for version in (4, 6)]
    ask(resolver.port, both)
    before = arrived(geodns)
    assert set(ask(resolver.port, asked)) == {Answer("NOERROR", frozenset({"192.0.2.4"}))}
    assert arrived(geodns) == before


def test_clients_without_a_subnet_and_those_with_one_do_not_get_each_other_s_answers(
    geodns: Server, resolver: Resolver
) -> None:
    """Nor do those who ask not to be told apart, with a prefix of no bits (RFC 7871 §7.1.2)."""
    asked = everything(Random(1))[:500]
    asked += [Question(name, rtype, subnet) for subnet in UNTOLD for name, rtype in ASKED] * 20
    Random(2).shuffle(asked)
    right = directly(geodns, asked, resolver.widths)
    assert not wrong(resolver, asked, right)


def test_answers_for_wide_and_for_narrow_prefixes_do_not_mix(geodns: Server, tmp_path: Path) -> None:
    # With unbound alone: pdns-recursor keeps an answer whose scope is longer than the prefix that was asked about for
    # the whole of that prefix, and gives it to clients who would say more of themselves.
    program(UNBOUND)
    dice = Random(3)
    lengths = {4: (8, 32), 6: (16, 128)}
    asked = [
        Question(name, rtype, subnet_of(client, dice.randint(*lengths[client.version])))
        for client in CLIENTS
        for name, rtype in ASKED
    ]
    right = directly(geodns, asked, WHOLE)
    with resolving(UNBOUND, geodns.port, WHOLE, tmp_path) as port:
        resolver = Resolver(UNBOUND, port, WHOLE)
        assert not wrong(resolver, asked, right)
        dice.shuffle(asked)
        assert not wrong(resolver, asked, right)
