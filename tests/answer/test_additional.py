"""The additional section: addresses of the hosts that records lead to, and glue; decoded by dnspython."""

from collections.abc import Sequence
from random import Random

import dns.flags
import dns.message
import pytest

from geodns.answer.terms import TCP
from geodns.model.name import parse_name
from geodns.model.zone import RRset
from tests.values import member, policy, pool, rrset, rule, zone
from tests.world import Client, lines, outcome, table_of

ZONE = zone(
    rrset("@", "NS", "ns1", "NS2", "ns.cut", "ns.example.net."),
    rrset("@", "MX", "10 mail", "20 mx.example.net.", "30 geo", "40 mail"),
    rrset("ns1", "A", "192.0.2.1"),
    rrset("ns1", "AAAA", "2001:db8::1"),
    rrset("ns2", "A", "192.0.2.2", ttl=60),
    rrset("mail", "AAAA", "2001:db8::3"),
    rrset("mail", "A", "192.0.2.3", "192.0.2.4"),
    rrset("_sip._tcp", "SRV", "0 0 5060 mail", "1 0 5060 none", "2 0 5060 ."),
    rrset("svc", "HTTPS", "1 . alpn=h2"),
    rrset("svc", "A", "192.0.2.5"),
    rrset("svc-alias", "HTTPS", "0 svc"),
    rrset("_dns", "SVCB", "1 ns1 alpn=dot"),
    rrset("*.wild-svc", "HTTPS", "1 . alpn=h2"),
    rrset("*.wild-svc", "A", "192.0.2.6"),
    rrset("num", "NAPTR", '10 10 "a" "SIP+D2U" "" mail', '20 10 "u" "E2U+sip" "!^.*$!sip:x@example.com!" .'),
    rrset("alias", "CNAME", "@"),
    rrset("mx-of-alias", "MX", "1 alias"),
    rrset("mx-below-cut", "MX", "1 ns.cut"),
    rrset("*.wild-mx", "MX", "1 mail"),
    rrset("*.any", "A", "192.0.2.7"),
    rrset("mx-to-wild", "MX", "1 a.any"),
    rrset("cut", "NS", "ns.cut", "ns1.other", "ns1", "ns.example.net."),
    rrset("ns.cut", "A", "192.0.2.8"),
    rrset("other", "NS", "ns1.other"),
    rrset("ns1.other", "A", "192.0.2.9"),
    rrset("ptr", "PTR", "mail"),
    steered={"geo": "global"},
    pools=[pool("eu", member("a", "192.0.2.10"))],
    policies=[policy(rule("eu"))],
)
CLIENT = Client(table_of([ZONE]))
MAIL = ["mail A 192.0.2.3", "mail A 192.0.2.4", "mail AAAA 2001:db8::3"]
NS1 = ["ns1 A 192.0.2.1", "ns1 AAAA 2001:db8::1"]


def spelled(rows: Sequence[str]) -> list[str]:
    return [f"{owner}.example.com. {rest}" for owner, rest in (row.split(" ", 1) for row in rows)]


@pytest.mark.parametrize(
    ("name", "rtype", "added"),
    [
        ("example.com.", "NS", [*NS1, "ns2 A 192.0.2.2", "ns.cut A 192.0.2.8"]),
        ("example.com.", "MX", MAIL),  # each host once; what a policy answers would have to be drawn
        ("_sip._tcp.example.com.", "SRV", MAIL),  # RFC 2782
        ("svc.example.com.", "HTTPS", ["svc A 192.0.2.5"]),  # RFC 9460 §4.1
        ("svc-alias.example.com.", "HTTPS", ["svc A 192.0.2.5"]),
        ("_dns.example.com.", "SVCB", NS1),
        ("x.wild-svc.example.com.", "HTTPS", []),  # whose address that is hangs on the question
        ("num.example.com.", "NAPTR", MAIL),
        ("alias.example.com.", "MX", MAIL),  # behind an alias as well
        ("x.wild-mx.example.com.", "MX", MAIL),
        ("mx-of-alias.example.com.", "MX", []),  # an alias has no address of its own
        ("mx-below-cut.example.com.", "MX", []),  # somebody else's to say
        ("mx-to-wild.example.com.", "MX", []),
        ("ptr.example.com.", "PTR", []),
        ("ns1.example.com.", "A", []),
        ("nothing.example.com.", "MX", []),
    ],
)
def test_the_addresses_of_hosts_come_along(name: str, rtype: str, added: list[str]) -> None:
    reply = CLIENT.ask(name, rtype)
    assert lines(reply.additional) == spelled(added)
    assert not reply.flags & dns.flags.TC


def test_they_have_their_own_ttls() -> None:
    ttls = {str(each.name): each.ttl for each in CLIENT.ask("example.com.", "NS").additional}
    assert (ttls["ns1.example.com."], ttls["ns2.example.com."]) == (300, 60)


def test_a_referral_brings_glue_then_siblings_then_others() -> None:
    """RFC 9471 §3.1, §3.2."""
    reply = CLIENT.ask("x.cut.example.com.")
    assert outcome(reply) == "REFERRAL"
    assert lines(reply.additional) == spelled(["ns.cut A 192.0.2.8", "ns1.other A 192.0.2.9", *NS1])


