"""A client keeps its member: by its prefix alone, over names, families, zones and workers; the scope tells so."""

from collections import Counter
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest

from geodns.answer.cells import PICKS
from geodns.model.policy import Prefixes
from geodns.model.pool import Member, Pool
from geodns.model.verdict import CLEAR, Outlook
from geodns.model.zone import Zone
from tests.values import atlas, check, member, outlook, place, policy, pool, rule, zone
from tests.world import Client, addresses, scope, table_of

WEB = check()
FIVE = pool("eu", *(member(f"m{n}", f"192.0.2.{n}", f"2001:db8::{n}") for n in range(1, 6)), check=WEB)
MIXED = pool(
    "mixed",
    member("both1", "192.0.2.11", "2001:db8::11"),
    member("both2", "192.0.2.12", "2001:db8::12"),
    member("v4", "192.0.2.13"),
    member("v6", "2001:db8::14"),
    check=WEB,
)
HEAVY = pool(
    "heavy", member("a", "192.0.2.21", weight=3), member("b", "192.0.2.22"), member("c", "192.0.2.23", weight=0)
)
SEVERAL = pool("several", member("a", "192.0.2.31", "192.0.2.32", "192.0.2.33"), member("b", "192.0.2.34"))
ATLAS = atlas({"8.0.0.0/8": place("EU/DE"), "8.9.9.128/25": place("NA/US"), "2003::/16": place("EU/DE")})

SUBNETS = [f"{IPv4Address(0x08000000 + (n << 8))}/24" for n in range(2000)]
SUBNETS_V6 = [f"{IPv6Address((0x2003 << 112) + (n << 72))}/56" for n in range(2000)]


def served(*pools: Pool, name: str = "example.com.", answers: int = 1, sticky: Prefixes | None = None) -> Zone:
    """A name `www`, and another one, for each pool."""
    policies = [
        policy(rule(each.name), name=f"{prefix}{each.name}", select="sticky", answers=count, sticky=sticky)
        for each in pools
        for prefix, count in (("", answers), ("other-", 2))
    ]
    return zone(name=name, steered={each.name: each.name for each in policies}, pools=pools, policies=policies)


ZONE = served(FIVE, MIXED, HEAVY, SEVERAL)


def client_of(*zones: Zone, said: Outlook = CLEAR) -> Client:
    return Client(table_of(zones or (ZONE,), ATLAS, said))


def kept(
    client: Client, name: str, subnets: Iterable[str] = SUBNETS, rtype: str = "A", origin: str = "example.com."
) -> list[str]:
    """The first address that each client gets."""
    return [addresses(client.ask(f"{name}.{origin}", rtype, subnet=subnet))[0] for subnet in subnets]


def test_a_client_gets_the_same_member_each_time_and_from_every_worker() -> None:
    client = client_of()
    first = kept(client, "eu")
    assert kept(client, "eu") == first
    assert kept(client_of(), "eu") == first
    assert len(set(first)) == 5


def test_names_policies_and_zones_over_one_pool_agree() -> None:
    client = client_of(ZONE, served(FIVE, name="example.net."))
    first = kept(client, "eu")
    assert kept(client, "other-eu") == first
    assert kept(client, "eu", origin="example.net.") == first


@pytest.mark.parametrize("subnets", [SUBNETS, SUBNETS_V6], ids=["IPv4", "IPv6"])
def test_prefixes_are_spread_by_weight(subnets: list[str]) -> None:
    """Chi-square with 4 and 1 degrees of freedom, at one in ten thousand."""
    client = client_of()
    for name, parts, limit in (("eu", (1, 1, 1, 1, 1), 23.5), ("heavy", (3, 1), 15.1)):
        found = Counter(kept(client, name, subnets))
        wanted = [len(subnets) * part / sum(parts) for part in parts]
        assert len(found) == len(parts)
        assert sum((found[each] - one) ** 2 / one for each, one in zip(sorted(found), wanted, strict=True)) < limit


def test_losing_a_member_moves_its_clients_only_and_they_come_back() -> None:
    before = kept(client_of(), "eu")
    after = kept(client_of(said=outlook((WEB, "192.0.2.3"))), "eu")
    assert all((now != was) is (was == "192.0.2.3") for was, now in zip(before, after, strict=True))
    assert kept(client_of(), "eu") == before


def test_another_member_takes_its_part_of_the_clients_only() -> None:
    six = pool("eu", *FIVE.members, member("m6", "192.0.2.6", "2001:db8::6"))
    before, after = kept(client_of(), "eu"), kept(client_of(served(six)), "eu")
    moved = [now for was, now in zip(before, after, strict=True) if was != now]
    assert set(moved) == {"192.0.2.6"}
    assert len(moved) / len(before) == pytest.approx(1 / 6, rel=0.2)


def test_a_member_of_weight_zero_gets_clients_only_where_no_other_is_up() -> None:
    assert "192.0.2.23" not in kept(client_of(), "heavy")
    checked = pool("heavy", *HEAVY.members, check=WEB)
    down = outlook((WEB, "192.0.2.21"), (WEB, "192.0.2.22"))
    assert set(kept(client_of(served(checked), said=down), "heavy")) == {"192.0.2.23"}


def host(address: str) -> str:
    """The last number, by which the two addresses of a member are the same."""
    return address.replace(":", ".").rpartition(".")[2]


@pytest.mark.parametrize("name", ["eu", "other-eu"])
def test_a_and_aaaa_of_a_client_are_the_same_member(name: str) -> None:
    client = client_of()
    for subnet in SUBNETS[:300]:
        four, six = (addresses(client.ask(f"{name}.example.com.", rtype, subnet=subnet)) for rtype in ("A", "AAAA"))
        assert [*map(host, four)] == [*map(host, six)]


