"""Hints as operators meet them: explained, told apart in a diff, and compiled anew only as A and AAAA are."""

from dataclasses import replace
from ipaddress import ip_address

from geodns.cli.explanation import text_of
from geodns.control.burdens import survey
from geodns.control.diff import difference
from geodns.control.edition import Edition, refresh
from geodns.control.explain import Explanation, explain
from geodns.control.reach import reach
from geodns.control.supposing import Supposition
from geodns.model.pool import PoolName
from geodns.model.verdict import CLEAR, Outlook
from geodns.policy.trial import failures
from tests.control import samples
from tests.values import ORIGIN, atlas, check, member, outlook, place, policy, pool, rrset, rule, zone
from tests.world import Client

WEB = check()
ATLAS = atlas({"9.9.9.0/24": place("EU/DE"), "8.8.0.0/16": place("NA/US")})
EU = pool("eu", member("fra1", "192.0.2.1", "2001:db8::1", weight=3), member("fra2", "192.0.2.2"), check=WEB)
US = pool("us", member("iad1", "198.51.100.1", "2001:db8::11"), check=WEB)
ALPN = "1 . alpn=h2,h3"
ZONE = zone(
    rrset("@", "NS", "ns1"),
    rrset("www", "HTTPS", ALPN, ttl=300),
    rrset("api", "HTTPS", ALPN, ttl=300),
    rrset("other", "HTTPS", "1 . alpn=h2", ttl=300),
    rrset("static", "HTTPS", ALPN),
    replace(rrset("off", "HTTPS", ALPN), hints=False),
    steered={"www": "global", "api": "global", "other": "global", "off": "global", "us": "us"},
    pools=[EU, US],
    policies=[
        policy(rule("eu", "us", country=["DE"], line=21), rule(country=["US"], line=22), rule("us"), select="weighted"),
        policy(rule("us"), name="us"),
    ],
)
EDITION = samples.edition(ZONE, atlas=ATLAS)
HTTPS = 65
EU_V4 = outlook((WEB, "192.0.2.1"), (WEB, "192.0.2.2"))


def explained(rtype: str = "HTTPS", client: str = "9.9.9.9", name: str = "www", said: Outlook = CLEAR) -> Explanation:
    edition = EDITION if said is CLEAR else samples.edition(ZONE, atlas=ATLAS, outlook=said)
    return explain(edition, f"{name}.example.com", rtype, ip_address(client), 7)


def test_explain_says_for_https_what_it_says_for_a_and_shows_the_record() -> None:
    https, a = explained(), explained("A")
    assert https.steering is not None
    assert a.steering is not None
    assert https.answer == (
        'www.example.com. 15 IN HTTPS 1 . alpn="h2,h3" ipv4hint="192.0.2.1" ipv6hint="2001:db8::1"',
    )
    same = ("policy", "rule", "route", "pool", "ground", "place", "effective", "ttl", "ttl_reason", "not_reached")
    assert all(getattr(https.steering, each) == getattr(a.steering, each) for each in same)
    shares = [(each.member, each.share) for each in https.steering.members]
    assert shares == [(each.member, each.share) for each in a.steering.members]
    assert (https.scope, https.scope_reason) == (a.scope, a.scope_reason)
    assert [each.addresses for each in https.steering.members][:1] == [("192.0.2.1", "2001:db8::1")]
    assert https.steering.remarks == ("hints are the addresses that A and AAAA are answered with",)
    assert "  hints are the addresses that A and AAAA are answered with" in text_of(https.to_json()).splitlines()


def test_where_there_is_no_address_it_says_why_there_are_no_hints() -> None:
    found = explained(client="8.8.8.8")
    assert found.steering is not None
    assert found.answer == ('www.example.com. 30 IN HTTPS 1 . alpn="h2,h3"',)
    assert (found.steering.pool, found.steering.ground) == (None, "the rule names no pool")
    assert found.steering.remarks == ("there is no address, so the records have no hints",)


