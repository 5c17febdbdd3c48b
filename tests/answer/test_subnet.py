"""The client subnet option in and out (RFC 7871): what is echoed, with which scope, and what is malformed."""

import dns.message
import dns.rcode
import pytest

from tests.answer.packets import ECS, opt, option, query, question, read, subnet
from tests.values import atlas, member, place, policy, pool, rrset, rule, zone
from tests.world import Client, addresses, scope, table_of

ATLAS = atlas(
    {
        "8.0.0.0/8": place("EU/DE"),
        "9.9.0.0/16": place("NA/US/US-CA"),
        "2003::/16": place("EU/DE"),
        "2a00:1::/32": place("NA/US"),
    }
)
ZONE = zone(
    rrset("@", "NS", "ns.example.net."),
    rrset("static", "A", "192.0.2.9"),
    rrset("alias", "CNAME", "geo"),
    rrset("*.dev", "A", "192.0.2.8"),
    rrset("cut", "NS", "ns.example.net."),
    steered={"geo": "global", "one": "single", "*.geo": "global", "korea": "closed"},
    pools=[
        pool("eu", member("a", "192.0.2.1", "2001:db8::1")),
        pool("us", member("b", "192.0.2.2")),
        pool("office", member("c", "192.0.2.3")),
    ],
    policies=[
        policy(rule("office", network=["10.1.0.0/16", "2002:808:8000::/33"]), rule("eu", country=["DE"]), rule("us")),
        policy(rule("eu"), name="single"),
        policy(rule(country=["DE"]), rule("us"), name="closed"),
    ],
)
TABLE = table_of([ZONE], ATLAS)
CLIENT: Client


@pytest.fixture(scope="module", autouse=True)
def client_of_this_speed(at_both_speeds: str) -> None:
    global CLIENT
    CLIENT = Client(TABLE)


def ask(name: str, rtype: str, subnet: str | None, client: str = "127.0.0.1") -> dns.message.Message:
    return CLIENT.ask(f"{name}.example.com.", rtype, subnet=subnet, client=client, edns=True)


@pytest.mark.parametrize(
    ("name", "rtype", "subnet", "expected", "scope_"),
    [
        pytest.param("geo", "A", "8.8.8.0/24", ["192.0.2.1"], 8, id="the territory's leaf"),
        pytest.param("geo", "A", "9.9.9.9/32", ["192.0.2.2"], 8, id="the default path has a scope too"),
        pytest.param("geo", "A", "2003:1::/48", ["192.0.2.1"], 16, id="IPv6"),
        pytest.param("geo", "AAAA", "8.8.8.0/24", ["2001:db8::1"], 8, id="AAAA"),
        pytest.param("geo", "AAAA", "9.9.9.9/32", [], 8, id="a NODATA that depends on the client"),
        pytest.param("korea", "A", "8.8.8.0/24", [], 8, id="a deliberate one"),
        pytest.param("geo", "A", "8.0.0.0/7", ["192.0.2.1"], 8, id="a scope longer than the source"),
        pytest.param("geo", "A", "10.9.9.0/24", ["192.0.2.2"], 13, id="a private block"),
        pytest.param("geo", "A", "10.1.9.0/24", ["192.0.2.3"], 16, id="an own network in a private block"),
        pytest.param("geo", "A", "2002:909:909::/48", ["192.0.2.2"], 24, id="6to4: 16 bits before those of IPv4"),
        pytest.param("geo", "A", "2002:808:808::/48", ["192.0.2.1"], 33, id="beside an own network in 6to4"),
        pytest.param("geo", "A", "0.0.0.0/0", ["192.0.2.2"], 0, id="source 0"),
        pytest.param("geo", "A", "::/0", ["192.0.2.2"], 0, id="source 0, IPv6"),
        pytest.param("alias", "A", "8.8.8.0/24", ["192.0.2.1"], 8, id="behind an alias"),
        pytest.param("x.geo", "A", "8.8.8.0/24", ["192.0.2.1"], 8, id="a wildcard"),
        pytest.param("one", "A", "8.8.8.0/24", ["192.0.2.1"], 0, id="a policy of one route"),
        pytest.param("one", "A", "10.0.0.0/24", ["192.0.2.1"], 0, id="and a private client"),
        pytest.param("static", "A", "8.8.8.0/24", ["192.0.2.9"], 0, id="a static name"),
        pytest.param("x.dev", "A", "8.8.8.0/24", ["192.0.2.8"], 0, id="a static wildcard"),
        pytest.param("geo", "MX", "8.8.8.0/24", [], 0, id="another type at a steered name"),
        pytest.param("alias", "CNAME", "8.8.8.0/24", [], 0, id="the alias itself"),
        pytest.param("no", "A", "8.8.8.0/24", [], 0, id="NXDOMAIN"),
        pytest.param("x.cut", "A", "8.8.8.0/24", [], 0, id="a referral"),
        pytest.param("geo", "A", None, ["192.0.2.2"], None, id="none asked, none in the reply"),
    ],
)
def test_the_scope_covers_what_the_answer_depended_on(
    name: str, rtype: str, subnet: str | None, expected: list[str], scope_: int | None
) -> None:
    reply = ask(name, rtype, subnet)
    assert (addresses(reply), scope(reply)) == (expected, scope_)


