"""What a pool is made of and what has to be probed for it."""

from ipaddress import ip_address

import pytest

from geodns.model.check import Target
from geodns.model.pool import Family, Pool, Quorum
from tests.values import check, member, pool

V4, V6 = "192.0.2.1", "2001:db8::1"


@pytest.mark.parametrize(
    ("asked", "families"),
    [
        (pool("eu", member("a", V4), member("b", "192.0.2.2")), {Family.IPV4}),
        (pool("eu", member("a", V6)), {Family.IPV6}),
        (pool("eu", member("a", V4), member("b", V6)), {Family.IPV4, Family.IPV6}),
        (pool("eu", member("a", V4, V6)), {Family.IPV4, Family.IPV6}),
    ],
)
def test_a_pool_has_the_families_of_its_members(asked: Pool, families: set[Family]) -> None:
    assert asked.families() == families


def test_a_member_s_addresses_are_told_apart_by_family_in_the_written_order() -> None:
    several = member("a", "192.0.2.2", V6, V4)
    assert several.of_family(Family.IPV4) == (ip_address("192.0.2.2"), ip_address(V4))
    assert several.of_family(Family.IPV6) == (ip_address(V6),)


def test_every_address_of_every_member_is_probed() -> None:
    web = check()
    assert list(pool("eu", member("a", V4, V6), member("b", "192.0.2.2"), check=web).targets()) == [
        Target(web, ip_address(address)) for address in (V4, V6, "192.0.2.2")
    ]


def test_without_a_check_nothing_is_probed() -> None:
    assert list(pool("eu", member("a", V4)).targets()) == []


def test_a_target_is_named_by_zone_check_and_address() -> None:
    assert str(Target(check(), ip_address(V6))) == f"example.com./web@{V6}"


@pytest.mark.parametrize(
    ("quorum", "members", "needed", "shown"),
    [
        (Quorum(1), 10, 1, "1"),
        (Quorum(3), 2, 3, "3"),
        (Quorum(50, is_share=True), 10, 5, "50%"),
        (Quorum(50, is_share=True), 3, 1.5, "50%"),
        (Quorum(33.5, is_share=True), 200, 67, "33.5%"),
        (Quorum(50, is_share=True), 0, 0, "50%"),
    ],
)
def test_a_quorum_is_a_count_or_a_share(quorum: Quorum, members: int, needed: float, shown: str) -> None:
    assert (quorum.needed(members), str(quorum)) == (needed, shown)


@pytest.mark.parametrize(("family", "version", "rtype"), [(Family.IPV4, 4, "A"), (Family.IPV6, 6, "AAAA")])
def test_a_family_is_named_by_its_record_type(family: Family, version: int, rtype: str) -> None:
    assert (family.version, family.rtype) == (version, rtype)
