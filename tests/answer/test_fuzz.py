"""Whatever a packet holds, the outcome is a reply, a drop, or "not mine"; never an error, never a reply to a reply."""

from collections.abc import Iterator
from random import Random

import dns.exception
import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.answer.terms import COOKIES_REQUIRED, DATAGRAM, DROP, HTTPS, LARGEST, NOT_MINE, TCP, UDP
from geodns.serve.shared import install
from tests.answer.packets import header, opt, option, query, question, subnet
from tests.values import atlas, member, place, policy, pool, rrset, rule, zone
from tests.world import Client, table_of

ZONE = zone(
    rrset("@", "NS", "ns1", "ns.cut"),
    rrset("@", "MX", "10 mail"),
    rrset("www", "A", *(f"10.0.0.{n}" for n in range(80))),
    rrset("*.wild", "CNAME", "geo"),
    rrset("alias", "CNAME", "a.wild"),
    rrset("cut", "NS", "ns.cut"),
    rrset("ns.cut", "A", "192.0.2.4"),
    rrset("moved", "DNAME", "x.wild"),
    rrset("round", "DNAME", "a.round"),
    rrset("_sip._tcp", "SRV", *(f"0 0 {port} www" for port in range(5060, 5070))),
    steered={"geo": "global", "*.geo": "global"},
    pools=[pool("eu", member("a", "192.0.2.1", "2001:db8::1")), pool("us", member("b", "192.0.2.2", "192.0.2.3"))],
    policies=[policy(rule("eu", country=["DE"]), rule("us"), select="weighted", answers=2)],
)
TABLE = table_of([ZONE], atlas({"8.0.0.0/8": place("EU/DE"), "2003::/16": place("EU/DE")}))
CLIENT: Client


@pytest.fixture(scope="module", autouse=True)
def client_of_this_speed(at_both_speeds: str) -> None:
    """With all options in use."""
    global CLIENT
    CLIENT = Client(TABLE, cookies=COOKIES_REQUIRED, identity=b"fra1", version=b"geodns")
    install(CLIENT.memory.rotation, [bytes(range(16)), bytes(range(16, 32))])


# dnspython refuses to read a client subnet of family 0, which dig and RFC 7871 know and we send back as it came.
FAMILY_0 = b"\0\x08\0\x04\0\0\0\0"


def check(packet: bytes, resolver: str = "192.0.2.99", transport: int = UDP) -> bytes | int:
    """Asks, and holds the outcome against the laws."""
    reply = CLIENT.send(packet, resolver, transport)
    if not isinstance(reply, bytes):
        assert reply in (DROP, NOT_MINE)
        assert (reply == DROP) is (len(packet) < 12 or bool(packet[2] & 0x80))
        return reply
    assert not packet[2] & 0x80, "a response was answered"
    assert packet[2] & 0x78 == 0, "another opcode was answered"
    assert reply[2] & 0x80
    assert reply[:2] == packet[:2]
    assert len(reply) <= limit(packet, transport)
    if FAMILY_0 not in reply:
        dns.message.from_wire(reply)
    return reply


def limit(packet: bytes, transport: int) -> int:
    """What the client takes as far as dnspython can read it, and what the transport carries."""
    if transport != UDP:
        return LARGEST
    try:
        asked = dns.message.from_wire(packet)
    except (dns.exception.DNSException, ValueError):
        return DATAGRAM
    return min(max(512, asked.payload), DATAGRAM) if asked.edns >= 0 else 512


