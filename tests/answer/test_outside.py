"""Members with the addresses of names outside: answered from what is known of these; SERVFAIL where nothing is."""

from dataclasses import replace

import pytest

from geodns.model.name import parse_name
from geodns.model.pool import PoolName, State
from geodns.model.verdict import CLEAR, MemberKey, Outlook, Override
from tests.values import ORIGIN, atlas, member, of_pools, outside, place, policy, pool, resolved, rrset, rule, zone
from tests.world import Client, addresses, lines, outcome, scope, table_of

ORG, CHILD = parse_name("example.org."), parse_name("child.example.org.")
LB = pool("lb", outside("lb", "lb.example.net."))
OWN = pool("own", member("one", "192.0.2.1", "2001:db8::1"))
MIXED = pool("mixed", outside("lb", "lb.example.net."), member("one", "192.0.2.1"))
POLICIES = [
    policy(rule("lb"), name="alias", select="all", ttl=300),
    policy(rule("lb", "own"), name="failover"),
    policy(rule("mixed"), name="mixed"),
    policy(rule("both"), name="both"),
]
ZONE = zone(
    rrset("@", "NS", "ns1", "ns2"),
    rrset("@", "MX", "10 mail"),
    rrset("@", "HTTPS", "1 . alpn=h2"),
    rrset("hop", "CNAME", "failover"),
    rrset("to", "CNAME", "example.com."),
    steered={"@": "alias"} | {each.name: each.name for each in POLICIES[1:]},
    pools=[LB, OWN, MIXED, of_pools("both", (LB, 1), (OWN, 1))],
    policies=POLICIES,
)
TWO = ("192.0.2.8", "192.0.2.9", "2001:db8::8")
KNOWN = resolved({"lb.example.net.": TWO})
V4 = resolved({"lb.example.net.": TWO[:2]})
HALF = resolved({"lb.example.net. A": TWO[:2]})
NONE = resolved({"lb.example.net.": ()})
UNKNOWN = resolved({})


def client_of(said: Outlook) -> Client:
    return Client(table_of([ZONE], outlook=said))


def test_all_addresses_are_in_every_answer_in_turn_beside_other_records() -> None:
    client = client_of(KNOWN)
    replies = [addresses(client.ask("example.com.")) for _ in range(4)]
    assert [sorted(each) for each in replies] == [list(TWO[:2])] * 4
    assert {each[0] for each in replies} == set(TWO[:2])
    assert addresses(client.ask("example.com.", "AAAA")) == [TWO[2]]
    assert lines(client.ask("example.com.", "MX").answer) == ["example.com. MX 10 mail.example.com."]
    assert outcome(client.ask("example.com.", "TXT")) == "NODATA"
    assert client.ask("example.com.").answer[0].ttl == 60, "the lesser of the name's TTL and that of what it leads to"


@pytest.mark.parametrize(
    ("said", "name", "a", "aaaa"),
    [
        pytest.param(UNKNOWN, "@", "SERVFAIL", "SERVFAIL", id="nothing is known"),
        pytest.param(HALF, "@", "ANSWER", "SERVFAIL", id="one family is known"),
        pytest.param(V4, "@", "ANSWER", "NODATA", id="one family is known to be missing"),
        pytest.param(NONE, "@", "NODATA", "NODATA", id="there is no such name"),
        pytest.param(CLEAR, "@", "NODATA", "NODATA", id="nobody asks here: for those who only look"),
        pytest.param(UNKNOWN, "to", "SERVFAIL", "SERVFAIL", id="by way of a CNAME"),
        pytest.param(UNKNOWN, "failover", "ANSWER", "ANSWER", id="the next pool answers for one that is not resolved"),
        pytest.param(NONE, "failover", "ANSWER", "ANSWER", id="and for one without addresses"),
        pytest.param(V4, "failover", "ANSWER", "NODATA", id="but not for a family that the pool's name never had"),
        pytest.param(UNKNOWN, "mixed", "ANSWER", "SERVFAIL", id="other members of its pool answer"),
        pytest.param(NONE, "mixed", "ANSWER", "NODATA", id="other members, and none has the family"),
        pytest.param(UNKNOWN, "both", "ANSWER", "ANSWER", id="other pools that share with it"),
    ],
)
def test_what_is_not_known_is_servfail_and_what_is_missing_no_data(said: Outlook, name: str, a: str, aaaa: str) -> None:
    client = client_of(said)
    owner = "example.com." if name == "@" else f"{name}.example.com."
    assert [outcome(client.ask(owner, rtype)) for rtype in ("A", "AAAA")] == [a, aaaa]


