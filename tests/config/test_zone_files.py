"""What a good zone file comes to."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address
from itertools import pairwise
from pathlib import Path

import pytest

from geodns.config.places import parse_place
from geodns.config.problem import ConfigError
from geodns.config.yaml_zone import parse_contact
from geodns.config.zones import load
from geodns.model.name import parse_name
from geodns.model.place import Location, Place
from geodns.model.policy import InCountry, InNetwork, Nearest, Ordered, Prefixes
from geodns.model.pool import Limit, PoolName, Quorum, State
from geodns.model.zone import RRset, Zone
from tests.config.example import GOOD, OFFICE, VOCABULARY, Expect, Http, changed, problems, read

ORIGIN = parse_name("example.com")


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    return read(GOOD, tmp_path)


def records(zone: Zone, owner: str, rtype: int) -> tuple[bytes, ...]:
    name = parse_name(owner, ORIGIN)
    return next(rrset.rdatas for rrset in zone.rrsets if (rrset.owner, rrset.rtype) == (name, rtype))


def test_the_head_becomes_the_soa(zone: Zone) -> None:
    assert zone.name == ORIGIN
    assert (zone.soa.primary, zone.soa.ttl, zone.soa.negative_ttl) == (parse_name("ns1.example.com"), 300, 60)
    assert zone.soa.contact == b"\x0bhost.master\x07example\x03com\x00"
    assert zone.soa.serial is None


def test_a_check_holds_the_plug_in_and_the_common_keys(zone: Zone) -> None:
    check = zone.checks["web"]
    assert check.probe == Http(path="/healthz", expect=Expect(status=("200-299",), body="ok"))
    assert (str(check), check.type, check.interval, check.timeout) == ("example.com.web", "http", 10.0, 3.0)
    assert (check.rise, check.fall) == (2, 3)


def test_a_pool_holds_its_members_in_the_order_of_the_file(zone: Zone) -> None:
    pool = zone.pools[PoolName("eu")]
    first, second = pool.members
    assert (first.name, first.weight) == ("fra1", 3)
    assert first.addresses == (IPv4Address("192.0.2.10"), IPv6Address("2001:db8:1::10"))
    assert second.addresses == (IPv4Address("192.0.2.11"), IPv4Address("192.0.2.12"))
    assert pool.min_healthy == Quorum(50.0, is_share=True)
    assert pool.location == Location(lat=50.11, lon=8.68)
    assert pool.check is zone.checks["web"]
    assert zone.pools[PoolName("us")].members[1].state is State.DRAIN


def test_limits_of_load_have_defaults_of_their_own(tmp_path: Path) -> None:
    text = changed("min_healthy: 50%", "load: {target: 8000, max: 10000, slew: 5%, every: 30s}")
    file = tmp_path / "zone.yaml"
    file.write_text(text.replace("weight: 3", "load: {target: 0.75}"), encoding="utf-8")
    (found,) = load([file], VOCABULARY, OFFICE).zones
    pool = found.pools[PoolName("eu")]
    assert pool.limit == Limit(target=8000.0, most=10000.0, slew=0.05, every=30.0)
    assert pool.members[0].limit == Limit(target=0.75, slew=0.02, every=10.0)
    assert pool.members[1].limit is None


def test_things_know_where_they_were_written(zone: Zone) -> None:
    member = zone.pools[PoolName("eu")].members[0]
    rule = zone.policies["global"].rules[0]
    assert [(thing.source.line, thing.source.column) for thing in (zone, member, rule)] == [(1, 7), (15, 7), (28, 9)]


def test_rules_keep_their_order_and_named_networks_are_resolved(zone: Zone) -> None:
    office, neighbours, _, nobody, everybody = zone.policies["global"].rules
    networks = frozenset((IPv4Network("203.0.113.0/24"), IPv4Network("198.18.0.0/24")))
    assert office.conditions == (InNetwork(networks),)
    assert neighbours.conditions == (InCountry(frozenset(("DE", "AT", "NO"))),)
    assert neighbours.fence
    assert nobody.pools == Ordered(())
    assert everybody.pools == Nearest((PoolName("eu"), PoolName("us")))


def test_a_policy_of_pools_is_one_rule_for_everybody(tmp_path: Path) -> None:
    text = changed("policies:\n", "policies:\n  two: {pools: [eu, us]}\n")
    zone = read(text.replace("api:   {pool: eu, select: round_robin}", "api:   {policy: two}"), tmp_path)
    policy = zone.policies["two"]
    assert [(rule.conditions, rule.pools) for rule in policy.rules] == [((), Ordered((PoolName("eu"), PoolName("us"))))]
    assert (policy.ttl, policy.select, policy.answers) == (300, "round_robin", 1)


def test_clients_are_kept_by_prefixes_that_a_policy_may_set(tmp_path: Path) -> None:
    text = changed("select: weighted", "select: sticky")
    assert read(text, tmp_path).policies["global"].sticky is None
    text = changed("select: weighted", "select: sticky\n    sticky: {ipv4: 20}")
    assert read(text, tmp_path).policies["global"].sticky == Prefixes(ipv4=20, ipv6=56)


def test_the_prefixes_may_be_for_a_pool_that_is_sticky_by_itself(tmp_path: Path) -> None:
    text = changed("select: weighted", "sticky: {ipv6: 48}").replace("min_healthy: 50%", "select: sticky")
    zone = read(text, tmp_path)
    assert (zone.policies["global"].sticky, zone.pools[PoolName("eu")].select) == (Prefixes(ipv6=48), "sticky")


def test_a_shorthand_may_be_sticky(tmp_path: Path) -> None:
    zone = read(changed("api:   {pool: eu, select: round_robin}", "api:   {pool: eu, select: sticky}"), tmp_path)
    assert zone.policies["pool eu, sticky"].select == "sticky"


def test_equal_shorthands_share_a_policy(zone: Zone) -> None:
    api, api2 = (zone.steered[parse_name(name, ORIGIN)] for name in ("api", "api2"))
    assert api == api2 == "pool eu, round_robin"
    assert zone.policies[api].rules[0].pools == Ordered((PoolName("eu"),))


def test_a_shorthand_with_its_own_ttl_is_a_policy_of_its_own(tmp_path: Path) -> None:
    text = changed("api2:  {pool: eu, select: round_robin}", "api2:  {pool: eu, answers: 2, ttl: 20}")
    zone = read(text, tmp_path)
    assert zone.policies["pool eu, 2 answers, ttl 20"].ttl == 20


@pytest.mark.parametrize(
    ("written", "rtype", "wire"),
    [
        ("{A: 192.0.2.1}", 1, b"\xc0\x00\x02\x01"),
        ("{AAAA: '2001:db8::1'}", 28, IPv6Address("2001:db8::1").packed),
        ("{MX: 10 Mail}", 15, b"\x00\x0a\x04Mail\x07example\x03com\x00"),
        ("{SRV: 0 5 443 www.example.net.}", 33, b"\x00\x00\x00\x05\x01\xbb\x03www\x07example\x03net\x00"),
        ("{CAA: '0 issue \"ca.example.net\"'}", 257, b"\x00\x05issueca.example.net"),
        ("{TXT: 1.10}", 16, b"\x041.10"),
        ("{TXT: NO}", 16, b"\x02NO"),
        ("{TXT: 'a \"b\" ; c'}", 16, b'\x09a "b" ; c'),
        ('{TXT: \'"a" "b"\'}', 16, b"\x01a\x01b"),
        ("{TXT: ''}", 16, b"\x00"),
        ("{TXT: " + "x" * 256 + "}", 16, b"\xff" + b"x" * 255 + b"\x01x"),
        ("{TYPE65280: '\\# 2 abcd'}", 65280, b"\xab\xcd"),
        ("{TYPE1: '\\# 4 c0000201'}", 1, b"\xc0\x00\x02\x01"),
    ],
)
def test_a_record_becomes_wire_form(written: str, rtype: int, wire: bytes, tmp_path: Path) -> None:
    zone = read(changed("txt:   {TXT: v=spf1 -all}", f"txt:   {written}"), tmp_path)
    assert records(zone, "txt", rtype) == (wire,)


def test_a_records_own_ttl_beats_its_names_ttl_beats_the_zones(tmp_path: Path) -> None:
    zone = read(changed("{TXT: v=spf1 -all}", "{ttl: 1h, TXT: {ttl: 1d, data: x}, A: 192.0.2.1}"), tmp_path)
    owner = parse_name("txt", ORIGIN)
    assert {rrset.rtype: rrset.ttl for rrset in zone.rrsets if rrset.owner == owner} == {16: 86400, 1: 3600}
    assert RRset(parse_name("ns1", ORIGIN), 1, 300, (b"\xc0\x00\x02\x35",)) in zone.rrsets


def test_names_may_be_whole_escaped_or_in_capitals(tmp_path: Path) -> None:
    text = changed("txt:   {", "Sub.Example.COM.: {A: 192.0.2.1}\n  'a\\.b.c': {A: 192.0.2.2}\n  txt: {")
    owners = {rrset.owner for rrset in read(text, tmp_path).rrsets}
    assert {b"\x03sub\x07example\x03com\x00", b"\x03a.b\x01c\x07example\x03com\x00"} <= owners


def test_without_an_soa_the_first_server_is_the_primary(tmp_path: Path) -> None:
    text = changed("soa: {primary: ns1, contact: host.master@example.com, negative_ttl: 60s}\n", "")
    soa = read(text, tmp_path).soa
    assert (soa.primary, soa.contact) == (parse_name("ns1.example.com"), parse_name("hostmaster.example.com"))


def test_a_contact_may_be_a_mail_address_or_a_name() -> None:
    assert parse_contact("a.b@example.net", ORIGIN) == parse_name("a\\.b.example.net.")
    assert parse_contact("admin", ORIGIN) == parse_name("admin.example.com")


def test_a_place_has_up_to_three_parts() -> None:
    assert parse_place("NA/US/US-CA") == Place(continent="NA", country="US", subdivision="US-CA")
    assert parse_place("EU") == Place(continent="EU")


def test_folders_hold_yaml_and_master_files_and_progress_ends_at_the_whole(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(GOOD)
    (tmp_path / "b.zone").write_text("@ 60 IN SOA ns1 admin 1 2 3 4 5\n@ 60 IN NS ns1.example.com.\n")
    (tmp_path / "notes.txt").write_text("not a zone")
    seen: list[tuple[int, int]] = []
    loaded = load([tmp_path], VOCABULARY, OFFICE, progress=lambda done, total: seen.append((done, total)))
    assert [str(zone) for zone in loaded.zones] == ["example.com.", "b."]
    assert [file.name for file in loaded.files] == ["a.yml", "b.zone"]
    assert seen[-1][0] == seen[-1][1] > 0


def test_progress_goes_on_while_the_records_of_a_large_file_are_read(tmp_path: Path) -> None:
    names = "".join(f"  n{number}: {{A: 192.0.2.1}}\n" for number in range(20_000))
    (tmp_path / "a.yaml").write_text(f"zone: example.com\nrecords:\n  '@': {{NS: ns.example.net.}}\n{names}")
    seen: list[float] = []
    load([tmp_path], VOCABULARY, progress=lambda done, total: seen.append(done / total))
    steps = [0.0, *seen]
    assert steps == sorted(steps)
    assert seen[-1] == 1.0
    assert max(later - earlier for earlier, later in pairwise(steps)) < 0.4


def test_a_zone_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD)
    with pytest.raises(ConfigError) as caught:
        load([tmp_path], VOCABULARY, OFFICE)
    assert str(caught.value) == f"{tmp_path}/b.yaml:1:7: the zone example.com. is in {tmp_path}/a.yaml already"


def test_missing_files_and_empty_folders_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load([tmp_path, tmp_path / "gone.yaml"], VOCABULARY)
    assert [problem.message for problem in caught.value.problems] == [
        "there is no zone file in this folder (*.yaml, *.yml, *.zone)",
        "the file cannot be read: No such file or directory",
    ]


def test_all_problems_of_a_file_come_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("weight: 3", "wieght: 3").replace("ttl: 30s", "ttl: 30x").replace("{CNAME: www}", "{CNAME: }")
    assert len(problems(text, tmp_path)) == 3


def test_members_have_the_groups_that_are_written(tmp_path: Path) -> None:
    zone = read(changed("weight: 3", "weight: 3, group: rack-1").replace("answers: 1", "answers: 2"), tmp_path)
    assert [member.group for member in zone.pools[PoolName("eu")].members] == ["rack-1", None]


def test_a_zone_s_own_tests_have_what_records_are_to_say(tmp_path: Path) -> None:
    rows = """\
tests:
  - {name: txt, type: TXT, records: 010}
  - {name: "@", type: MX, records: [10 mail, 20 mx.example.net.]}
  - {name: old, records: 192.0.2.9, expect: [NOERROR, NODATA]}
  - {name: odd, type: TYPE65280, records: '\\# 4 0a000001'}
  - {name: "@", type: SOA, expect: NOERROR}
"""
    read_rows = read(GOOD[: GOOD.index("tests:")] + rows, tmp_path).tests
    assert [(row.rtype, row.records, row.expect) for row in read_rows] == [
        (16, (b"\x03010",), ()),
        (15, (b"\0\x0a\x04mail\x07example\x03com\0", b"\0\x14\x02mx\x07example\x03net\0"), ()),
        (1, (b"\xc0\0\x02\x09",), ("NOERROR", "NODATA")),
        (65280, (b"\x0a\0\0\x01",), ()),
        (6, (), ("NOERROR",)),
    ]
