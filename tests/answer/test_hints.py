"""HTTPS and SVCB records whose hints are what the policy draws: the same members as A and AAAA, in the same turns."""

from collections import Counter
from dataclasses import replace

import dns.message
import pytest

from geodns.answer.cells import PICKS
from geodns.config.master import parse_master
from geodns.model.pool import PoolName, State
from geodns.model.verdict import CLEAR, MemberKey, Outlook
from geodns.model.zone import Zone
from geodns.table.slots import Ledgers, member_label
from tests.rfc9460 import VECTORS
from tests.values import alias, atlas, check, member, of_pools, outlook, place, policy, pool, rrset, rule, zone
from tests.world import Client, addresses, hints, lines, outcome, scope, table_of

WEB = check()
ATLAS = atlas({"8.0.0.0/8": place("EU/DE"), "2003::/16": place("EU/DE"), "9.9.0.0/16": place("NA/US")})
EU = pool(
    "eu",
    member("fra1", "192.0.2.1", "192.0.2.2", "2001:db8::1", weight=3),
    member("fra2", "192.0.2.3", "2001:db8::3", "2001:db8::4", "2001:db8::5", ttl=7),
    member("fra3", "192.0.2.6", weight=2),
    check=WEB,
)
US = pool("us", member("iad1", "192.0.2.11", "2001:db8::11"), member("iad2", "2001:db8::12"))
OLD = pool("old", member("v4", "192.0.2.9"))
POOLS = [EU, US, OLD, of_pools("both", (EU, 3), (OLD, 1))]
POLICIES = [
    policy(rule("eu", "us", country=["DE"]), rule("us"), name="global"),
    policy(rule(country=["US"]), rule("old"), name="some"),
    *(policy(rule("eu"), name=each, select=each) for each in ("round_robin", "weighted", "random", "all", "sticky")),
    policy(rule("eu"), name="two", select="weighted", answers=2),
    policy(rule("both"), name="both", select="weighted", answers=2),
    policy(rule("old"), name="old", ttl=600),
]
STATIC = [
    rrset("@", "NS", "ns1"),
    rrset("@", "HTTPS", "0 global"),
    rrset("shop", "CNAME", "global"),
]
NAMES = [each.name for each in POLICIES]
SERVED = zone(
    *STATIC,
    *(rrset(name, "HTTPS", "1 . alpn=h2,h3", ttl=300) for name in NAMES),
    *(rrset(name, "SVCB", "1 . alpn=h2", ttl=20) for name in NAMES),
    rrset("many", "HTTPS", "1 . alpn=h3", "2 fallback alpn=h2", "3 . port=8443 ipv4hint=192.0.2.80"),
    rrset("own", "HTTPS", "1 . ipv6hint=2001:db8::80"),
    rrset("elsewhere", "HTTPS", "1 other.example.net. alpn=h2"),
    rrset("none", "HTTPS", "0 ."),
    replace(rrset("off", "HTTPS", "1 . alpn=h2"), hints=False),
    rrset("*.apps", "HTTPS", "1 . alpn=h2"),
    rrset("long", "HTTPS", "1 . alpn=h2", ttl=3600),
    steered={name: name for name in NAMES}
    | dict.fromkeys(("many", "own", "elsewhere", "none", "off", "*.apps"), "global")
    | {"long": "old"},
    pools=POOLS,
    policies=POLICIES,
)
EUROPE, AMERICA = "8.8.8.0/24", "9.9.9.0/24"


def client_of(said: Outlook = CLEAR, served: Zone = SERVED) -> Client:
    return Client(table_of([served], ATLAS, said))


def ask(name: str, rtype: str = "HTTPS", subnet: str = AMERICA, said: Outlook = CLEAR) -> dns.message.Message:
    return client_of(said).ask(f"{name}.example.com.", rtype, subnet=subnet)


