"""Members that are CNAMEs: one stands alone, answers for every type, and only where clients are sent to it."""

from collections import Counter

import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.answer.cells import PICKS
from geodns.answer.terms import UDP
from geodns.model.pool import PoolName, State
from geodns.model.verdict import CLEAR, MemberKey, Outlook
from geodns.model.zone import Zone
from geodns.table.slots import Ledgers, member_label
from tests.values import alias, atlas, check, member, of_pools, outlook, place, policy, pool, rrset, rule, zone
from tests.world import Client, addresses, lines, outcome, scope, table_of

WEB = check()
ATLAS = atlas({"8.0.0.0/8": place("EU/DE"), "2003::/16": place("EU/DE"), "9.9.0.0/16": place("NA/US")})
CDN = pool("cdn", alias("d123", "d123.cdn.example.net."))
EU = pool("eu", member("fra1", "192.0.2.1", "2001:db8::1"), member("fra2", "192.0.2.2", "2001:db8::2"), check=WEB)
TWO = pool("two", alias("one", "a.cdn.example.net.", weight=3, ttl=7), alias("other", "b.cdn.example.net."))
OLD = pool("old", member("v4", "192.0.2.9"))
POOLS = [
    CDN,
    EU,
    TWO,
    OLD,
    pool("drained", alias("gone", "gone.example.net.", state=State.DRAIN), alias("left", "left.example.net.")),
    pool("inside", alias("here", "static.example.com.")),
    of_pools("mixed", (EU, 1), (CDN, 1)),
    of_pools("aged", (OLD, 1), (CDN, 1)),
    of_pools("reserve", (OLD, 1), (CDN, 0)),
]
POLICIES = [
    policy(rule("eu", "cdn", country=["DE"]), rule("cdn"), name="global"),
    policy(rule("eu"), name="fallback", fallback="cdn"),
    *(policy(rule(name), name=name, answers=4) for name in ("two", "drained", "inside", "mixed", "aged", "reserve")),
    policy(rule("two"), name="weighted", select="weighted"),
    policy(rule("two"), name="all", select="all"),
    policy(rule("two"), name="kept", select="sticky"),
    policy(rule("mixed"), name="mixed-kept", select="sticky"),
    policy(rule("aged"), name="aged-kept", select="sticky"),
]
ZONE = zone(
    rrset("@", "NS", "ns1", "ns2"),
    rrset("static", "A", "192.0.2.80"),
    rrset("shop", "CNAME", "global"),
    steered={each.name: each.name for each in POLICIES} | {"*.apps": "global"},
    pools=POOLS,
    policies=POLICIES,
)
D123 = "d123.cdn.example.net."
EUROPE, AMERICA = "8.8.8.0/24", "9.9.9.0/24"


def client_of(said: Outlook = CLEAR) -> Client:
    return Client(table_of([ZONE], ATLAS, said))


def ask(name: str, rtype: str = "A", subnet: str = AMERICA, said: Outlook = CLEAR) -> dns.message.Message:
    return client_of(said).ask(f"{name}.example.com.", rtype, subnet=subnet)


def answers(name: str, rtype: str = "A", said: Outlook = CLEAR, count: int = 64) -> list[tuple[str, ...]]:
    """The data of the answers to clients of different networks."""
    client = client_of(said)
    replies = [client.ask(f"{name}.example.com.", rtype, subnet=f"8.8.{n}.0/24") for n in range(count)]
    return [tuple(rdata.to_text() for rrset in reply.answer for rdata in rrset) for reply in replies]


TYPES = ["A", "AAAA", "CNAME", "MX", "TXT", "HTTPS", "NS", "SOA", "DS", "TYPE65280"]


@pytest.mark.parametrize("rtype", TYPES)
def test_who_is_sent_to_a_cname_gets_it_for_every_type(rtype: str) -> None:
    reply = ask("global", rtype)
    assert lines(reply.answer) == [f"global.example.com. CNAME {D123}"]
    assert (outcome(reply), reply.authority, reply.additional, reply.answer[0].ttl) == ("ANSWER", [], [], 30)
    assert scope(reply) == 8


@pytest.mark.parametrize("rtype", TYPES[2:])
def test_who_is_sent_to_addresses_gets_no_data_of_other_types_and_the_scope_is_the_territory_s(rtype: str) -> None:
    reply = ask("global", rtype, EUROPE)
    assert (outcome(reply), reply.answer, scope(reply)) == ("NODATA", [], 8)


@pytest.mark.parametrize(("rtype", "expected"), [("A", "192.0.2.1"), ("AAAA", "2001:db8::1")])
def test_and_addresses_of_its_pool(rtype: str, expected: str) -> None:
    reply = ask("global", rtype, EUROPE)
    assert (addresses(reply), scope(reply)) == ([expected], 8)


def test_any_gets_one_record_set_as_ever() -> None:
    assert lines(ask("global", "ANY").answer) == [f"global.example.com. CNAME {D123}"]
    assert addresses(ask("global", "ANY", EUROPE)) == ["192.0.2.1"]