def test_where_a_and_aaaa_differ_it_says_whose_hints_they_are() -> None:
    found = explained(said=EU_V4)
    assert found.steering is not None
    assert (found.steering.pool, found.answer[0].split()[-1]) == ("us", 'ipv4hint="198.51.100.1"')
    assert found.steering.passed_over == (("eu", "none of 2 members is up"),)
    assert found.steering.remarks == ("hints are those of A alone, for the other type is answered with other members",)
    assert [(each.member, each.state) for each in found.steering.members[:2]] == [
        ("fra1", "partly up"),
        ("fra2", "down"),
    ]


def test_what_if_a_pool_were_down() -> None:
    found = explain(EDITION, "www.example.com", "HTTPS", ip_address("9.9.9.9"), 7, Supposition(down=frozenset({"eu"})))
    assert found.answer[0].split()[-2:] == ['ipv4hint="198.51.100.1"', 'ipv6hint="2001:db8::11"']


def test_records_without_hints_are_the_same_for_everybody() -> None:
    for name in ("static", "off"):
        found = explained(name=name)
        assert (found.steering, found.scope, len(found.answer)) == (None, 0, 1)


def test_names_with_the_same_policy_and_records_share_a_plan() -> None:
    services = [plan.key.service for plan in EDITION.plans if plan.key.service is not None]
    assert [(each.rtype, each.ttl, len(each.rdatas)) for each in services] == [(HTTPS, 300, 1)] * 2


def test_a_flip_compiles_them_anew_with_a_and_aaaa_and_leaves_others() -> None:
    after = refresh(EDITION, EU_V4, [(ORIGIN, PoolName("eu"))])
    anew = [new.key for old, new in zip(EDITION.plans, after.plans, strict=True) if old is not new]
    assert anew == [plan.key for plan in EDITION.plans if plan.key.policy == "global"]
    assert after.parts == samples.edition(ZONE, atlas=ATLAS, outlook=EU_V4).parts
    assert (after.parts["names"], after.parts["territories"]) == (EDITION.parts["names"], EDITION.parts["territories"])


def answer(edition: Edition) -> str:
    reply = Client(edition.table).ask("www.example.com.", "HTTPS", subnet="9.9.9.9/32")
    return str(reply.answer[0][0]).split()[-1].replace('"', "")


def test_and_clients_are_told_of_others_at_once() -> None:
    assert answer(EDITION) == "ipv6hint=2001:db8::1"
    assert answer(refresh(EDITION, EU_V4, [(ORIGIN, PoolName("eu"))])) == "ipv4hint=198.51.100.1"


def test_load_looks_at_the_plans_of_addresses_alone() -> None:
    """Clients that take hints are those that ask for addresses."""
    sites = survey([ZONE], EDITION.drafts, also=[(ORIGIN, PoolName("eu"))])
    (site,) = sites.values()
    assert [draft.key.asked for draft in site.drafts] == ["A", "AAAA"]


def test_diff_tells_that_hints_were_turned_off_and_moves_nobody() -> None:
    changed = replace(ZONE, rrsets=tuple(replace(each, hints=each.owner not in ZONE.steered) for each in ZONE.rrsets))
    found = difference(EDITION, samples.edition(changed, atlas=ATLAS))
    assert [(each.name, each.change) for each in found.names] == [
        ("api.example.com.", "HTTPS changed"),
        ("other.example.com.", "HTTPS changed"),
        ("www.example.com.", "HTTPS changed"),
    ]
    assert found.moves == ()


def test_a_map_and_the_zone_s_own_tests_go_by_addresses_as_ever() -> None:
    found = reach(samples.inputs([ZONE], ATLAS), "www.example.com", "A")
    assert [each.pool for each in found.pools] == ["eu", "us", None]
    assert list(failures(ZONE, ATLAS.place_of)) == []
