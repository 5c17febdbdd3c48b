"""A zone's own tests: what they find, what they say, and that they see a client where the table sees it."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.answer import terms
from geodns.answer.locate import locate
from geodns.answer.query import Query
from geodns.answer.terms import TCP
from geodns.config.rdata import show_rdata
from geodns.geo.atlas import Atlas
from geodns.model.name import parse_name, show
from geodns.model.place import Address, Network
from geodns.model.pool import PoolName, Quorum, State
from geodns.model.zone import Expectation, ExpectedShare, RRset, Zone
from geodns.policy.resolving import MAX_CHAIN, Drawn, Saying, resolver_for
from geodns.policy.route import route_of
from geodns.policy.trial import failures
from geodns.policy.whereabouts import place_for
from geodns.table.lands import Land, draw_land
from geodns.table.layout import LOCATE_EITHER
from tests import strategies
from tests.values import HERE, ORIGIN, alias, atlas, check, member, of_pools, place, policy, pool, rrset, rule, zone
from tests.world import Client, table_of

OFFICE = "203.0.113.0/24"
ATLAS = atlas({"9.9.9.0/24": place("EU/DE"), "8.8.8.0/24": place("NA/US"), "2600::/12": place("NA/US")})

FOUR = pool("four", member("d", "192.0.2.40"))
SPLIT = of_pools("split", (FOUR, 3), (pool("five", member("e", "192.0.2.50")), 1))
ZONE = zone(
    rrset("@", "NS", "ns1"),
    rrset("ns1", "A", "192.0.2.53"),
    steered={"www": "global", "*.apps": "global", "v4": "only4"},
    pools=[
        pool("eu", member("fra1", "192.0.2.10", "2001:db8:1::10"), member("fra2", "192.0.2.11"), check=check()),
        pool("us", member("iad1", "198.51.100.10"), member("iad2", "198.51.100.11", state=State.DRAIN)),
        pool("pair", member("a", "192.0.2.20"), member("b", "192.0.2.21"), min_healthy=Quorum(2)),
        pool("sorry", member("static", "192.0.2.99")),
        *SPLIT.leaves(),
        SPLIT,
    ],
    policies=[
        policy(
            rule("us", network=[OFFICE, "2001:db8:f::/48"]),
            rule("eu", country=["DE"], fence=True),
            rule("pair", "eu", country=["SE"]),
            rule("split", "us", country=["SK"]),
            rule(country=["KP"]),
            rule("eu", "us", continent=["EU"]),
            rule("us", "eu"),
            fallback="sorry",
        ),
        policy(rule("us"), name="only4"),
    ],
)


def told(
    name: str,
    expect: str | Sequence[str],
    *,
    where: str = "EU/FR",
    client: str | None = None,
    down: Sequence[str] = (),
    rtype: str = "A",
    zone: Zone = ZONE,
) -> list[str]:
    """What is said of one row; nothing where it comes out as expected."""
    test = Expectation(
        owner=parse_name(name, ORIGIN),
        rtype=dns.rdatatype.from_text(rtype),
        source_address=ip_address(client) if client else None,
        place=None if client else place(where),
        down=frozenset(down),
        expect=(expect,) if isinstance(expect, str) else tuple(expect),
        source=HERE,
    )
    return [str(failure) for failure in failures(replace(zone, tests=(test,)), ATLAS.place_of)]


@pytest.mark.parametrize(
    ("where", "down", "expect"),
    [
        pytest.param("EU/FR", [], "eu", id="the first pool of the rule"),
        pytest.param("EU/FR", [], "eu/fra2", id="any member of it"),
        pytest.param("EU/FR", ["eu"], "us", id="the next where it is down"),
        pytest.param("EU/FR", ["eu/fra1"], "eu/fra2", id="the members that are left"),
        pytest.param("EU/FR", ["eu/fra1", "eu/fra2"], "us", id="a pool without a member left is down"),
        pytest.param("EU/FR", ["eu", "us"], "sorry", id="the fallback"),
        pytest.param("EU/FR", ["eu", "us", "sorry"], "eu", id="fail open"),
        pytest.param("EU/DE", ["eu"], "eu", id="a fence is never left"),
        pytest.param("EU/SE", ["pair/b"], "eu", id="a pool below its quorum fails as a whole"),
        pytest.param("EU/SK", [], "split", id="a pool of pools"),
        pytest.param("EU/SK", [], "five", id="any pool of it"),
        pytest.param("EU/SK", ["four"], "five/e", id="those of its pools that are left"),
        pytest.param("EU/SK", ["split"], "us", id="all of its pools down"),
        pytest.param("AS/KP", [], "NODATA", id="a rule without pools"),
        pytest.param("NA/US", ["us/iad1"], "eu", id="a drained member does not step in"),
        pytest.param("AN", [], "us", id="the catch-all"),
    ],
)
def test_a_row_that_comes_out_as_expected_says_nothing(where: str, down: list[str], expect: str) -> None:
    assert told("www", expect, where=where, down=down) == []


@pytest.mark.parametrize(
    ("client", "expect"),
    [
        pytest.param("203.0.113.7", "us", id="an own network, though the block is unroutable"),
        pytest.param("2001:db8:f::1", "us", id="an own network of IPv6"),
        pytest.param("2002:cb00:7107::1", "us", id="an own network's IPv4 address inside IPv6"),
        pytest.param("64:ff9b::9.9.9.9", "eu", id="a place's IPv4 address inside IPv6"),
        pytest.param("9.9.9.9", "eu", id="where the database has it"),
        pytest.param("2600::1", "us", id="where the database has it in IPv6"),
        pytest.param("10.0.0.1", "us", id="nowhere"),
    ],
)
def test_a_client_is_where_networks_and_databases_have_it(client: str, expect: str) -> None:
    assert told("www", expect, client=client) == []
    assert told("www", "pair", client=client) != []


def test_any_of_several_expectations_is_right() -> None:
    assert told("www", ["us", "eu/fra1"]) == []
    assert len(told("www", ["us", "NODATA"])) == 1


def test_a_member_that_would_not_answer_is_not_what_was_expected() -> None:
    assert told("www", "us/iad2", where="NA/US") == [
        "test failed: www A from NA/US gives us (iad1; healthy), expected us/iad2; "
        "mend the zone, or the test; "
        "geodns explain www.example.com. --place NA/US --zones zones/example.com.yaml says why"
    ]


def test_a_failure_says_what_would_have_come_and_why() -> None:
    assert told("www", ["eu", "NODATA"], down=["eu", "us/iad1"]) == [
        "test failed: www A from EU/FR with eu, us/iad1 down gives sorry "
        "(static; every pool of the route has failed: fallback), expected eu or NODATA; mend the zone, or the test; "
        "geodns explain www.example.com. --place EU/FR --down eu us/iad1 --zones zones/example.com.yaml says why"
    ]
    assert told("www", "us", client="9.9.9.9", down=["eu"]) == [
        "test failed: www A from 9.9.9.9 with eu down gives eu "
        "(fra1, fra2; everything has failed: the pool in full (fail open)), expected us; mend the zone, or the test; "
        "geodns explain www.example.com. --from 9.9.9.9 --down eu --zones zones/example.com.yaml says why"
    ]


def test_no_data_is_said_with_its_ground() -> None:
    (said,) = told("www", "eu", where="AS/KP")
    assert said.startswith("test failed: www A from AS/KP gives NODATA (the rule names no pool), expected eu; ")
    (said,) = told("v4", "us", rtype="AAAA")
    assert said.startswith(
        "test failed: v4 AAAA from EU/FR gives NODATA (us has no address of this family), expected us; "
    )
    assert "geodns explain v4.example.com. AAAA --place EU/FR" in said
    assert told("v4", "NODATA", rtype="AAAA") == []


def test_aaaa_is_decided_by_the_members_that_have_it() -> None:
    assert told("www", "eu/fra1", rtype="AAAA") == []
    assert len(told("www", "eu/fra2", rtype="AAAA")) == 1
    assert told("www", "us", rtype="AAAA", down=["eu/fra1"]) != []


def test_a_name_under_a_wildcard_is_tested_like_any_other() -> None:
    assert told("one.apps", "eu") == []
    assert told("two.one.apps", "us", where="NA/US") == []


@pytest.mark.parametrize(
    ("name", "comes"),
    [("ns1", "NOERROR (192.0.2.53)"), ("apps", "NODATA"), ("x.www", "NXDOMAIN"), ("missing", "NXDOMAIN")],
)
def test_a_name_that_no_policy_answers_for_fails_where_a_pool_was_expected(name: str, comes: str) -> None:
    (said,) = told(name, ["eu", "us"])
    assert "gives no policy's answer" in said
    assert f": {comes}, expected eu or us; expect its records or a code, or give the name a policy or pool" in said


def test_rows_are_judged_one_by_one() -> None:
    rows = [("eu", 1), ("us", 2), ("eu", 3), ("pair", 4)]
    tests = tuple(
        Expectation(
            owner=parse_name("www", ORIGIN), place=place("EU/FR"), expect=(pool,), source=replace(HERE, line=line)
        )
        for pool, line in rows
    )
    found = failures(replace(ZONE, tests=tests), ATLAS.place_of)
    assert [failure.test.source.line for failure in found] == [2, 4]


@given(strategies.atlases, strategies.networks, st.lists(strategies.addresses, min_size=1, max_size=10))
def test_a_client_is_where_the_table_has_it(atlas: Atlas, own: list[Network], clients: list[Address]) -> None:
    some = list(map(str, own))
    decided = policy(
        rule("us", country=["DE"], network=some[::2]),
        rule("eu", network=some[1:]),
        rule("pair", country=["FR"]),
        rule("sorry", country=["JP"]),
        rule("us", "eu"),
    )
    land = draw_land(decided, ZONE.pools, atlas)
    for client in clients:
        where = place_for(decided, client, atlas.place_of)
        assert land.routes[routed(land, client)] == route_of(decided, ZONE.pools, where)


def routed(land: Land, client: Address) -> int:
    query = Query()
    query.take(memoryview(b""), 0, memoryview(client.packed), TCP, memoryview(bytearray()))
    locate(memoryview(land.block).cast("I"), 0, LOCATE_EITHER, query)
    return query.route


def shares(*expected: tuple[str, float, float], down: Sequence[str] = ()) -> list[str]:
    """Of the pool of pools, which is asked from Slovakia."""
    test = Expectation(
        owner=parse_name("www", ORIGIN),
        place=place("EU/SK"),
        down=frozenset(down),
        shares=tuple(ExpectedShare(PoolName(pool), low, high) for pool, low, high in expected),
        source=HERE,
    )
    return [str(failure) for failure in failures(replace(ZONE, tests=(test,)), ATLAS.place_of)]


def test_shares_that_come_out_as_expected_say_nothing() -> None:
    assert shares(("four", 75, 75), ("five", 20, 30)) == []
    assert shares(("us", 0, 0)) == []
    assert shares(("five", 100, 100), down=["four"]) == []


def test_shares_that_do_not_are_told_with_those_that_do() -> None:
    (said,) = shares(("four", 80, 90), ("five", 25, 25))
    assert said.startswith(
        "test failed: www A from EU/SK gives four 75%, five 25% (healthy), expected four 80-90%, five 25%; mend"
    )
    (said,) = shares(("five", 25, 25), down=["split"])
    assert said.startswith(
        "test failed: www A from EU/SK with split down gives us 100% (healthy), expected five 25%; mend"
    )


# ── codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

CHILD = parse_name("sub.deep.example.com.")
SAYING = zone(
    rrset("@", "NS", "ns1"),
    rrset("ns1", "A", "192.0.2.53"),
    rrset("cut", "NS", "ns.cut"),
    rrset("ns.cut", "A", "192.0.2.54"),
    rrset("alias", "CNAME", "www"),
    rrset("broken", "CNAME", "nowhere"),
    rrset("twice", "CNAME", "broken"),
    rrset("away", "CNAME", "www.example.net."),
    rrset("into", "CNAME", "x.cut"),
    rrset("child", "CNAME", "sub.deep"),
    rrset("round", "CNAME", "trip"),
    rrset("trip", "CNAME", "round"),
    rrset("moved", "DNAME", "wild"),
    rrset("moved", "TXT", '"of the owner"'),
    rrset("moved-far", "DNAME", "example.net."),
    rrset("moved-apps", "DNAME", "apps"),
    rrset("moved-here", "DNAME", "moved-there"),
    rrset("moved-there", "DNAME", "moved-here"),
    rrset("to-moved", "CNAME", "here.moved"),
    rrset("lengthened", "DNAME", f"{'x' * 63}.{'x' * 63}.{'x' * 63}.wild"),
    rrset("*.wild", "TXT", '"any"'),
    rrset("here.wild", "A", "192.0.2.55"),
    rrset("cut", "DS", f"60485 8 2 {'d4' * 32}"),
    rrset("www", "HTTPS", "1 . alpn=h2", "2 svc.example.net. port=8443"),
    rrset("www", "TXT", '"of www"'),
    replace(rrset("*.apps", "HTTPS", "1 . alpn=h2"), hints=False),
    rrset("@", "MX", "10 mail", "20 mail2"),
    rrset("odd", "TYPE65280", "\\# 4 0a000001"),
    steered={"www": "global", "*.apps": "global", "cdn": "cdn"},
    pools=[*ZONE.pools.values(), pool("cdn", alias("d123", "d123.cdn.example.net."))],
    policies=[*ZONE.policies.values(), policy(rule("cdn"), name="cdn")],
)
EVERY_NAME = [
    *("@", "ns1", "cut", "x.cut", "ns.cut", "alias", "broken", "twice", "away", "into", "child", "round", "trip"),
    *("wild", "x.wild", "y.x.wild", "here.wild", "x.here.wild", "www", "x.www", "apps", "x.apps", "*.apps"),
    *("deep", "sub.deep", "x.sub.deep", "nowhere", "example.net.", "com.", "."),
    *("moved", "x.moved", "here.moved", "x.here.moved", "x.moved-far", "x.moved-apps", "x.moved-here", "to-moved"),
    *("a.lengthened", f"{'y' * 50}.lengthened", "cdn", "odd"),
]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nowhere", "NXDOMAIN"),
        ("x.www", "NXDOMAIN"),
        ("ns1", "NOERROR"),
        ("apps", "NODATA"),
        ("x.wild", "NODATA"),
        ("x.here.wild", "NXDOMAIN"),
        ("cut", "NOERROR"),
        ("broken", "NXDOMAIN"),
        ("twice", "NXDOMAIN"),
        ("away", "NOERROR"),
        ("round", "NOERROR"),
        ("deep", "NODATA"),
        ("www.example.net.", "REFUSED"),
        ("moved", "NODATA"),
        ("here.moved", "NOERROR"),
        ("x.here.moved", "NXDOMAIN"),
        ("to-moved", "NOERROR"),
        ("x.moved-far", "NOERROR"),
        ("x.moved-here", "NOERROR"),
        (f"{'y' * 50}.lengthened", "YXDOMAIN"),
    ],
)
def test_a_code_can_be_expected_of_a_name_without_a_policy(name: str, code: str) -> None:
    assert coded(name, code) == []
    wrong = "REFUSED" if code != "REFUSED" else "NOERROR"
    (said,) = coded(name, wrong)
    assert said.endswith(f", expected {wrong}; mend the records, or the test")


def coded(name: str, *expect: str, zone: Zone = SAYING, where: str | None = None) -> list[str]:
    test = Expectation(
        owner=parse_name(name, ORIGIN), place=place(where) if where else None, expect=expect, source=HERE
    )
    return [str(each) for each in failures(replace(zone, tests=(test,)), ATLAS.place_of, [zone.name, CHILD])]


def test_what_comes_instead_is_told() -> None:
    way_out = "mend the records, or the test"
    assert coded("nowhere", "NODATA", "NOERROR") == [
        f"test failed: nowhere A gives NXDOMAIN, expected NODATA or NOERROR; {way_out}"
    ]
    assert coded("cut", "NODATA") == [f"test failed: cut A gives NOERROR (a referral), expected NODATA; {way_out}"]
    assert coded("ns1", "NXDOMAIN") == [f"test failed: ns1 A gives NOERROR (192.0.2.53), expected NXDOMAIN; {way_out}"]


def test_a_policy_answers_with_noerror_and_never_with_nxdomain() -> None:
    assert coded("www", "NOERROR", where="EU/FR") == []
    assert coded("www", "NOERROR", where="AS/KP") == []
    (said,) = coded("www", "NXDOMAIN", where="EU/FR")
    assert said.startswith("test failed: www A from EU/FR gives eu (fra1, fra2; healthy), expected NXDOMAIN; mend")


def test_an_alias_of_a_policys_name_is_judged_by_the_policy_and_needs_a_client() -> None:
    assert coded("alias", "NODATA", where="AS/KP") == []
    (said,) = coded("alias", "NODATA")
    assert said.endswith("policy 'global' says, which depends on the client, expected NODATA; add 'from' or 'place'")


def test_what_another_zone_of_ours_answers_is_tested_there() -> None:
    (said,) = coded("x.sub.deep", "NXDOMAIN", "REFUSED", "NOERROR")
    assert "gives the answer of sub.deep.example.com., which is another zone served here, expected" in said
    assert said.endswith("; test it there")


def end_of_chain(reply: dns.message.Message, kind: dns.rdatatype.RdataType) -> dns.name.Name:
    """Of a synthesized CNAME that was asked for, its own owner."""
    name = reply.question[0].name
    aliases = {each.name: each[0].target for each in reply.answer if each.rdtype == dns.rdatatype.CNAME}
    while kind != dns.rdatatype.CNAME and name in aliases:
        name = aliases.pop(name)
    return name


EVERY_TYPE = ["A", "AAAA", "TXT", "NS", "MX", "CNAME", "DNAME", "DS", "SOA", "HTTPS", "SVCB", "TYPE65280"]


@pytest.mark.parametrize("rtype", EVERY_TYPE)
@pytest.mark.parametrize("name", EVERY_NAME)
def test_what_is_decided_is_what_the_table_answers(name: str, rtype: str) -> None:
    served = (SAYING, replace(zone(rrset("sub.deep", "NS", "ns1")), name=CHILD))
    owner, kind = parse_name(name, ORIGIN), dns.rdatatype.from_text(rtype)
    resolver = resolver_for(SAYING, [each.name for each in served])
    if resolver.other_zone(owner, kind) is not None:
        return
    found = resolver.resolve(owner, kind)
    reply = Client(table_of(served, ATLAS)).ask(show(owner), rtype, client="9.9.9.9")
    final = [each for each in reply.answer if each.rdtype == kind and each.name == end_of_chain(reply, kind)]
    if isinstance(found, Drawn):
        assert reply.rcode() == dns.rcode.NOERROR
        assert reply.answer
        assert ("hint=" in str(reply.answer)) == (found.service is not None)
        return
    if isinstance(found, RRset):
        final = final or [each for each in reply.authority if each.rdtype == kind]  # of a referral
        assert [str(each) for each in final[0]] == [show_rdata(kind, rdata) for rdata in found.rdatas]
        return
    assert dns.rcode.to_text(reply.rcode()) == found.value.split()[0].replace("NODATA", "NOERROR")
    assert bool(final) == (found is Saying.SOA)
    denied = any(each.rdtype == dns.rdatatype.SOA for each in reply.authority)
    assert denied == (found in (Saying.MISSING, Saying.NOTHING))


def test_aliases_are_followed_as_far_as_in_answers() -> None:
    assert MAX_CHAIN == terms.MAX_CHAIN
    links = [rrset(f"a{number}", "CNAME", f"a{number + 1}") for number in range(MAX_CHAIN + 1)]
    chain = replace(SAYING, rrsets=(*SAYING.rrsets, *links, rrset(f"a{MAX_CHAIN + 1}", "TXT", '"end"')))
    resolver = resolver_for(chain)
    assert resolver.resolve(parse_name("a1", ORIGIN), dns.rdatatype.A) is Saying.NOTHING
    assert resolver.resolve(parse_name("a0", ORIGIN), dns.rdatatype.A) is Saying.ALIAS
    table = table_of([chain])
    assert Client(table).ask("a1.example.com.").authority
    assert not Client(table).ask("a0.example.com.").authority


def test_a_cname_is_expected_like_any_member_and_is_down_where_a_row_says_so() -> None:
    cdn = pool("cdn", alias("d123", "d123.cdn.example.net."), alias("d456", "d456.cdn.example.net."))
    own = pool("own", member("a", "192.0.2.1"), check=check())
    led = zone(steered={"www": "global"}, pools=[own, cdn], policies=[policy(rule("own", "cdn"))])
    for rtype in ("A", "AAAA"):
        assert told("www", ["own", "NODATA"], zone=led, rtype=rtype) == []
    assert told("www", "cdn", down=["own"], zone=led) == []
    assert told("www", "cdn/d456", down=["own", "cdn/d123"], zone=led) == []
    assert told("www", "own", down=["own", "cdn"], zone=led) == []
    (said,) = told("www", "own", down=["own"], zone=led)
    assert "gives cdn (d123, d456; healthy), expected own; mend" in said
