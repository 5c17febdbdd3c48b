"""ALIAS: what a name has of another one, found out when the zone is read."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from geodns.config.rdata import show_type
from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from geodns.model.name import parse_name, show, show_in
from geodns.model.pool import PoolName
from geodns.model.zone import Zone
from geodns.policy.trial import failures
from geodns.table.compile import plan_keys
from tests.docs.loading import refusals_of_zone, said_of_zone

BEFORE = """\
zone: example.com
pools:
  eu: {members: {fra1: {A: 192.0.2.10, AAAA: "2001:db8::10"}}}
policies:
  web: {pools: eu, ttl: 40}
records:
  ns1: {A: 192.0.2.53}
  www: {policy: web}
  host: {A: [192.0.2.1, 192.0.2.2], AAAA: "2001:db8::1", TXT: not mine, ttl: 90}
  hop: {CNAME: host, ttl: 50}
  away: {CNAME: lb.example.net.}
  text: {TXT: alone}
  sub: {NS: [ns1, ns2.example.net.]}
  "*.wild": {A: 192.0.2.3}
"""
APEX = '"@": {NS: [ns1, ns2.example.net.], MX: 10 host, ALIAS: TARGET}'


def text(target: str, *records: str) -> str:
    """The apex is in line 15, further records follow it."""
    return BEFORE + "".join(f"  {record}\n" for record in (APEX.replace("TARGET", target), *records))


def read(written: str, folder: Path) -> Zone:
    (folder / "zone.yaml").write_text(written)
    loaded = load([folder / "zone.yaml"], VOCABULARY)
    assert loaded.warnings == ()
    return loaded.zones[0]


def addresses(zone: Zone, owner: str) -> list[str]:
    """`A 90 192.0.2.1` of what the owner has."""
    wanted = parse_name(owner, zone.name)
    sets = [rrset for rrset in zone.rrsets if rrset.owner == wanted and rrset.rtype in (1, 28)]
    return [f"{show_type(each.rtype)} {each.ttl} {len(each.rdatas)}" for each in sets]


@pytest.mark.parametrize(
    ("target", "found"),
    [
        pytest.param("host", ["A 90 2", "AAAA 90 1"], id="a name with addresses: they are copied, and nothing else"),
        pytest.param("host.example.com.", ["A 90 2", "AAAA 90 1"], id="a whole name"),
        pytest.param("hop", ["A 50 2", "AAAA 50 1"], id="through a CNAME, whose TTL counts too"),
        pytest.param("any.wild", ["A 300 1"], id="a wildcard's"),
        pytest.param("other", ["A 20 2", "AAAA 20 1"], id="through another ALIAS"),
    ],
)
def test_addresses_in_the_zone_are_copied(target: str, found: list[str], tmp_path: Path) -> None:
    zone = read(text(target, "other: {ALIAS: hop, ttl: 20}"), tmp_path)
    assert addresses(zone, "@") == found
    assert {show_type(each.rtype) for each in zone.rrsets if each.owner == zone.name} >= {"NS", "MX"}
    assert zone.name not in zone.steered


@pytest.mark.parametrize("target", ["www", "to-www", "also"])
def test_an_alias_of_a_policys_name_has_the_policy_itself(target: str, tmp_path: Path) -> None:
    """So they share its plans: there is one for each family, and no more."""
    zone = read(text(target, "to-www: {CNAME: www}", "also: {ALIAS: www, ttl: 5}"), tmp_path)
    assert zone.steered[zone.name] == "web"
    assert len(plan_keys([zone])) == 2


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        pytest.param("lb.example.net.", "lb.example.net.", id="another zone's name"),
        pytest.param("away", "lb.example.net.", id="by a CNAME that leads out of the zone"),
        pytest.param("x.sub", "x.sub.example.com.", id="what is delegated is others' too"),
        pytest.param("sub", "sub.example.com.", id="the delegation itself"),
    ],
)
def test_a_name_outside_is_a_policy_of_one_pool_and_one_member(target: str, leads_to: str, tmp_path: Path) -> None:
    zone = read(text(target), tmp_path)
    policy = zone.policies[zone.steered[zone.name]]
    (member,) = zone.pools[PoolName(f"ALIAS:{leads_to}")].members
    assert (policy.name, policy.select, policy.ttl, policy.pools()) == (
        f"ALIAS {leads_to}",
        "all",
        300,
        (PoolName(f"ALIAS:{leads_to}"),),
    )
    assert member.outside is not None
    assert (show(member.outside), member.addresses, str(member.source).rpartition("/")[2]) == (
        leads_to,
        (),
        "zone.yaml:15:58",
    )


def test_names_that_lead_to_the_same_name_outside_share_its_pool_and_those_of_one_ttl_a_policy(tmp_path: Path) -> None:
    same, short = "same: {ALIAS: lb.example.net.}", "short: {ALIAS: lb.example.net., ttl: 30}"
    zone = read(text("lb.example.net.", same, short, '"*.apps": {ALIAS: lb.example.net.}'), tmp_path)
    led = {show_in(owner, zone.name): policy for owner, policy in zone.steered.items() if "ALIAS" in policy}
    long = "ALIAS lb.example.net."
    assert led == {"@": long, "same": long, "*.apps": long, "short": f"{long}, ttl 30"}
    assert [name for name in zone.pools if "ALIAS" in name] == ["ALIAS:lb.example.net."]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(
            text("gone"),
            "15:58: the ALIAS of example.com. cannot be followed: gone.example.com. is not in the zone;"
            " add it, or end the name with a dot if it is a whole one",
            id="no such name",
        ),
        pytest.param(
            text("text"),
            "15:58: the ALIAS of example.com. cannot be followed: text.example.com. has no addresses;"
            " name one that has, or a policy with 'policy'",
            id="no addresses",
        ),
        pytest.param(
            text("a", "a: {CNAME: b}", "b: {ALIAS: a}"),
            "15:58: the ALIAS of example.com. cannot be followed: it leads to itself:"
            " a.example.com. → b.example.com. → a.example.com.",
            id="a circle",
        ),
        pytest.param(
            text('"@"'),
            "15:58: the ALIAS of example.com. cannot be followed: it leads to itself: example.com. → example.com.",
            id="to itself",
        ),
        pytest.param(
            text("host").replace("MX: 10 host", "A: 192.0.2.9"),
            "15:52: '@' has an ALIAS, from which its addresses come; leave its A out, or the ALIAS",
            id="addresses beside it",
        ),
        pytest.param(
            text("host").replace("MX: 10 host", "policy: web"),
            "15:51: '@' has a policy and an ALIAS; leave one of them out",
            id="a policy beside it",
        ),
        pytest.param(
            text("host", "x: {ALIAS: host, CNAME: www}"),
            "16:7: 'x' has an ALIAS, from which its addresses come; leave its CNAME out, or the ALIAS",
            id="a CNAME beside it",
        ),
        pytest.param(text("a..b"), "15:58: 'a..b' has an empty label", id="no name"),
        pytest.param(
            text("host", "x: {ANAME: host}"),
            "16:7: ANAME is called ALIAS here; write ALIAS, with the name that it leads to",
            id="the name in old drafts",
        ),
        pytest.param(
            text("host", "x: {ALIAS: [host, www]}"),
            "16:14: 'ALIAS' wants a text; put it in quotes; found a list",
            id="several",
        ),
    ],
)
def test_what_cannot_be_followed_is_told_with_the_way_out(written: str, said: str, tmp_path: Path) -> None:
    told = [each.rpartition("zone.yaml:")[2] for each in refusals_of_zone(written, tmp_path)]
    assert told[:1] == [said]


def test_more_links_than_answers_follow_are_refused(tmp_path: Path) -> None:
    chain = [f"c{number}: {{CNAME: c{number + 1}}}" for number in range(10)]
    (said,) = refusals_of_zone(text("c0", *chain, "c10: {A: 192.0.2.1}"), tmp_path)
    assert "it leads through more than 8 names; name the last of them, c8.example.com." in said


# ── members ───────────────────────────────────────────────────────────────────────────────────────────────────────


def with_pool(pool: str, extra: Iterable[str] = ()) -> str:
    lines = BEFORE.replace("  eu:", f"  cdn: {pool}\n  eu:").replace("pools: eu,", "pools: [eu, cdn],").splitlines()
    return "\n".join([*lines, *extra, '  "@": {NS: [ns1, ns2.example.net.]}']) + "\n"


def test_a_member_may_be_a_name_outside_beside_others_with_addresses(tmp_path: Path) -> None:
    zone = read(with_pool("{members: {d: {ALIAS: d1.example.net., weight: 3}, own: {A: 192.0.2.7}}}"), tmp_path)
    one, other = zone.pools[PoolName("cdn")].members
    assert one.outside == parse_name("d1.example.net.")
    assert other.outside is None


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        (
            "{members: {d: {ALIAS: d1.example.net., A: 192.0.2.1}}}",
            "member 'd' has an ALIAS, which stands alone: its addresses come from there; make two of it",
        ),
        (
            "{members: {d: {ALIAS: d1.example.net.}, e: {CNAME: e.example.net.}}}",
            "pool 'cdn' has addresses, and a CNAME in 'e'; put that into a pool of its own,"
            " which rules may name beside this one",
        ),
        (
            "{check: web, members: {d: {ALIAS: d1.example.net.}}}",
            "pool 'cdn' has the ALIAS of 'd', whose addresses are not known beforehand, and a check;"
            " leave 'check' out: such members are up as long as their names have addresses",
        ),
        (
            "{members: {d: {ALIAS: host}}}",
            "member 'd' has the ALIAS host.example.com., which is in this zone; give it the addresses,"
            " or name the pools of that name's policy",
        ),
    ],
)
def test_what_a_member_cannot_be_is_told(pool: str, said: str, tmp_path: Path) -> None:
    written = with_pool(pool).replace("pools:\n", "checks: {web: {type: tcp, port: 80}}\npools:\n", 1)
    assert said in said_of_zone(written, tmp_path)


def test_tests_of_a_zone_take_names_outside_to_have_addresses_unless_they_are_supposed_down(tmp_path: Path) -> None:
    tests = """\
tests:
  - {name: "@", place: EU/DE, expect: "ALIAS:lb.example.net."}
  - {name: "@", type: AAAA, place: EU/DE, expect: "ALIAS:lb.example.net."}
  - {name: "@", place: EU/DE, down: "ALIAS:lb.example.net.", expect: NODATA}
"""
    zone = read(text("lb.example.net.") + tests, tmp_path)
    assert [str(failure) for failure in failures(zone, lambda _: (_ for _ in ()).throw(AssertionError))] == []
