"""Questions of class CHAOS (RFC 4892)."""

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from geodns.answer.terms import COOKIES_ON, MOST_TEXT, TCP, UDP
from geodns.serve.shared import install
from tests.answer.packets import COOKIE, header, opt, option, query, question, read, subnet
from tests.values import rrset, zone
from tests.world import Client, lines, table_of

TABLE = table_of([zone(rrset("www", "A", "192.0.2.1"))])
TXT, CH = 16, 3


def ask(name: str, rtype: int = TXT, transport: int = UDP, **conduct: object) -> dns.message.Message:
    return read(Client(TABLE, **conduct).send(header() + question(name, rtype, CH), transport=transport))


@pytest.mark.parametrize("transport", [UDP, TCP])
@pytest.mark.parametrize(
    ("name", "rtype", "told"),
    [
        ("id.server.", TXT, "fra1"),
        ("hostname.bind.", TXT, "fra1"),
        ("hostname.bind.", 255, "fra1"),
        ("version.server.", TXT, "geodns 1"),
        ("version.bind.", TXT, "geodns 1"),
    ],
)
def test_the_server_tells_who_it_is(name: str, rtype: int, told: str, transport: int) -> None:
    reply = ask(name, rtype, transport, identity=b"fra1", version=b"geodns 1")
    assert reply.flags & dns.flags.AA
    (rrset_,) = reply.answer
    assert (rrset_.rdclass, rrset_.ttl) == (CH, 0)
    assert lines(reply.answer) == [f'{name} TXT "{told}"']


def test_the_name_may_be_in_any_case() -> None:
    asked = question("id.server.", TXT, CH).replace(b"server", b"SeRVeR")
    octets = Client(TABLE, identity=b"fra1").send(header() + asked)
    assert isinstance(octets, bytes)
    assert octets[12:].startswith(asked)
    assert octets.endswith(b"\4fra1")


@pytest.mark.parametrize(
    ("name", "rtype"),
    [
        ("id.server.", 1),
        ("id.server.", 2),
        ("server.", TXT),
        ("x.id.server.", TXT),
        ("authors.bind.", TXT),
        ("www.example.com.", TXT),
        ("example.com.", 6),
        (".", TXT),
    ],
)
def test_nothing_else_is_known_in_that_class(name: str, rtype: int) -> None:
    reply = ask(name, rtype, identity=b"fra1", version=b"geodns 1")
    assert (reply.rcode(), reply.answer) == (dns.rcode.REFUSED, [])
    assert not reply.flags & dns.flags.AA


@pytest.mark.parametrize("name", ["id.server.", "hostname.bind.", "version.server.", "version.bind."])
def test_a_server_that_is_to_tell_nothing_refuses(name: str) -> None:
    assert ask(name).rcode() == dns.rcode.REFUSED


def test_its_version_may_be_told_without_its_name() -> None:
    assert ask("id.server.", version=b"1").rcode() == dns.rcode.REFUSED
    assert ask("version.server.", version=b"1").rcode() == dns.rcode.NOERROR


def test_the_longest_text_is_told() -> None:
    assert lines(ask("id.server.", identity=b"x" * MOST_TEXT).answer) == [f'id.server. TXT "{"x" * MOST_TEXT}"']


def test_options_go_with_it_as_with_all_else() -> None:
    client = Client(TABLE, cookies=COOKIES_ON, identity=b"fra1")
    install(client.memory.rotation, [bytes(range(16))])
    options = [option(COOKIE, bytes(8)), option(3, b""), subnet(1, 24, 0, b"\x08\x08\x08")]
    reply = read(client.send(query(opt(*options), asked=question("id.server.", TXT, CH))))
    assert sorted(int(each.otype) for each in reply.options) == [3, 8, COOKIE]
    assert len(reply.answer) == 1


def test_a_bad_version_of_edns_comes_first() -> None:
    reply = read(Client(TABLE, identity=b"x").send(query(opt(version=1), asked=question("id.server.", TXT, CH))))
    assert (reply.rcode(), reply.answer) == (dns.rcode.BADVERS, [])


def test_class_any_is_not_asked_for_it() -> None:
    reply = read(Client(TABLE, identity=b"x").send(header() + question("id.server.", TXT, 255)))
    assert reply.rcode() == dns.rcode.REFUSED
