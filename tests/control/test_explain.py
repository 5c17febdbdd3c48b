"""Why this answer: every field, over the table that would give it."""

import re
from ipaddress import ip_address

import pytest

from geodns.control.explain import Explanation, explain
from geodns.control.members import MemberView
from geodns.control.signatures import DatabaseView, checksum_of
from geodns.control.steering import Steering
from geodns.control.supposing import Supposition
from geodns.model.pool import PoolName, State
from tests.control import samples
from tests.control.explaining import ATLAS, EDITION, EU_DOWN, WEB, ZONE, explained, shares, steering, supposed
from tests.values import atlas, member, of_pools, outlook, place, policy, pool, rule, zone


def test_every_field_of_an_answer_that_a_policy_gave() -> None:
    found = explained("WWW", client="8.8.4.4")
    assert found == Explanation(
        name="WWW.example.com.",
        type="A",
        client="8.8.4.4",
        resolver=None,
        generation=7,
        checksum=checksum_of(EDITION.parts),
        databases=(DatabaseView(name="test", built="1970-01-01", tells="places", checksum="abc"),),
        zone="example.com.",
        found="the name itself",
        rcode="NOERROR",
        answer=("WWW.example.com. 30 IN A 192.0.2.21",),
        authority=(),
        scope=16,
        scope_reason="16: 8.8.0.0/16 is the largest block around the client that has this route throughout",
        steering=Steering(
            policy="global",
            rule="zones/example.com.yaml:24:7",
            rule_number=4,
            effective="8.8.4.4",
            effective_reason="the client subnet",
            place="NA/US",
            locate="ecs, resolver",
            database="test",
            route="v4 → us",
            pool="v4",
            shares=(),
            ground="healthy",
            passed_over=(),
            not_reached=(("us", "v4 answers before it"),),
            parts=(),
            members=(
                MemberView(
                    pool="v4", member="old", addresses=("192.0.2.21",), weight=1, share=1.0, state="up (not checked)"
                ),
                MemberView(
                    pool="us",
                    member="iad1",
                    addresses=("198.51.100.10",),
                    weight=1,
                    share=0.0,
                    state="up (not checked)",
                    why="its pool is not reached: v4 answers before it",
                ),
                MemberView(
                    pool="us",
                    member="iad2",
                    addresses=("198.51.100.11",),
                    weight=1,
                    share=0.0,
                    state="drain at zones/example.com.yaml:1:1",
                    why="drain at zones/example.com.yaml:1:1",
                ),
            ),
            kept=None,
            ttl=30,
            ttl_reason="the policy's",
            remarks=(),
        ),
    )
    assert found.to_json()["steering"] is not None


@pytest.mark.parametrize(
    ("client", "rule", "number", "where", "route"),
    [
        ("9.9.9.9", 22, 2, "EU/DE", "eu → us"),
        ("203.0.113.7", 21, 1, "unknown (own networks: 203.0.113.0/24)", "us"),
        ("1.1.1.1", 25, 5, "unknown", "us → eu"),
        ("2003::1", 22, 2, "EU/DE", "eu → us"),
        ("2002:909:909::1", 22, 2, "EU/DE", "eu → us"),
        ("2002:cb00:7107::1", 21, 1, "unknown (own networks: 203.0.113.0/24)", "us"),
    ],
)
def test_the_rule_and_the_route_are_those_of_the_client(
    client: str, rule: int, number: int, where: str, route: str
) -> None:
    found = steering("www", client=client)
    assert (found.rule, found.rule_number) == (f"zones/example.com.yaml:{rule}:7", number)
    assert (found.place, found.route) == (where, route)