def data(reply: dns.message.Message) -> list[str]:
    return [rdata.to_text().replace('"', "") for each in reply.answer for rdata in each]


# ── what is answered ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rtype", ["HTTPS", "SVCB"])
def test_records_have_the_addresses_of_the_drawn_member(rtype: str) -> None:
    reply = ask("global", rtype)
    assert (hints(reply, 4), hints(reply, 6), scope(reply)) == (["192.0.2.11"], ["2001:db8::11"], 8)
    assert (outcome(reply), reply.authority, reply.additional) == ("ANSWER", [], [])


def test_a_member_that_lacks_a_family_gives_hints_of_the_other() -> None:
    client = client_of()
    replies = [client.ask("global.example.com.", "HTTPS", subnet=AMERICA) for _ in range(4)]
    both, six = "1 . alpn=h2,h3 ipv4hint=192.0.2.11 ipv6hint=2001:db8::11", "1 . alpn=h2,h3 ipv6hint=2001:db8::12"
    assert [data(reply) for reply in replies] == [[both], [six]] * 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("own", ["1 . ipv6hint=2001:db8::80"]),
        ("elsewhere", ["1 other.example.net. alpn=h2"]),
        ("none", ["0 ."]),
        ("off", ["1 . alpn=h2"]),
    ],
)
def test_records_that_take_none_are_the_same_for_everybody(name: str, expected: list[str]) -> None:
    reply = ask(name)
    assert (data(reply), scope(reply), reply.answer[0].ttl) == (expected, 0, 300)
    assert addresses(ask(name, "A")) == ["192.0.2.11"]


def test_of_several_records_those_take_hints_that_are_of_the_owner_and_have_none() -> None:
    assert data(ask("many")) == [
        "1 . alpn=h3 ipv4hint=192.0.2.11 ipv6hint=2001:db8::11",
        "2 fallback.example.com. alpn=h2",
        "3 . port=8443 ipv4hint=192.0.2.80",
    ]


def test_where_a_route_has_no_address_the_record_is_given_without_hints() -> None:
    reply = ask("some")
    assert (data(reply), outcome(reply), scope(reply)) == (["1 . alpn=h2,h3"], "ANSWER", 16)
    assert outcome(ask("some", "A")) == "NODATA"
    assert data(ask("some", subnet=EUROPE)) == ["1 . alpn=h2,h3 ipv4hint=192.0.2.9"]


def test_so_it_is_where_operators_took_out_all_members() -> None:
    said = outlook(overrides={("old", "v4"): State.DOWN})
    assert data(ask("old", said=said)) == ["1 . alpn=h2,h3"]


def test_an_alias_of_the_apex_and_behind_one() -> None:
    reply = client_of().ask("example.com.", "HTTPS", subnet=AMERICA)
    assert (data(reply), scope(reply)) == (["0 global.example.com."], 0)
    reply = ask("shop")
    assert lines(reply.answer) == [
        "shop.example.com. CNAME global.example.com.",
        'global.example.com. HTTPS 1 . alpn="h2,h3" ipv4hint="192.0.2.11" ipv6hint="2001:db8::11"',
    ]


def test_a_wildcard_answers_with_them_for_the_name_that_was_asked() -> None:
    assert lines(ask("x.apps").answer) == [
        'x.apps.example.com. HTTPS 1 . alpn="h2" ipv4hint="192.0.2.11" ipv6hint="2001:db8::11"'
    ]


def test_other_types_are_as_they_were_and_any_gets_addresses() -> None:
    assert outcome(ask("global", "TXT")) == "NODATA"
    assert addresses(ask("global", "ANY")) == ["192.0.2.11"]


def test_beside_a_policy_with_cnames_no_record_is_hinted() -> None:
    """`geodns check` refuses them; a table of such a zone is sound all the same."""
    cdn = pool("cdn", alias("d", "d.cdn.example.net."))
    decided = policy(rule("old", country=["DE"]), rule("cdn"))
    served = zone(rrset("www", "HTTPS", "1 ."), steered={"www": "global"}, pools=[cdn, OLD], policies=[decided])
    assert data(client_of(served=served).ask("www.example.com.", "HTTPS", subnet=EUROPE)) == ["1 ."]


