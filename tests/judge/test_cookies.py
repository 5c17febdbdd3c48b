"""A cookie of ours is good at an NSD that has the same secret, and one of its is good here (RFC 9018)."""

import time
from pathlib import Path

import dns.edns
import dns.message
import pytest

from geodns.answer.terms import COOKIE_BAD, COOKIE_VALID, COOKIES_ON
from geodns.serve.shared import install
from tests.answer.packets import COOKIE, opt, option, query
from tests.judge import nsd
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


def server(secret: bytes) -> Client:
    made = Client(TABLE, cookies=COOKIES_ON)
    install(made.memory.rotation, [secret])
    made.set_clock(time.time())
    return made


def ours(server: Client, cookie: bytes) -> bytes:
    """What comes back."""
    reply = server.send(query(opt(option(COOKIE, cookie))), nsd.HOST)
    assert isinstance(reply, bytes)
    return cookie_of(dns.message.from_wire(reply))


def theirs(judge: nsd.Nsd, cookie: bytes) -> bytes:
    sent = dns.edns.GenericOption(dns.edns.OptionType.COOKIE, cookie)
    return cookie_of(judge.ask(dns.message.make_query("www.example.com.", "A", use_edns=0, options=[sent])))


def cookie_of(reply: dns.message.Message) -> bytes:
    (told,) = (each.to_wire() or b"" for each in reply.options if each.otype == COOKIE)
    return told


def test_servers_with_one_secret_take_each_other_s_cookies(tmp_path: Path) -> None:
    settings = f'    answer-cookie: yes\n    cookie-secret: "{SECRET.hex()}"'
    with nsd.serving("example.com", MASTER, tmp_path, settings) as judge:
        made_here = ours(server(SECRET), b"resolver")
        assert theirs(judge, made_here) == made_here, "what is good goes back as it came"
        assert theirs(judge, ours(server(OTHER), b"resolver")) != made_here[:-8], "it does not take just anything"
        made_there = theirs(judge, b"resolver")
        here = server(SECRET)
        ours(here, made_there)
        assert here.query.cookie == COOKIE_VALID
        there = server(OTHER)
        ours(there, made_there)
        assert there.query.cookie == COOKIE_BAD