@pytest.mark.parametrize(
    ("client", "scope", "why"),
    [
        ("9.9.9.9", 24, "24: 9.9.9.0/24 is the largest block around the client that has this route throughout"),
        ("10.2.0.1", 15, "15: 10.2.0.0/15 is the largest block around the client that has this route throughout"),
        ("10.1.0.1", 16, "16: 10.1.0.0/16 is the largest block around the client that has this route throughout"),
        ("2003::1", 24, "24: 2003::/24 is the largest block around the client that has this route throughout"),
        ("fd00::1", 7, "7: fc00::/7 is the largest block around the client that has this route throughout"),
        ("2002:909:909::1", 40, "40: 2002:909:900::/40 is the largest block around the client"),
    ],
)
def test_the_scope_is_the_block_that_has_the_route(client: str, scope: int, why: str) -> None:
    found = explained("www", client=client)
    assert found.scope == scope
    assert found.scope_reason.startswith(why)


@pytest.mark.parametrize(
    ("name", "why"),
    [("one", "0: every client has this route"), ("ns1", "0: the answer is the same for everybody")],
)
def test_a_scope_of_0_has_its_reason_too(name: str, why: str) -> None:
    found = explained(name)
    assert (found.scope, found.scope_reason) == (0, why)


def test_a_private_client_is_nowhere_unless_an_own_network_names_it() -> None:
    assert steering("www", client="10.9.0.1").rule_number == 5
    assert steering("www", client="10.1.0.1").rule_number == 1


def test_shares_are_those_of_the_weights_and_the_last_resort_has_none() -> None:
    assert shares(steering("www")) == {"fra1": 0.75, "fra2": 0.25, "fra3": 0.0}


def test_a_member_without_the_family_has_no_share_and_its_part_goes_to_the_others() -> None:
    found = steering("www", "AAAA")
    assert shares(found) == {"fra1": 1.0, "fra2": 0.0, "fra3": 0.0}
    assert [each.addresses for each in found.members][:3] == [("2001:db8:1::10",), (), ()]
    assert [each.state for each in found.members][1] == "has no address of this family"


def test_a_failed_member_s_share_is_the_others_and_its_state_says_why() -> None:
    found = steering("www", said=outlook((WEB, "192.0.2.10")))
    assert shares(found) == {"fra1": 0.0, "fra2": 1.0, "fra3": 0.0}
    assert [each.state for each in found.members][:3] == ["down", "up", "up"]


def test_pools_passed_over_are_named_and_their_members_shown() -> None:
    found = steering("www", said=EU_DOWN)
    assert (found.pool, found.ground) == ("us", "healthy")
    assert found.passed_over == (("eu", "none of 3 members is up"),)
    assert [(each.pool, each.member) for each in found.members] == [
        ("eu", "fra1"),
        ("eu", "fra2"),
        ("eu", "fra3"),
        ("us", "iad1"),
        ("us", "iad2"),
    ]
    assert shares(found) == {"fra1": 0.0, "fra2": 0.0, "fra3": 0.0, "iad1": 1.0, "iad2": 0.0}
    assert found.members[-1].state == "drain at zones/example.com.yaml:1:1"


def test_an_override_is_shown_with_who_said_it_and_why() -> None:
    found = steering("www", said=outlook(overrides={("eu", "fra1"): State.DOWN}))
    assert found.members[0].state == "down by test: test"
    assert shares(found)["fra1"] == 0.0


def test_fail_open_says_so_and_has_a_short_ttl() -> None:
    found = steering("open", said=EU_DOWN)
    assert (found.route, found.pool) == ("eu (fenced)", "eu")
    assert found.ground == "everything has failed: the pool in full (fail open)"
    assert (found.ttl, found.ttl_reason) == (10, "short, because everything has failed")
    assert shares(found) == {"fra1": 0.5, "fra2": 0.5, "fra3": 0.0}


def test_a_ttl_that_a_verdict_shortens_says_so() -> None:
    found = steering("open")  # its targets are not judged yet
    assert (found.ttl, found.ttl_reason) == (15, "half the policy's: a verdict could flip within 10 s")


def test_a_rule_without_pools_is_no_data_and_says_why() -> None:
    korea = samples.edition(ZONE, atlas=atlas({"175.45.176.0/22": place("AS/KP")}))
    found = explained("www", client="175.45.176.1", edition=korea)
    assert found.steering is not None
    assert (found.steering.pool, found.steering.ground, found.steering.route) == (
        None,
        "the rule names no pool",
        "no address",
    )
    assert (found.rcode, found.answer, len(found.authority)) == ("NOERROR", (), 1)