@pytest.mark.parametrize(
    ("name", "rtype", "ttls"),
    [
        ("global", "HTTPS", {30}),  # the policy's
        ("global", "SVCB", {20}),  # the records' own
        ("round_robin", "HTTPS", {15, 7}),  # a verdict could flip; a member's own
        ("old", "HTTPS", {300}),
        ("long", "HTTPS", {600}),
    ],
)
def test_the_ttl_is_the_least_of_the_policy_s_the_member_s_and_the_records(
    name: str, rtype: str, ttls: set[int]
) -> None:
    client = client_of()
    replies = [client.ask(f"{name}.example.com.", rtype, subnet=AMERICA) for _ in range(6)]
    assert {reply.answer[0].ttl for reply in replies} == ttls


@pytest.mark.parametrize(("shows", "rtype", "text", "octets"), VECTORS, ids=[shows for shows, *_ in VECTORS])
def test_the_vectors_of_the_rfc_are_served_as_they_are_written(shows: str, rtype: str, text: str, octets: str) -> None:
    """RFC 9460 appendices D.1 and D.2, from a master file to the octets of a reply."""
    head = "$ORIGIN example.com.\n@ 300 IN SOA ns1 admin 1 2 3 4 5\n@ 300 IN NS ns1.example.net.\n"
    served = parse_master(f"{head}@ 7200 IN {rtype} {text}\n".encode(), "f.zone", "example.com")
    reply = client_of(served=served).ask("example.com.", rtype)
    wire = reply.answer[0][0].to_wire()
    assert wire is not None
    assert (wire.hex(), reply.answer[0].ttl) == (octets, 7200)


# ── whose hints they are ──────────────────────────────────────────────────────────────────────────────────────────

SELECTIONS = ["round_robin", "weighted", "all", "two", "both"]


@pytest.mark.parametrize("name", SELECTIONS)
def test_in_each_turn_the_hints_are_those_that_a_would_be_answered_with(name: str) -> None:
    """Every member of these has IPv4, so the hints are A's answer; where all of a turn's have IPv6, AAAA's too."""
    client = client_of()
    for _ in range(240):
        a, aaaa, https, svcb = (
            client.ask(f"{name}.example.com.", rtype, subnet=AMERICA) for rtype in ("A", "AAAA", "HTTPS", "SVCB")
        )
        assert hints(https, 4) == hints(svcb, 4) == addresses(a)
        assert hints(https, 6) == hints(svcb, 6)
        if not {"192.0.2.6", "192.0.2.9"} & set(addresses(a)):
            assert hints(https, 6) == addresses(aaaa)


def test_with_sticky_they_are_the_client_s_own() -> None:
    client = client_of()
    seen = Counter[str]()
    for n in range(200):
        a, aaaa, https = (
            client.ask("sticky.example.com.", rtype, subnet=f"8.{n}.0.0/24") for rtype in ("A", "AAAA", "HTTPS")
        )
        assert (hints(https, 4), scope(https)) == (addresses(a), scope(a))
        assert hints(https, 6) in ([], addresses(aaaa))
        seen.update(hints(https, 4))
    assert len(seen) == 4


@pytest.mark.parametrize("name", [*SELECTIONS, "random"])
def test_shares_of_hints_are_those_of_addresses(name: str) -> None:
    client, rounds = client_of(), 1200
    a, https = Counter[str](), Counter[str]()
    for _ in range(rounds):
        a.update(addresses(client.ask(f"{name}.example.com.", "A", subnet=AMERICA)))
        https.update(hints(client.ask(f"{name}.example.com.", "HTTPS", subnet=AMERICA), 4))
    if name != "random":
        assert https == a
    for address, count in a.items():
        assert https[address] / rounds == pytest.approx(count / rounds, abs=0.08)


