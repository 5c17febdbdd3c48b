"""Members that are CNAMEs, as explain, diff, map and the views of members have them."""

from ipaddress import ip_address

import pytest

from geodns.admin.lookup import member_named
from geodns.admin.members import member_view
from geodns.cli.explanation import text_of
from geodns.control.diff import difference
from geodns.control.explain import Explanation, explain
from geodns.control.moves import Move
from geodns.control.reach import Part, reach
from geodns.control.supposing import Supposition
from geodns.model.pool import PoolName, State
from geodns.model.verdict import Outlook
from geodns.model.zone import Zone
from tests.control import samples
from tests.control.test_diff import ATLAS, GERMANY, GERMANY_V6, ROUTABLE_V4, ROUTABLE_V6
from tests.values import alias, check, member, of_pools, outlook, policy, pool, rule, zone

WEB = check()
EU = pool("eu", member("fra1", "192.0.2.1", "2001:db8::1"), check=WEB)
CDN = pool("cdn", alias("d123", "d123.cdn.example.net.", ttl=20))
POOLS = (EU, CDN, of_pools("both", (EU, 3), (CDN, 1)))
OURS = policy(rule("eu"), name="web")
ELSEWHERE = policy(rule("eu", "cdn", country=["DE"]), rule("cdn"), name="web")
SHARED = policy(rule("both"), name="web")
GERMAN, OTHER = "32.1.2.3", "9.9.9.9"


def served(decided: object = ELSEWHERE, cdn: object = CDN) -> Zone:
    assert isinstance(decided, type(OURS))
    assert isinstance(cdn, type(CDN))
    return zone(steered={"www": "web"}, pools=[EU, cdn, of_pools("both", (EU, 3), (cdn, 1))], policies=[decided])


def explained(rtype: str, client: str, *down: str, said: Outlook | None = None) -> Explanation:
    edition = samples.edition(served(), atlas=ATLAS, outlook=said or outlook())
    return explain(edition, "www.example.com", rtype, ip_address(client), 7, Supposition(down=frozenset(down)))


@pytest.mark.parametrize("rtype", ["A", "AAAA", "CNAME", "HTTPS"])
def test_explain_names_the_pool_and_its_cname_for_every_type(rtype: str) -> None:
    found = explained(rtype, OTHER)
    assert found.answer == ("www.example.com. 20 IN CNAME d123.cdn.example.net.",)
    assert found.steering is not None
    (seen,) = found.steering.members
    assert (found.steering.pool, seen.member, seen.share, seen.state) == ("cdn", "d123", 1.0, "up (not checked)")
    assert seen.addresses == ("CNAME d123.cdn.example.net.",)
    assert found.steering.ttl_reason == "the policy's; less in answers with d123 (its own 20)"
    assert any("CNAME d123.cdn.example.net." in line for line in text_of(found.to_json()).splitlines())


def test_of_other_types_where_addresses_answer_it_says_why_there_is_no_data() -> None:
    found = explained("HTTPS", GERMAN)
    assert found.steering is not None
    assert (found.answer, found.scope, found.steering.pool) == ((), 3, "eu")
    assert found.steering.ground == "eu has addresses and no CNAME: no data of other types"
    assert [each.state for each in found.steering.members] == ["has no CNAME", "up (not checked)"]
    assert found.steering.members[1].why == "its pool is not reached: eu answers before it"


def test_any_is_explained_by_what_answers_it() -> None:
    for client, pool_, data in ((GERMAN, "eu", "192.0.2.1"), (OTHER, "cdn", "d123.cdn.example.net.")):
        found = explained("ANY", client)
        assert found.steering is not None
        assert (found.steering.pool, found.steering.ground) == (pool_, "healthy")
        assert found.answer[0].split()[-1] == data


def test_of_clients_that_are_kept_the_member_is_told_for_each_type() -> None:
    """One whose own member lacks the type has its next best address, and none where only a CNAME would be left."""
    old = pool("old", member("v4", "192.0.2.9"), member("v6", "2001:db8::9"))
    both = of_pools("both", (old, 2), (CDN, 1))
    kept = zone(
        steered={"www": "web"},
        pools=[old, CDN, both],
        policies=[policy(rule("both"), name="web", select="sticky")],
    )
    edition = samples.edition(kept, atlas=ATLAS)
    seen = set()
    for n in range(48):
        row = []
        for rtype in ("A", "AAAA", "MX"):
            found = explain(edition, "www.example.com", rtype, ip_address(f"32.1.{n}.1"), 7)
            assert found.steering is not None
            assert found.steering.kept is not None
            row += [*found.steering.kept.members, found.answer[0].split()[-1] if found.answer else "-"]
        seen.add(tuple(row))
    cdn = ("d123", "d123.cdn.example.net.") * 3
    addresses = ("v4", "192.0.2.9", "v6", "2001:db8::9")
    assert seen == {cdn, (*addresses, "v4", "-"), (*addresses, "v6", "-")}