def test_operators_who_took_out_everybody_are_the_ground_of_no_data() -> None:
    found = steering("one", said=outlook(overrides={("us", "iad1"): State.DRAIN}))
    assert (found.pool, found.ground) == (None, "operators have taken out every member")
    assert shares(found) == {"iad1": 0.0, "iad2": 0.0}


def test_a_pool_without_the_family_is_no_data_and_says_why() -> None:
    found = steering("www", "AAAA", client="8.8.8.8")
    assert found.pool == "v4"
    assert found.ground == "v4 has no address for AAAA: no data, rather than another pool's address"


def test_a_chain_of_aliases_is_followed_to_the_policy() -> None:
    found = explained("shop", client="8.8.8.8")
    assert found.found == "the name itself"
    assert found.answer == (
        "shop.example.com. 300 IN CNAME chain.example.com.",
        "chain.example.com. 300 IN CNAME www.example.com.",
        "www.example.com. 30 IN A 192.0.2.21",
    )
    assert found.steering is not None
    assert (found.steering.policy, found.steering.pool, found.scope) == ("global", "v4", 16)


def test_an_alias_that_leads_out_of_the_zone_ends_there() -> None:
    found = explained("out")
    assert found.answer == ("out.example.com. 300 IN CNAME www.example.net.",)
    assert found.steering is None


def test_what_a_dname_leads_to_is_explained_by_its_policy() -> None:
    found = explained("any.apps.renamed")
    assert found.answer[0] == "renamed.example.com. 300 IN DNAME example.com."
    assert found.found == "a wildcard"
    assert found.steering is not None
    assert found.steering.policy == "global"


def test_a_wildcard_is_said_to_be_one() -> None:
    found = explained("any.apps")
    assert found.found == "a wildcard"
    assert found.steering is not None
    assert found.steering.policy == "global"


@pytest.mark.parametrize(
    ("name", "rtype", "found", "rcode", "zone"),
    [
        ("ns1", "A", "the name itself", "NOERROR", "example.com."),
        ("www", "TXT", "the name itself", "NOERROR", "example.com."),
        ("apps", "A", "the name itself", "NOERROR", "example.com."),
        ("missing", "A", "there is no such name", "NXDOMAIN", "example.com."),
        ("x.child", "A", "delegated", "NOERROR", "example.com."),
        ("x.moved", "A", "below a DNAME", "NOERROR", "example.com."),
        ("missing.renamed", "A", "there is no such name", "NXDOMAIN", "example.com."),
        ("www.not", "A", "there is no such name", "NXDOMAIN", "example.com."),
    ],
)
def test_what_no_policy_decides_is_explained_without_one(
    name: str, rtype: str, found: str, rcode: str, zone: str
) -> None:
    said = explained(name, rtype)
    assert (said.found, said.rcode, said.zone, said.steering) == (found, rcode, zone, None)


def test_a_name_outside_is_refused_and_in_no_zone() -> None:
    found = explain(EDITION, "www.example.org", "A", ip_address("9.9.9.9"), 7)
    assert (found.zone, found.found, found.rcode, found.scope) == (
        None,
        "in none of the zones served here",
        "REFUSED",
        0,
    )