def room(client: Client, question: bytes, limit: int) -> dns.message.Message:
    octets = Client(client.table, payload=limit).send(question)
    assert isinstance(octets, bytes)
    assert len(octets) <= limit
    return dns.message.from_wire(octets)


def replies(client: Client, name: str, rtype: str, *, edns: bool) -> list[dns.message.Message]:
    """The same question with less room each time, for as long as it is not truncated, and once more."""
    question = dns.message.make_query(name, rtype, use_edns=0 if edns else -1, payload=4096).to_wire()
    whole = client.send(question, transport=TCP)
    assert isinstance(whole, bytes)
    found = []
    for limit in range(len(whole), 12, -1):
        found.append(room(client, question, limit))
        if found[-1].flags & dns.flags.TC:
            return found
    raise AssertionError("it was never truncated")


@pytest.mark.parametrize("edns", [False, True])
@pytest.mark.parametrize(
    ("name", "rtype", "steps"),
    [
        ("example.com.", "NS", [4, 3, 2, 1, 0]),
        ("example.com.", "MX", [2, 1, 0]),
        ("alias.example.com.", "MX", [2, 1, 0]),
        # Its own glue is never left out (RFC 9471 §3.1).
        ("cut.example.com.", "A", [4, 3, 2, 1]),
    ],
)
def test_what_has_no_room_is_left_out_record_set_by_record_set_and_without_tc(
    name: str, rtype: str, steps: list[int], edns: bool
) -> None:
    """RFC 2181 §9: nobody has to ask again for what is additional."""
    *whole, cut = replies(CLIENT, name, rtype, edns=edns)
    assert list(dict.fromkeys(len(reply.additional) for reply in whole)) == steps
    assert len({tuple(lines(reply.answer)) for reply in whole}) == 1
    assert all(lines(reply.additional) == lines(whole[0].additional)[: len(lines(reply.additional))] for reply in whole)
    assert cut.flags & dns.flags.TC
    assert (cut.answer, cut.authority, cut.additional) == ([], [], [])


def many(count: int, *, inside: bool) -> list[RRset]:
    """A delegation to as many servers, each with both addresses."""
    names = [f"ns{number}.{'cut' if inside else 'far'}" for number in range(count)]
    hosts = [
        each
        for number, name in enumerate(names)
        for each in (rrset(name, "A", f"192.0.2.{number}"), rrset(name, "AAAA", f"2001:db8::{number}"))
    ]
    return [rrset("@", "NS", "ns.example.net."), rrset("cut", "NS", *names), *hosts]


@pytest.mark.parametrize("inside", [True, False])
def test_glue_without_room_truncates_and_other_addresses_do_not(inside: bool) -> None:
    client = Client(table_of([zone(*many(13, inside=inside))]))
    plain = dns.message.make_query("x.cut.example.com.", "A").to_wire()
    reply = room(client, plain, 512)
    assert bool(reply.flags & dns.flags.TC) is inside
    assert len(client.ask("x.cut.example.com.").additional) == 26
    if not inside:
        assert 0 < len(reply.additional) < 26
        assert outcome(reply) == "REFERRAL"


def test_names_with_very_many_hosts_bring_some_of_them() -> None:
    hosts = [rrset(f"m{number}", "A", f"192.0.2.{number}") for number in range(200)]
    client = Client(table_of([zone(rrset("@", "MX", *(f"{n} m{n}" for n in range(200))), *hosts)]))
    assert len(client.ask("example.com.", "MX").additional) == 32


def test_sets_with_equal_answers_and_other_hosts_are_not_mixed_up() -> None:
    served = zone(
        rrset("a", "HTTPS", "1 . alpn=h2"),
        rrset("b", "HTTPS", "1 . alpn=h2"),
        rrset("c", "HTTPS", "1 . alpn=h2"),
        rrset("a", "A", "192.0.2.1"),
        rrset("b", "A", "192.0.2.2"),
    )
    client = Client(table_of([served]))
    added = {name: lines(client.ask(f"{name}.example.com.", "HTTPS").additional) for name in "abc"}
    assert added == {"a": spelled(["a A 192.0.2.1"]), "b": spelled(["b A 192.0.2.2"]), "c": []}


def test_every_limit_gives_a_reply_that_can_be_read() -> None:
    dice = Random(9471)
    client = Client(table_of([zone(*many(20, inside=False)), ZONE_ORG]))
    for _ in range(300):
        name = dice.choice(["x.cut.example.com.", "www.example.org.", "example.org.", "a.b.example.org."])
        rtype = dice.choice(["A", "NS", "MX", "SRV", "ANY"])
        question = dns.message.make_query(name, rtype, use_edns=dice.choice([-1, 0]), payload=4096).to_wire()
        room(client, question, dice.randrange(len(question) + 20, 1400))


ORG = parse_name("example.org.")
ZONE_ORG = zone(
    rrset("@", "NS", "ns1", "ns2", origin=ORG),
    rrset("@", "MX", *(f"{n} m{n}" for n in range(30)), origin=ORG),
    rrset("ns1", "A", "192.0.2.1", origin=ORG),
    rrset("a", "DNAME", "@", origin=ORG),
    *(rrset(f"m{n}", "AAAA", *(f"2001:db8::{n}:{k}" for k in range(4)), origin=ORG) for n in range(30)),
    name="example.org.",
)
