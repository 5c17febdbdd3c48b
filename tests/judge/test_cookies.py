"""A cookie of ours is good at servers that have the same secret, and one of theirs is good here (RFC 9018)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import dns.edns
import dns.message
import dns.query
import dns.rcode
import pytest

from geodns.answer.terms import COOKIE_BAD, COOKIE_VALID, COOKIES_ON
from geodns.serve.shared import install
from tests.answer.packets import COOKIE, opt, option, query
from tests.judge.peers.bind import BIND
from tests.judge.peers.knot import KNOT
from tests.judge.peers.nsd import NSD
from tests.judge.peers.peer import Peer, Setting, serving
from tests.scenarios.server import LOCAL, PATIENCE
from tests.values import rrset, zone
from tests.world import Client, table_of

pytestmark = pytest.mark.sockets

SECRET, OTHER = bytes(range(16)), bytes(range(16, 32))
MASTER = """\
$ORIGIN example.com.
$TTL 300
@ SOA ns1 hostmaster 1 3600 900 1209600 60
@ NS ns1
ns1 A 192.0.2.53
www A 192.0.2.1
"""
TABLE = table_of([zone(rrset("www", "A", "192.0.2.1"))])


def told(peer: Peer, file: str, line: str, more: str) -> Peer:
    """The same server, with more lines in its configuration, before or behind one of them."""

    def configure(setting: Setting) -> list[str]:
        options = peer.configure(setting)
        path = setting.folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(line, more, 1), encoding="utf-8")
        return options

    return replace(peer, configure=configure)


PEERS = [
    told(NSD, "nsd.conf", "server:\n", f'server:\n    answer-cookie: yes\n    cookie-secret: "{SECRET.hex()}"\n'),
    told(
        BIND,
        "named.conf",
        "options {\n",
        "options {\n    require-server-cookie yes;\n    cookie-algorithm siphash24;\n"
        f'    cookie-secret "{SECRET.hex()}";\n',
    ),
    told(
        KNOT,
        "knot.conf",
        "zone:\n",
        f"mod-cookies:\n  - id: ours\n    secret: 0x{SECRET.hex()}\n"
        "template:\n  - id: default\n    global-module: mod-cookies/ours\nzone:\n",
    ),
]


@dataclass(frozen=True, slots=True)
class Judge:
    name: str
    port: int


@pytest.fixture(scope="module", params=PEERS, ids=lambda peer: str(peer.name))
def judge(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with serving(request.param, "example.com", MASTER, tmp_path_factory.mktemp("peer")) as port:
        yield Judge(request.param.name, port)


def server(secret: bytes) -> Client:
    made = Client(TABLE, cookies=COOKIES_ON)
    install(made.memory.rotation, [secret])
    made.set_clock(time.time())
    return made


def ours(server: Client, cookie: bytes) -> bytes:
    """What comes back."""
    reply = server.send(query(opt(option(COOKIE, cookie))), LOCAL)
    assert isinstance(reply, bytes)
    return cookie_of(dns.message.from_wire(reply))


def theirs(port: int, cookie: bytes) -> dns.message.Message:
    sent = dns.edns.GenericOption(dns.edns.OptionType.COOKIE, cookie)
    asked = dns.message.make_query("www.example.com.", "A", use_edns=0, options=[sent])
    return dns.query.udp(asked, LOCAL, PATIENCE, port)


def cookie_of(reply: dns.message.Message) -> bytes:
    (told,) = (each.to_wire() or b"" for each in reply.options if each.otype == COOKIE)
    return told


def test_they_take_ours(judge: Judge) -> None:
    """BIND and Knot say that a cookie is bad; NSD answers all the same, and sends back what is good and young."""
    for secret, is_good in ((SECRET, True), (OTHER, False)):
        sent = ours(server(secret), b"resolver")
        reply = theirs(judge.port, sent)
        taken = cookie_of(reply) == sent if judge.name == NSD.name else reply.rcode() == dns.rcode.NOERROR
        assert taken is is_good


def test_we_take_theirs(judge: Judge) -> None:
    made = cookie_of(theirs(judge.port, b"resolver"))
    for secret, found in ((SECRET, COOKIE_VALID), (OTHER, COOKIE_BAD)):
        here = server(secret)
        ours(here, made)
        assert here.query.cookie == found