@pytest.mark.parametrize(
    ("name", "rtype", "said"),
    [
        ("www..example.com", "A", "www..example.com A: A DNS label is empty."),
        ("a" * 64, "A", "A DNS label is > 63 octets long."),
        ("www.example.com", "QUUX", "www.example.com QUUX: DNS resource record type is unknown."),
        ("www.example.com", "TYPE65536", "TYPE65536"),
        ("www.example.com", "AXFR", "AXFR is not answered from the table (transfers are refused)"),
    ],
)
def test_a_question_that_is_none_is_refused_with_a_sentence(name: str, rtype: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        explain(EDITION, name, rtype, ip_address("9.9.9.9"), 7)


def test_an_explained_answer_is_counted_nowhere() -> None:
    first = [explained("one").answer for _ in range(3)]
    assert len(set(first)) == 1


def test_a_pool_of_pools_is_told_with_the_members_of_each() -> None:
    canary = of_pools("canary", *((ZONE.pools[PoolName(name)], weight) for name, weight in (("us", 3), ("v4", 1))))
    served = zone(
        steered={"www": "split"},
        pools=[*ZONE.pools.values(), canary],
        policies=[policy(rule("canary", "eu"), name="split")],
    )
    found = explained("www", edition=samples.edition(served, atlas=ATLAS)).steering
    assert found is not None
    assert (found.pool, found.route, found.parts) == ("canary", "canary → eu", (("canary", ("us", "v4")),))
    shares_of = {f"{each.pool}/{each.member}": each.share for each in found.members if each.pool != "eu"}
    assert shares_of == {"us/iad1": 0.75, "us/iad2": 0.0, "v4/old": 0.25}


def test_what_if_a_pool_were_down() -> None:
    found = supposed("eu").steering
    assert found is not None
    assert (found.pool, found.passed_over) == ("us", (("eu", "none of 3 members is up"),))
    assert {each.member: each.state for each in found.members if each.pool == "eu"} == dict.fromkeys(
        ("fra1", "fra2", "fra3"), "down"
    )


def test_what_if_a_member_were_down_that_nobody_checks() -> None:
    found = supposed("v4/old", client="8.8.4.4").steering
    assert found is not None
    assert (found.pool, found.passed_over) == ("us", (("v4", "its one member is not up"),))


def test_a_supposition_adds_to_what_is_down_already_and_changes_nothing() -> None:
    fra1_down = samples.edition(ZONE, atlas=ATLAS, outlook=outlook((WEB, "192.0.2.10")))
    before = explained("www", edition=fra1_down)
    found = supposed("eu/fra2", edition=fra1_down)
    assert found.down == ("eu/fra2",)
    assert found.steering is not None
    assert shares(found.steering) == {"fra1": 0, "fra2": 0, "fra3": 1}
    assert explained("www", edition=fra1_down) == before


@pytest.mark.parametrize(
    ("down", "said"),
    [
        ("ue", "example.com. has no pool 'ue'; known: eu, us, v4"),
        ("eu/fra4", "pool 'eu' has no member 'fra4'; did you mean 'fra3'?"),
    ],
)
def test_what_is_not_there_cannot_be_supposed(down: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        supposed(down)


def test_outside_of_the_zones_there_is_nothing_to_suppose() -> None:
    with pytest.raises(ValueError, match="in none of the zones served here, so nothing can be supposed of it"):
        explain(EDITION, "www.example.net", "A", ip_address("9.9.9.9"), 7, Supposition(down=frozenset({"eu"})))


def test_an_address_stands_in_for_a_place() -> None:
    assert explain(EDITION, "www.example.com", "A", place("EU/DE"), 7).client == "9.9.9.0"
    assert explain(EDITION, "www.example.com", "A", place("NA"), 7).client == "8.8.0.0"
    with pytest.raises(ValueError, match="test has no address at AS/JP"):
        explain(EDITION, "www.example.com", "A", place("AS/JP"), 7)


def test_a_checksum_follows_the_answers() -> None:
    other = samples.edition(ZONE, atlas=ATLAS, outlook=EU_DOWN)
    assert explained("www").checksum == explained("ns1").checksum == supposed("eu").checksum
    assert explained("www", edition=other).checksum != explained("www").checksum


def test_members_whose_own_ttl_is_less_are_named_with_it() -> None:
    mixed = pool("mixed", member("a", "192.0.2.1", ttl=10), member("b", "192.0.2.2", ttl=60), member("c", "192.0.2.3"))
    served = zone(steered={"www": "global"}, pools=[mixed], policies=[policy(rule("mixed"))])
    found = explained("www", edition=samples.edition(served, atlas=ATLAS)).steering
    assert found is not None
    assert (found.ttl, found.ttl_reason) == (30, "the policy's; less in answers with a (its own 10)")