@pytest.mark.parametrize(
    ("subnet", "client", "expected"),
    [
        (None, "8.8.8.8", "192.0.2.1"),
        (None, "9.9.9.9", "192.0.2.2"),
        (None, "2003::1", "192.0.2.1"),
        (None, "::ffff:8.8.8.8", "192.0.2.1"),
        (None, "10.1.2.3", "192.0.2.3"),
        ("0.0.0.0/0", "8.8.8.8", "192.0.2.1"),
        ("192.168.0.0/24", "8.8.8.8", "192.0.2.1"),
        ("fe80::/64", "8.8.8.8", "192.0.2.1"),
        ("9.9.9.0/24", "8.8.8.8", "192.0.2.2"),
    ],
)
def test_without_a_telling_subnet_the_resolver_s_address_decides(
    subnet: str | None, client: str, expected: str
) -> None:
    assert addresses(ask("geo", "A", subnet, client)) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param((1, 24, 0, b"\x08\x08\x08"), id="IPv4"),
        pytest.param((1, 32, 0, b"\x08\x08\x08\x08"), id="a whole address"),
        pytest.param((1, 21, 0, b"\x08\x08\x08"), id="a length between octets"),
        pytest.param((1, 1, 0, b"\x80"), id="one bit"),
        pytest.param((1, 0, 0, b""), id="source 0"),
        pytest.param((2, 56, 0, b"\x20\x03\0\0\0\0\0"), id="IPv6"),
        pytest.param((2, 128, 0, bytes(16)), id="a whole IPv6 address"),
        pytest.param((0, 0, 0, b""), id="family 0, as some clients opt out"),
    ],
)
@pytest.mark.parametrize("name", ["geo.example.com.", "no.example.com.", "www.example.net."])
def test_the_option_is_echoed_with_nothing_but_the_scope_changed(name: str, body: tuple[int, int, int, bytes]) -> None:
    """RFC 7871 §7.2.1: resolvers drop a reply whose family, source or address differ. In errors too."""
    octets = Client(TABLE, extended=0).send(query(opt(subnet(*body)), asked=question(name)))
    assert isinstance(octets, bytes)
    echoed = bytearray(octets[-len(subnet(*body)) :])
    echoed[7] = 0
    assert bytes(echoed) == subnet(*body)
    assert octets[-len(subnet(*body)) - 2 :][:2] == len(subnet(*body)).to_bytes(2, "big")


def test_the_option_is_echoed_beside_a_bad_version() -> None:
    reply = read(CLIENT.send(query(opt(subnet(1, 24, 0, b"\x08\x08\x08"), version=1))))
    assert (reply.rcode(), scope(reply)) == (dns.rcode.BADVERS, 0)


def test_other_options_do_not_hide_it() -> None:
    options = [option(10, b"12345678"), subnet(1, 24, 0, b"\x08\x08\x08"), option(65001, b"x")]
    reply = read(CLIENT.send(query(opt(*options), asked=question("geo.example.com."))))
    assert [each.to_text() for each in reply.options] == ["ECS 8.8.8.0/24 scope/8"]


@pytest.mark.parametrize(
    "malformed",
    [
        pytest.param(option(ECS, b""), id="empty"),
        pytest.param(option(ECS, b"\0\1\0"), id="three octets"),
        pytest.param(subnet(1, 24, 1, b"\x08\x08\x08"), id="a scope in a query"),
        pytest.param(subnet(1, 33, 0, b"\x08\x08\x08\x08\x08"), id="more bits than IPv4 has"),
        pytest.param(subnet(2, 129, 0, bytes(17)), id="more bits than IPv6 has"),
        pytest.param(subnet(3, 8, 0, b"\x08"), id="another family"),
        pytest.param(subnet(3, 0, 0, b""), id="another family with source 0"),
        pytest.param(subnet(0, 8, 0, b"\x08"), id="family 0 with an address"),
        pytest.param(subnet(1, 24, 0, b"\x08\x08"), id="an address too short"),
        pytest.param(subnet(1, 24, 0, b"\x08\x08\x08\x08"), id="an address too long"),
        pytest.param(subnet(1, 0, 0, b"\x08"), id="an address with source 0"),
        pytest.param(subnet(1, 21, 0, b"\x08\x08\x0f"), id="bits set past the source"),
        pytest.param(subnet(1, 24, 0, b"\x08\x08\x08") * 2, id="twice"),
    ],
)
def test_a_malformed_option_is_a_format_error(malformed: bytes) -> None:
    reply = read(CLIENT.send(query(opt(malformed), asked=question("geo.example.com."))))
    assert reply.rcode() == dns.rcode.FORMERR
    assert reply.answer == []
    assert reply.edns == 0


def test_a_query_without_the_option_after_one_with_it_is_on_its_own() -> None:
    """The scratch that workers keep from packet to packet leaks nothing."""
    assert addresses(ask("geo", "A", "8.8.8.0/24")) == ["192.0.2.1"]
    reply = ask("geo", "A", None)
    assert (addresses(reply), [*reply.options]) == (["192.0.2.2"], [])
    malformed = read(CLIENT.send(query(asked=b"\xff")))
    assert malformed.edns == -1