def test_what_if_the_servers_or_the_cdn_were_down() -> None:
    found = explained("A", GERMAN, "eu")
    assert found.steering is not None
    assert (found.steering.pool, found.steering.passed_over) == ("cdn", (("eu", "its one member is not up"),))
    found = explained("A", GERMAN, "eu", "cdn/d123")
    assert found.steering is not None
    assert (found.steering.pool, found.answer[0].split()[-1]) == ("eu", "192.0.2.1")
    assert found.steering.passed_over == (("cdn", "operators have taken out every member"),)


def test_supposed_to_be_down_it_is_even_where_an_operator_says_up() -> None:
    said = outlook(overrides={("cdn", "d123"): State.UP})
    assert explained("A", OTHER, said=said).answer
    assert explained("A", OTHER, "cdn", said=said).answer == ()


def test_diff_tells_who_moves_to_the_cname_and_what_members_become() -> None:
    old, new = (samples.edition(served(decided), atlas=ATLAS) for decided in (OURS, ELSEWHERE))
    four, six = difference(old, new).moves
    assert (four.type, six.type) == ("A", "AAAA")
    assert four.ipv4 == (Move("eu", "cdn", 1 - GERMANY / ROUTABLE_V4),)
    assert six.ipv6 == (Move("eu", "cdn", 1 - GERMANY_V6 / ROUTABLE_V6),)
    moved = pool("cdn", alias("d123", "other.example.net.", weight=2))
    changes = difference(new, samples.edition(served(cdn=moved), atlas=ATLAS))
    assert [each.change for each in changes.names] == [
        "member d123: addresses CNAME d123.cdn.example.net. → CNAME other.example.net.",
        "member d123: weight 1 → 2",
        "member d123: ttl at most 20 s → the policy's",
    ]
    assert changes.moves == ()


def test_map_has_the_share_that_goes_to_the_cname() -> None:
    found = reach(samples.inputs([served(SHARED)], ATLAS), "www.example.com", "A")
    (germany,) = (each for each in found.countries if each.code == "DE")
    assert germany.ipv4 == (
        Part(PoolName("eu"), GERMANY * 3 // 4, 0.75),
        Part(PoolName("cdn"), GERMANY // 4, 0.25),
    )
    assert [(each.pool, each.is_up) for each in found.pools] == [("eu", True), ("cdn", True)]


def test_what_the_addresses_lack_goes_to_nobody_and_not_to_the_cname() -> None:
    old = pool("old", member("v4", "192.0.2.9"))
    both = of_pools("both", (old, 3), (CDN, 1))
    old_one, new = (
        zone(steered={"www": "web"}, pools=[old, CDN, both], policies=[decided])
        for decided in (policy(rule("old"), name="web"), SHARED)
    )
    found = reach(samples.inputs([new], ATLAS), "www.example.com", "AAAA")
    (germany,) = (each for each in found.countries if each.code == "DE")
    assert [(part.pool, part.share) for part in germany.ipv6] == [(None, 0.75), ("cdn", 0.25)]
    before, after = (samples.edition(each, atlas=ATLAS) for each in (old_one, new))
    four, six = difference(before, after).moves
    assert (four.ipv6, six.ipv6) == ((Move("old", "cdn", 0.25),), (Move("no address", "cdn", 0.25),))


@pytest.mark.parametrize(("state", "up"), [(None, 1.0), (State.DRAIN, 0.0), (State.UP, 1.0)])
def test_the_api_s_view_has_the_cname_and_no_addresses(state: State | None, up: float) -> None:
    said = outlook(overrides={("cdn", "d123"): state} if state else {})
    edition = samples.edition(served(), atlas=ATLAS, outlook=said)
    seen = member_view(edition, {}, member_named(edition, "example.com", "cdn", "d123"))
    assert (seen["cname"], seen["addresses"], seen["up"]) == ("d123.cdn.example.net.", [], up)
