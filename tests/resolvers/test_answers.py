"""Four resolvers in front of geodns: right answers for every kind of name, from geodns and then from the cache; what is
missing is kept as the SOA says; what a datagram has no room for comes by TCP."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import dns.edns
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest

from tests.resolvers.bind import BIND
from tests.resolvers.clients import clients
from tests.resolvers.kresd import KRESD
from tests.resolvers.questions import Answer, Question, Widths, ask, subnet_of
from tests.resolvers.recursor import RECURSOR
from tests.resolvers.resolver import Kind, program, resolving
from tests.resolvers.unbound import UNBOUND
from tests.scenarios.server import LOCAL, PATIENCE, Server, serving

pytestmark = pytest.mark.sockets

ZONE = Path(__file__).with_name("answers.yaml")
WHOLE = Widths(v4=32, v6=128)
NEGATIVE_TTL = 1800
NEAR, NEAR6, CDN = "192.0.2.1", "2001:db8::1", "192.0.2.99"
BIG = frozenset(f"198.51.100.{number}" for number in range(100))

# Name, type, code, and all that is in the answer section.
RIGHT: tuple[tuple[str, str, str, set[str]], ...] = (
    ("geo", "A", "NOERROR", {NEAR}),
    ("geo", "AAAA", "NOERROR", {NEAR6}),
    ("geo", "TXT", "NOERROR", set()),
    ("cdn", "A", "NOERROR", {"d123.cdn.example.com.", CDN}),
    ("cdn", "TXT", "NOERROR", {"d123.cdn.example.com.", '"a CDN"'}),
    ("cdn", "AAAA", "NOERROR", {"d123.cdn.example.com."}),
    ("all", "A", "NOERROR", {"192.0.2.3", "192.0.2.4"}),
    ("alias", "A", "NOERROR", {"geo.example.com.", NEAR}),
    ("alias", "CNAME", "NOERROR", {"geo.example.com."}),
    ("chain", "AAAA", "NOERROR", {"alias.example.com.", "geo.example.com.", NEAR6}),
    ("chain", "MX", "NOERROR", {"alias.example.com.", "geo.example.com."}),
    ("any.wild", "A", "NOERROR", {NEAR}),
    ("a.b.wild", "AAAA", "NOERROR", {NEAR6}),
    ("any.to-wild", "A", "NOERROR", {"some.wild.example.com.", NEAR}),
    ("any.text", "TXT", "NOERROR", {'"below a wildcard"'}),
    ("any.text", "A", "NOERROR", set()),
    ("empty.text", "TXT", "NOERROR", set()),  # there, for something is below it
    ("x.empty.text", "TXT", "NXDOMAIN", set()),
    ("mail", "MX", "NOERROR", {"10 geo.example.com.", "20 ns1.example.com."}),
    ("gone", "A", "NXDOMAIN", set()),
    ("x.geo", "A", "NXDOMAIN", set()),
)  # fmt: skip
QUESTIONS = [Question(name, rtype, None) for name, rtype, _, _ in RIGHT]
ANSWERS = [Answer(rcode, frozenset(answer)) for _, _, rcode, answer in RIGHT]
# What a policy answers with a CNAME is followed by resolvers; geodns itself leaves that to them.
UNFOLLOWED = [
    Answer(rcode, frozenset(answer if name != "cdn" else {"d123.cdn.example.com."})) for name, _, rcode, answer in RIGHT
]


@pytest.fixture(scope="module")
def geodns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(ZONE, state=tmp_path_factory.mktemp("geodns") / "state") as server:
        yield server


@pytest.fixture(params=[UNBOUND, RECURSOR, BIND, KRESD], ids=lambda kind: str(kind.name))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    program(found)
    return found


@pytest.fixture
def port(kind: Kind, geodns: Server, tmp_path: Path) -> Iterator[int]:
    """Of a resolver whose cache is empty."""
    with resolving(kind, geodns.port, WHOLE, tmp_path) as found:
        yield found


def test_geodns_itself_says_so(geodns: Server) -> None:
    assert ask(geodns.port, QUESTIONS) == UNFOLLOWED


def arrived(geodns: Server) -> Counter[str]:
    """Queries by the code of their answer."""
    counted = Counter[str]()
    for sample in geodns.samples("geodns_queries_total"):
        counted[sample.labels["rcode"]] += int(sample.value)
    return counted


def test_every_answer_is_right_and_then_comes_from_the_cache(kind: Kind, port: int, geodns: Server) -> None:
    right = ANSWERS if kind.follows else UNFOLLOWED
    rounds = []
    for _ in range(2):
        before = arrived(geodns)
        assert ask(port, QUESTIONS, kind.at_once) == right
        rounds.append(arrived(geodns) - before)
    first, second = rounds
    # What ends in nothing is asked for from its first alias on by the one that is to keep no such answers.
    assert second["NOERROR"] < first["NOERROR"]
    assert not (kind.keeps_negatives and second)


def test_what_is_missing_is_kept_for_as_long_as_the_soa_says(kind: Kind, port: int) -> None:
    for name, rtype, rcode, answer in RIGHT:
        if not answer:
            query = dns.message.make_query(f"{name}.example.com", rtype)
            reply = dns.query.udp(query, LOCAL, PATIENCE, port)
            assert dns.rcode.to_text(reply.rcode()) == rcode
            (soa,) = reply.authority
            assert soa.rdtype == dns.rdatatype.SOA
            most = NEGATIVE_TTL if kind.keeps_negatives else 0  # the setting of the one that is to keep none
            assert most - 60 <= soa.ttl <= NEGATIVE_TTL, name


def test_what_has_no_room_in_a_datagram_comes_by_tcp(port: int, geodns: Server) -> None:
    before = geodns.metric("geodns_truncated_total")
    reply = dns.query.tcp(dns.message.make_query("big.example.com", "A"), LOCAL, PATIENCE, port)
    assert {rdata.to_text() for rrset in reply.answer for rdata in rrset} == BIG
    assert geodns.metric("geodns_truncated_total") > before


@pytest.mark.parametrize("resolver", [BIND, KRESD], ids=lambda kind: str(kind.name))
def test_clients_of_a_resolver_that_passes_no_subnet_on_are_where_it_is(
    resolver: Kind, geodns: Server, tmp_path: Path
) -> None:
    program(resolver)
    with resolving(resolver, geodns.port, WHOLE, tmp_path) as port:
        asked = [Question("geo", "A", subnet_of(client)) for client in clients()[:100]]
        assert set(ask(port, asked, resolver.at_once)) == {Answer("NOERROR", frozenset({NEAR}))}
    far = [Question("geo", "A", subnet_of(client)) for client in clients() if not client.is_loopback][-100:]
    assert Answer("NOERROR", frozenset({"192.0.2.2"})) in ask(geodns.port, far)
