"""A policy that answers some clients with a CNAME, behind caches: nobody gets what is meant for the others."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.resolvers.clients import clients
from tests.resolvers.questions import Answer, Question, Widths, ask, subnet_of
from tests.resolvers.recursor import RECURSOR
from tests.resolvers.resolver import Kind, program, resolving
from tests.resolvers.unbound import UNBOUND
from tests.scenarios.server import Server, serving

pytestmark = pytest.mark.sockets

ZONE = Path(__file__).with_name("alias.yaml")
OWN = ("53.77.", "2003:77:")
CLIENTS = [client for client in clients() if not str(client).startswith(("::", "64:", "2002:", "2001:0:"))]
WHOLE = Widths(v4=32, v6=128)
CDN = "d123.cdn.example.com."
TO_CDN = {
    "A": frozenset({CDN, "192.0.2.99"}),
    "AAAA": frozenset({CDN, "2001:db8::99"}),
    "TXT": frozenset({CDN, '"a CDN"'}),
    "CNAME": frozenset({CDN}),
    "MX": frozenset({CDN}),
}
TO_OWN = {"A": frozenset({"192.0.2.1"}), "AAAA": frozenset({"2001:db8::1"})}


@pytest.fixture(scope="module")
def geodns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(ZONE, state=tmp_path_factory.mktemp("geodns") / "state") as server:
        yield server


@pytest.mark.parametrize("kind", [UNBOUND, RECURSOR], ids=lambda kind: str(kind.name))
def test_every_client_gets_its_own_of_both_and_the_chain_is_followed(
    kind: Kind, geodns: Server, tmp_path: Path
) -> None:
    program(kind)
    asked = [Question("www", rtype, subnet_of(client)) for client in CLIENTS for rtype in TO_CDN]
    dice = Random(0)
    with resolving(kind, geodns.port, WHOLE, tmp_path) as port:
        for _ in range(2):
            dice.shuffle(asked)
            wrong = [
                f"{question}: {answer}"
                for question, answer in zip(asked, ask(port, asked, kind.at_once), strict=True)
                if answer != expected(question)
            ]
            assert not wrong, "\n".join([f"{len(wrong)} of {len(asked)} are wrong", *wrong[:20]])


def expected(question: Question) -> Answer:
    answers = TO_OWN if str(question.subnet).startswith(OWN) else TO_CDN
    return Answer("NOERROR", answers.get(question.rtype, frozenset()))