@pytest.mark.parametrize(
    ("said", "hints"),
    [
        (KNOWN, ' ipv4hint="192.0.2.8,192.0.2.9" ipv6hint="2001:db8::8"'),
        (HALF, ' ipv4hint="192.0.2.8,192.0.2.9"'),
        (UNKNOWN, ""),
        (NONE, ""),
    ],
)
def test_service_records_have_what_is_known_as_hints_and_are_there_whatever_it_is(said: Outlook, hints: str) -> None:
    (line,) = lines(client_of(said).ask("example.com.", "HTTPS").answer)
    assert line == f'example.com. HTTPS 1 . alpn="h2"{hints}'


def test_a_servfail_has_no_records_and_no_authority_even_behind_a_cname() -> None:
    reply = client_of(UNKNOWN).ask("to.example.com.", subnet="8.8.8.0/24")
    assert (reply.answer, reply.authority, "AA" in str(reply.flags)) == ([], [], False)
    assert reply.edns == 0


def test_a_servfail_is_for_those_clients_alone_whose_name_outside_is_not_known() -> None:
    rules = policy(rule("lb", country=["DE"]), rule("own"), name="split")
    split = zone(rrset("@", "NS", "ns1"), steered={"www": "split"}, pools=[LB, OWN], policies=[rules])
    client = Client(table_of([split], atlas({"8.0.0.0/8": place("EU/DE")}), UNKNOWN))
    for subnet, said in (("8.8.8.0/24", "SERVFAIL"), ("9.8.8.0/24", "ANSWER")):
        reply = client.ask("www.example.com.", subnet=subnet)
        assert (outcome(reply), scope(reply)) == (said, 8)


def test_an_operator_takes_a_name_outside_out_and_its_pool_is_passed_over() -> None:
    key = MemberKey(ORIGIN, PoolName("lb"), "lb")
    said = Override(state=State.DRAIN, reason="test", author="test", set_at=0.0)
    client = client_of(Outlook({}, {key: said}, resolved=KNOWN.resolved))
    assert addresses(client.ask("failover.example.com.")) == ["192.0.2.1"]
    assert outcome(client.ask("example.com.")) == "NODATA"


def test_of_a_zone_that_is_void_everything_is_servfail_and_of_others_nothing() -> None:
    other = zone(rrset("@", "NS", "ns1", origin=ORG), rrset("www", "A", "192.0.2.7", origin=ORG), name="example.org.")
    client = Client(table_of([ZONE, replace(other, is_void=True)], outlook=KNOWN))
    asked = [("www", "A"), ("www", "TXT"), ("gone", "A"), ("", "SOA")]
    for name, rtype in asked:
        reply = client.ask(f"{name}.example.org.".lstrip("."), rtype)
        assert (outcome(reply), reply.answer, reply.authority) == ("SERVFAIL", [], [])
    assert outcome(client.ask("example.com.", "MX")) == "ANSWER"


def test_whether_a_zone_is_void_is_nothing_to_the_ds_that_the_zone_above_has_of_it() -> None:
    """RFC 4035 §3.1.4.1: it is the parent's. And where the parent is void, nobody knows what it says."""
    cut = [("NS", "ns.child"), ("DS", f"1 8 2 {'3' * 64}")]
    above = zone(*(rrset("child", rtype, text, origin=ORG) for rtype, text in cut), name="example.org.")
    below = zone(rrset("to", "CNAME", "child.example.org.", origin=CHILD), name="child.example.org.")
    expected = {(False, False): "ANSWER", (False, True): "ANSWER", (True, False): "SERVFAIL", (True, True): "SERVFAIL"}
    for (parent, child), said in expected.items():
        client = Client(table_of([replace(above, is_void=parent), replace(below, is_void=child)]))
        reply = client.ask("child.example.org.", "DS")
        assert (outcome(reply), len(reply.answer)) == (said, said == "ANSWER"), (parent, child)
        assert outcome(client.ask("to.child.example.org.", "DS")) == ("SERVFAIL" if child else said)
        assert outcome(client.ask("child.example.org.", "SOA")) == ("SERVFAIL" if child else "ANSWER")