def test_behind_a_static_alias_the_chain_goes_on() -> None:
    expected = ["shop.example.com. CNAME global.example.com.", f"global.example.com. CNAME {D123}"]
    for rtype in ("A", "AAAA", "MX"):
        reply = ask("shop", rtype)
        assert (lines(reply.answer), scope(reply)) == (expected, 8)
    assert lines(ask("shop", "CNAME").answer) == expected[:1]
    reply = ask("shop", "MX", EUROPE)
    assert (lines(reply.answer), outcome(reply)) == (expected[:1], "NODATA")


def test_a_wildcard_answers_with_it_too() -> None:
    for rtype in ("A", "TXT"):
        assert lines(ask("x.y.apps", rtype).answer) == [f"x.y.apps.example.com. CNAME {D123}"]


def test_a_target_in_a_zone_served_here_ends_the_answer() -> None:
    """The resolver asks again: what the target has is another answer, with a TTL and a scope of its own."""
    assert lines(ask("inside").answer) == ["inside.example.com. CNAME static.example.com."]


def test_a_name_with_addresses_alone_is_as_it_was() -> None:
    own = policy(rule("eu", country=["DE"]), rule("old"))
    client = Client(table_of([zone(steered={"www": "global"}, pools=POOLS, policies=[own])], ATLAS))
    for rtype in TYPES[2:]:
        reply = client.ask("www.example.com.", rtype, subnet=EUROPE)
        assert (outcome(reply), scope(reply)) == ("NODATA", 0)


def down(*addresses_: str) -> Outlook:
    return outlook(*((WEB, address) for address in addresses_))


ALL_OF_EU = ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2")


@pytest.mark.parametrize("name", ["global", "fallback"])
def test_a_pool_that_fails_is_replaced_by_the_cname(name: str) -> None:
    for rtype in TYPES:
        reply = ask(name, rtype, EUROPE, down(*ALL_OF_EU))
        assert lines(reply.answer) == [f"{name}.example.com. CNAME {D123}"]


def test_each_family_by_itself_and_other_types_when_both_have_failed() -> None:
    half = down(*ALL_OF_EU[:2])
    assert lines(ask("global", "A", EUROPE, half).answer) == [f"global.example.com. CNAME {D123}"]
    assert addresses(ask("global", "AAAA", EUROPE, half)) == ["2001:db8::1"]
    assert outcome(ask("global", "MX", EUROPE, half)) == "NODATA"


def test_where_operators_took_out_the_cname_nothing_is_left_but_to_fail_open() -> None:
    said = outlook(*((WEB, address) for address in ALL_OF_EU), overrides={("cdn", "d123"): State.DOWN})
    reply = ask("global", "A", EUROPE, said)
    assert (addresses(reply), reply.answer[0].ttl) == (["192.0.2.1"], 10)
    assert outcome(ask("global", "A", AMERICA, said)) == "NODATA"
    assert outcome(ask("global", "MX", AMERICA, said)) == "NODATA"


def test_who_is_drained_is_in_no_answer() -> None:
    assert set(answers("drained")) == {("left.example.net.",)}


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [("two", 32, 32), ("weighted", 48, 16), ("all", 32, 32)],
    ids=["round_robin with answers: 4", "weighted", "all"],
)
@pytest.mark.parametrize("rtype", ["A", "MX", "CNAME"])
def test_an_answer_has_one_cname_and_the_shares_are_the_selection_s(
    name: str, one: int, other: int, rtype: str
) -> None:
    assert Counter(answers(name, rtype)) == {("a.cdn.example.net.",): one, ("b.cdn.example.net.",): other}


def test_sticky_keeps_a_client_on_its_cname_for_all_types() -> None:
    first = answers("kept")
    assert Counter(first)["a.cdn.example.net.",] == pytest.approx(48, abs=12)
    assert first == answers("kept", "AAAA") == answers("kept", "MX") == answers("kept", "CNAME")


def test_its_ttl_is_its_own_where_that_is_less() -> None:
    ttls = {(str(rrset[0]), rrset.ttl) for n in range(8) for rrset in ask("kept", subnet=f"8.{n}.0.0/24").answer}
    assert ttls == {("a.cdn.example.net.", 7), ("b.cdn.example.net.", 30)}


def test_a_pool_of_addresses_and_one_of_cnames_share_the_answers() -> None:
    """Whoever is drawn first decides: a CNAME is never beside an address, nor beside another CNAME."""
    found = Counter(answers("mixed"))
    assert sum(count for data, count in found.items() if data == (D123,)) == 32
    assert {frozenset(data) for data in found} == {frozenset({D123}), frozenset({"192.0.2.1", "192.0.2.2"})}
    assert Counter(answers("mixed", "MX")) == {(D123,): 32, (): 32}


def test_a_type_that_the_addresses_lack_gets_no_more_cnames_than_its_share() -> None:
    """Or resolvers, to whom a CNAME is one for all types, would send everybody there."""
    assert Counter(answers("aged")) == {(D123,): 32, ("192.0.2.9",): 32}
    assert Counter(answers("aged", "AAAA")) == {(D123,): 32, (): 32}