def test_names_with_other_records_take_their_turns_apart() -> None:
    client = client_of()
    first = [hints(client.ask("global.example.com.", "HTTPS", subnet=AMERICA), 4) for _ in range(2)]
    assert hints(client.ask("many.example.com.", "HTTPS", subnet=AMERICA), 4) == [*first[0], "192.0.2.80"]


def test_answers_are_counted_for_the_members_whose_addresses_they_hint_at() -> None:
    client = client_of()
    for name in ("old", "some"):  # the latter has no address for this client
        for _ in range(5):
            client.ask(f"{name}.example.com.", "HTTPS", subnet=AMERICA)
    labels = Ledgers.empty().for_zones([SERVED]).members.numbered()
    slot = labels[member_label(MemberKey(SERVED.name, PoolName("old"), "v4"))]
    assert client.memory.counts[PICKS + slot] == 5


# ── health ────────────────────────────────────────────────────────────────────────────────────────────────────────


def down(*failed: str) -> Outlook:
    return outlook(*((WEB, each) for each in failed))


V4_OF_EU = ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.6")
V6_OF_EU = ("2001:db8::1", "2001:db8::3", "2001:db8::4", "2001:db8::5")


def test_addresses_that_are_down_are_no_hints() -> None:
    client = client_of(down("192.0.2.1", "192.0.2.3", "192.0.2.6"))
    for _ in range(12):
        reply = client.ask("weighted.example.com.", "HTTPS", subnet=EUROPE)
        assert hints(reply, 4) in (["192.0.2.2"], [])
        assert hints(reply, 6)


def test_a_pool_that_fails_is_left_in_hints_too() -> None:
    reply = ask("global", subnet=EUROPE, said=down(*V4_OF_EU, *V6_OF_EU))
    assert (hints(reply, 4), hints(reply, 6)) == (["192.0.2.11"], ["2001:db8::11"])


@pytest.mark.parametrize("failed", [V4_OF_EU, V6_OF_EU])
def test_where_a_and_aaaa_go_to_different_pools_hints_contradict_neither(failed: tuple[str, ...]) -> None:
    client = client_of(down(*failed))
    for _ in range(8):
        a, https = (client.ask("global.example.com.", rtype, subnet=EUROPE) for rtype in ("A", "HTTPS"))
        assert (hints(https, 4), hints(https, 6)) == (addresses(a), [])


@pytest.mark.parametrize(("records", "expected"), [(1, 64), (3, 21), (39, 1)])
def test_of_many_addresses_those_are_hints_whose_turn_it_is(records: int, expected: int) -> None:
    members = [member(f"m{n}", *(f"10.{n}.{k}.1" for k in range(9)), f"2001:db8::{n}") for n in range(1, 100)]
    crowd = pool("crowd", *members)
    wide = rrset("www", "HTTPS", *(f"{n} . port={n}" for n in range(1, records + 1)))
    decided = policy(rule("crowd"), select="all")
    client = client_of(served=zone(wide, steered={"www": "global"}, pools=[crowd], policies=[decided]))
    first, second = (client.ask("www.example.com.", "HTTPS") for _ in range(2))
    a = addresses(client.ask("www.example.com.", "A"))
    assert (hints(first, 4), len(hints(first, 6))) == (a[:expected] * records, expected * records)
    assert hints(second, 4) != hints(first, 4)


def test_records_that_fill_a_message_have_no_room_for_hints() -> None:
    wide = rrset("www", "HTTPS", f"1 . key667={'x' * 60_000}")
    client = client_of(served=zone(wide, steered={"www": "global"}, pools=[OLD], policies=[policy(rule("old"))]))
    reply = client.ask("www.example.com.", "HTTPS")
    assert (outcome(reply), hints(reply)) == ("ANSWER", [])