NAMES = [
    "www",
    "geo",
    "x.geo",
    "a.b.wild",
    "alias",
    "cut",
    "x.cut",
    "no",
    "@",
    "x.moved",
    "x.round",
    "_sip._tcp",
    "www.example.net.",
]
VALID = [
    *(query(asked=question(f"{name}.example.com.".removeprefix("@.") if name[-1] != "." else name, rtype))
      for name in NAMES for rtype in (1, 2, 5, 6, 15, 16, 28, 33, 39, 43, 255)),
    query(opt()),
    query(opt(subnet(1, 24, 0, b"\x08\x08\x08"), flags=0x8000), asked=question("geo.example.com.")),
    query(opt(subnet(2, 48, 0, b"\x20\x03\0\0\0\0"), option(10, b"12345678")), asked=question("geo.example.com.", 28)),
    query(opt(subnet(1, 32, 0, b"\x0a\x08\x08\x08"), size=4096), asked=question("alias.example.com.")),
    query(opt(version=1)),
    query(opt(subnet(0, 0, 0, b""))),
    header(0x8000) + question(),
    header(0x2000) + question(),
    header() + question(rclass=4),
    query(opt(*(option(code, bytes(n)) for code, n in ((10, 24), (3, 0), (11, 0), (12, 0)))),
          asked=question("id.server.", 16, 3)),
    header(qd=0, ar=1) + opt(option(10, bytes(8))),
    header() + question("example.com.", 252),
]  # fmt: skip


@pytest.mark.parametrize("packet", VALID)
def test_the_packets_to_be_mutated_are_fine_themselves(packet: bytes) -> None:
    check(packet)


@given(st.binary(max_size=600))
def test_any_bytes_get_a_reply_a_drop_or_are_not_ours(packet: bytes) -> None:
    check(packet)


@given(st.binary(min_size=10, max_size=300), st.integers(0, 1), st.integers(0, 3))
def test_any_bytes_behind_a_good_header(body: bytes, flags: int, additional: int) -> None:
    check(header(flags << 8, ar=additional) + body)


@given(st.binary(max_size=120), st.integers(0, 3), st.sampled_from(["192.0.2.1", "2001:db8::1", "::ffff:8.8.8.8"]))
def test_any_bytes_behind_a_good_question(rest: bytes, additional: int, resolver: str) -> None:
    check(header(ar=additional) + question("geo.example.com.") + rest, resolver)


@given(st.lists(st.tuples(st.integers(0, 20), st.binary(max_size=24)), max_size=5))
def test_any_options(options: list[tuple[int, bytes]]) -> None:
    asked = question("geo.example.com.")
    check(query(opt(*(option(code, body) for code, body in options)), asked=asked))


@given(st.integers(0, 3), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=20))
def test_any_client_subnet(family: int, source: int, scope: int, address: bytes) -> None:
    check(query(opt(subnet(family, source, scope, address)), asked=question("geo.example.com.")))


def mutated(packet: bytes, dice: Random) -> bytes:
    """One to four changes of the kinds that parsers trip over."""
    octets = bytearray(packet)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(octets) + 1)
        match dice.randrange(6):
            case 0:
                octets[at : at + 1] = bytes([dice.choice([0, 1, 0x3F, 0x40, 0x7F, 0x80, 0xC0, 0xFF])])
            case 1:
                octets[at:at] = dice.randbytes(dice.randint(1, 8))
            case 2:
                del octets[at : at + dice.randint(1, 8)]
            case 3:
                octets[at : at + 1] = bytes([dice.randrange(256)])
            case 4:
                del octets[at:]
            case _:
                octets[at:at] = octets[dice.randrange(len(octets) + 1) :][:40]
    return bytes(octets)


def mutations(count: int, dice: Random) -> Iterator[bytes]:
    return (mutated(dice.choice(VALID), dice) for _ in range(count))


def test_twenty_thousand_mutated_packets() -> None:
    dice = Random(7871)
    outcomes = {"reply": 0, "drop": 0, "not mine": 0}
    for packet in mutations(20_000, dice):
        resolver = dice.choice(["192.0.2.99", "2001:db8::99", "8.8.8.8"])
        reply = check(packet, resolver, dice.choice([UDP, TCP, HTTPS]))
        outcomes["reply" if isinstance(reply, bytes) else "drop" if reply == DROP else "not mine"] += 1
    assert min(outcomes.values()) > 500, outcomes


def test_what_came_before_does_not_change_an_answer() -> None:
    """The scratch is written over, never read: after any packet a good one gets the reply that it always gets."""
    dice = Random(6891)
    options = [subnet(1, 24, 0, b"\x08\x08\x08"), option(3, b"")]
    good = query(opt(*options), asked=question("geo.example.com."))
    expected = Client(TABLE, identity=b"fra1").send(good)
    for packet in mutations(2_000, dice):
        CLIENT.send(packet)
        assert CLIENT.send(good) == expected