def test_a_cname_in_reserve_does_not_step_in_for_a_type_that_the_addresses_never_had() -> None:
    assert addresses(ask("reserve")) == ["192.0.2.9"]
    assert [outcome(ask("reserve", rtype)) for rtype in ("AAAA", "MX")] == ["NODATA", "NODATA"]
    taken = outlook(overrides={("old", "v4"): State.DRAIN})
    assert {data for rtype in ("A", "AAAA", "MX") for data in answers("reserve", rtype, taken)} == {(D123,)}


@pytest.mark.parametrize("name", ["mixed-kept", "aged-kept"])
def test_with_sticky_the_clients_of_a_cname_have_it_for_every_type_and_no_others_do(name: str) -> None:
    by_type = {rtype: [data == (D123,) for data in answers(name, rtype)] for rtype in ("A", "AAAA", "MX", "CNAME")}
    assert 16 < sum(by_type["A"]) < 48
    assert all(found == by_type["A"] for found in by_type.values())
    assert all(data in ((D123,), ()) for data in answers(name, "MX"))


def test_one_that_fails_leaves_its_share_to_the_cname() -> None:
    for rtype in ("A", "AAAA", "MX"):
        assert set(answers("mixed", rtype, down(*ALL_OF_EU))) == {(D123,)}


def test_answers_are_counted_for_the_members_that_they_name() -> None:
    client = client_of()
    for name, rtype in (("mixed", "A"), ("mixed", "MX"), ("global", "TXT")):
        for _ in range(16):
            client.ask(f"{name}.example.com.", rtype, subnet=AMERICA)
    labels = Ledgers.empty().for_zones([ZONE]).members.numbered()

    def counted(pool_: str, name: str) -> int:
        slot = labels[member_label(MemberKey(ZONE.name, PoolName(pool_), name))]
        return int(client.memory.counts[PICKS + slot])

    assert counted("cdn", "d123") == 8 + 8 + 16
    assert counted("eu", "fra1") == counted("eu", "fra2") == 8


def test_a_target_as_long_as_names_may_be_fits_the_smallest_reply() -> None:
    label = "a" * 63
    target = f"{label}.{label}.{label}.{label[:61]}."
    long = pool("long", alias("long", target))
    client = Client(table_of([zone(steered={"www": "g"}, pools=[long], policies=[policy(rule("long"), name="g")])]))
    for rtype in ("A", "MX"):
        assert lines(client.ask("www.example.com.", rtype, transport=UDP).answer) == [
            f"www.example.com. CNAME {target}"
        ]


@st.composite
def mixtures(draw: st.DrawFn) -> Zone:
    """A pool of addresses, of either family or both, and one of CNAMEs, in one pool of pools."""
    have = draw(st.lists(st.sampled_from(["4", "6", "46", "446"]), min_size=1, max_size=4))
    own = pool(
        "own",
        *(
            member(
                f"m{number}",
                *(f"10.{number}.0.{n}" for n in range(1, families.count("4") + 1)),
                *[f"2001:db8::{number}"] * families.count("6"),
                weight=draw(st.integers(0, 4)),
            )
            for number, families in enumerate(have, start=1)
        ),
    )
    names = [
        alias(f"d{n}", f"d{n}.example.net.", weight=draw(st.integers(0, 4))) for n in range(draw(st.integers(1, 3)))
    ]
    elsewhere = pool("elsewhere", *names)
    both = of_pools("both", (own, draw(st.integers(0, 4))), (elsewhere, draw(st.integers(0, 4))))
    select = draw(st.sampled_from(["round_robin", "weighted", "all", "sticky"]))
    decided = policy(rule("both"), name="web", select=select, answers=draw(st.integers(1, 3)))
    return zone(steered={"www": "web"}, pools=[own, elsewhere, both], policies=[decided])


@given(mixtures())
def test_whatever_shares_an_answer_a_cname_stands_alone_and_all_types_get_as_much_of_it(served: Zone) -> None:
    """Tickets run from 0 for each type, and clients are the same ones: so are the turns at which a CNAME comes."""
    table = table_of([served], ATLAS)
    turns = {}
    for rtype in ("A", "AAAA", "CNAME", "MX"):
        client = Client(table)
        replies = [client.ask("www.example.com.", rtype, subnet=f"8.8.{n}.0/24") for n in range(40)]
        kinds = [[(rrset.rdtype, len(rrset)) for rrset in reply.answer] for reply in replies]
        for kind in kinds:
            is_addresses = rtype in ("A", "AAAA") and [each for each, _ in kind] == [dns.rdatatype.from_text(rtype)]
            assert kind in ([], [(dns.rdatatype.CNAME, 1)]) or is_addresses
        turns[rtype] = [kind == [(dns.rdatatype.CNAME, 1)] for kind in kinds]
    assert all(found == turns["A"] for found in turns.values())