def test_they_are_wherever_that_member_has_both() -> None:
    client = client_of()
    four, six = kept(client, "mixed"), kept(client, "mixed", rtype="AAAA")
    # Whoever's own member lacks a family gets its next best for that one.
    pairs = Counter((host(one), host(other)) for one, other in zip(four, six, strict=True))
    assert {("11", "12"), ("12", "11")}.isdisjoint(pairs)
    assert {("11", "11"), ("12", "12"), ("13", "11"), ("13", "14"), ("11", "14")} <= pairs.keys()


def test_a_family_that_is_down_moves_clients_for_that_family_only() -> None:
    said = outlook((WEB, "2001:db8::2"))
    assert kept(client_of(said=said), "eu") == kept(client_of(), "eu")
    before, after = kept(client_of(), "eu", rtype="AAAA"), kept(client_of(said=said), "eu", rtype="AAAA")
    assert all((now != was) is (was == "2001:db8::2") for was, now in zip(before, after, strict=True))


def test_of_several_addresses_of_a_member_a_client_keeps_one_too() -> None:
    client = client_of()
    first = kept(client, "several")
    assert kept(client, "several") == first
    found = Counter(first)
    mine = [found[f"192.0.2.{n}"] for n in (31, 32, 33)]
    assert min(mine) > 0.8 * sum(mine) / 3


def test_answers_are_counted_for_the_member_that_was_named() -> None:
    client = client_of(served(FIVE))
    found = Counter(kept(client, "eu"))
    counted = [client.memory.counts[PICKS + slot] for slot in range(1, 6)]
    assert counted == [found[f"192.0.2.{n}"] for n in range(1, 6)]


@pytest.mark.parametrize(
    ("subnet", "scope_"),
    [
        ("8.1.2.0/24", 24),
        ("8.1.2.3/32", 24),
        ("8.1.0.0/16", 24),
        ("8.9.9.0/24", 25),  # beside another place: the leaf is longer
        ("2003:1:2:300::/56", 56),
        ("2003::/16", 56),
        ("2002:801:203::/48", 40),  # 6to4: 16 bits before the IPv4 address
        ("::ffff:8.1.2.3/128", 120),
        ("64:ff9b::801:203/128", 120),
        ("10.1.2.0/24", 8),  # a private block: the resolver decides
        ("0.0.0.0/0", 0),
        ("::/0", 0),
    ],
)
def test_the_scope_is_what_was_hashed_or_the_longer_leaf(subnet: str, scope_: int) -> None:
    by_place = policy(rule("eu", country=["DE"]), rule("eu", "mixed"), select="sticky")
    client = client_of(zone(steered={"www": "global"}, pools=[FIVE, MIXED], policies=[by_place]))
    assert scope(client.ask("www.example.com.", subnet=subnet)) == scope_


def test_the_prefixes_can_be_set() -> None:
    client = client_of(served(FIVE, sticky=Prefixes(ipv4=16, ipv6=128)))
    assert scope(client.ask("eu.example.com.", subnet="8.1.2.0/24")) == 16
    assert scope(client.ask("eu.example.com.", subnet="2003::1/128")) == 128
    assert len(set(kept(client, "eu", SUBNETS[:256]))) == 1


def test_an_ipv4_client_that_comes_inside_ipv6_keeps_its_member() -> None:
    client = client_of()
    inside = [ip_network(subnet).network_address for subnet in SUBNETS[:200]]
    four = kept(client, "eu", SUBNETS[:200])
    for carrier in ("64:ff9b::", "::ffff:0:0"):
        carried = [f"{IPv6Address(int(IPv6Address(carrier)) + int(each) + 77)}/128" for each in inside]
        assert kept(client, "eu", carried) == four
    sixes = [f"{IPv6Address(0x2002 << 112 | int(each) << 80 | 5)}/128" for each in inside]
    assert kept(client, "eu", sixes) == four
    teredo = [f"{IPv6Address(0x20010000 << 96 | int(each) ^ 0xFFFFFFFF)}/128" for each in inside]
    assert kept(client, "eu", teredo) == four


@pytest.mark.parametrize("subnet", [None, "0.0.0.0/0", "10.1.2.0/24", "::/0", "fd00::/48"])
def test_where_the_resolver_decides_its_own_prefix_is_hashed(subnet: str | None) -> None:
    client = client_of()
    for resolver, whole in (("8.0.77.53", "8.0.77.0/24"), ("2003:1:2:355::53", "2003:1:2:300::/56")):
        found = addresses(client.ask("eu.example.com.", subnet=subnet, client=resolver))
        assert found == kept(client, "eu", [whole])


def test_a_pool_of_one_member_has_the_same_scope_as_it_would_with_two() -> None:
    """Health changes no scope."""
    all_but_one: list[Member] = list(FIVE.members[1:])
    said = outlook(*((WEB, str(address)) for one in all_but_one for address in one.addresses))
    reply = client_of(said=said).ask("eu.example.com.", subnet="8.1.2.0/24")
    assert (addresses(reply), scope(reply)) == (["192.0.2.1"], 24)


def test_who_gets_which_member_is_the_same_in_every_process() -> None:
    """These were written down once: where they change, an update of geodns moves clients."""
    found = kept(client_of(), "eu", [*SUBNETS[:20], *SUBNETS_V6[:20]])
    assert "".join(map(host, found)) == "2231333144351542124443315223451343543234"
