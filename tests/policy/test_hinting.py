"""Which choice hints follow, where A and AAAA are answered alike and where they are not."""

import pytest

from geodns.model.pool import ADDRESS_FAMILIES, Family, Quorum, State
from geodns.model.verdict import CLEAR, Outlook
from geodns.policy.choice import Choice, Ground, choose
from geodns.policy.hinting import choose_hints
from tests.values import ORIGIN, check, member, of_pools, outlook, policy, pool, route, rule

WEB = check()
EU = pool("eu", member("a", "192.0.2.1", "2001:db8::1"), member("b", "192.0.2.2", "2001:db8::2"), check=WEB)
US = pool("us", member("c", "192.0.2.11", "2001:db8::11"), check=WEB)
OLD = pool("old", member("v4", "192.0.2.9"), check=WEB)
NEW = pool("new", member("v6", "2001:db8::9"), check=WEB)
ODD = pool("odd", member("v4", "192.0.2.9"), member("v6", "2001:db8::9"), check=WEB)
HALF = pool("half", *EU.members, check=WEB, min_healthy=Quorum(100, is_share=True))
FREE = pool("free", member("f", "192.0.2.50"))  # of checks
POOLS = {each.name: each for each in (EU, US, OLD, NEW, ODD, HALF, FREE, of_pools("both", (EU, 1), (US, 1)))}

V4_OF_EU, V6_OF_EU = ("192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::2")
EVERYTHING = (*V4_OF_EU, *V6_OF_EU, "192.0.2.11", "2001:db8::11")


def down(*addresses: str) -> Outlook:
    return outlook(*((WEB, each) for each in addresses))


def hints(*pools: str, said: Outlook = CLEAR, ttl: int = 300) -> Choice:
    decided = policy(rule(*pools))
    ipv4, ipv6 = (choose(ORIGIN, route(*pools), decided, POOLS, each, said) for each in ADDRESS_FAMILIES)
    return choose_hints(ipv4, ipv6, ttl)


def told(choice: Choice) -> dict[str, list[str]]:
    return {member.name: list(map(str, member.addresses)) for member in choice.roster.everyone}


@pytest.mark.parametrize(
    ("pools", "said", "pool_", "expected"),
    [
        (["eu"], CLEAR, "eu", {"a": ["192.0.2.1", "2001:db8::1"], "b": ["192.0.2.2", "2001:db8::2"]}),
        (["eu"], down("192.0.2.1"), "eu", {"a": ["2001:db8::1"], "b": ["192.0.2.2", "2001:db8::2"]}),
        (["eu"], down("192.0.2.1", "2001:db8::1"), "eu", {"b": ["192.0.2.2", "2001:db8::2"]}),
        (["old", "eu"], CLEAR, "old", {"v4": ["192.0.2.9"]}),
        (["new", "eu"], CLEAR, "new", {"v6": ["2001:db8::9"]}),
        (["odd"], CLEAR, "odd", {"v4": ["192.0.2.9"], "v6": ["2001:db8::9"]}),
        (["eu", "us"], down(*V4_OF_EU, *V6_OF_EU), "us", {"c": ["192.0.2.11", "2001:db8::11"]}),
        ([], CLEAR, None, {}),
    ],
)
def test_where_both_come_to_the_same_members_hints_are_of_both(
    pools: list[str], said: Outlook, pool_: str | None, expected: dict[str, list[str]]
) -> None:
    found = hints(*pools, said=said)
    assert (found.pool, told(found), found.hints) == (pool_, expected, ADDRESS_FAMILIES)
    assert found.roster.own == found.roster.everyone


@pytest.mark.parametrize(
    ("pools", "said", "pool_", "family", "expected"),
    [
        # AAAA stays in eu, A goes to us: of two that are as good, IPv4 is taken
        (["eu", "us"], down(*V4_OF_EU), "us", Family.IPV4, {"c": ["192.0.2.11"]}),
        (["eu", "us"], down(*V6_OF_EU), "eu", Family.IPV4, {"a": ["192.0.2.1"], "b": ["192.0.2.2"]}),
        # all IPv4 has failed, and hints are not those of failed members
        (["eu"], down(*V4_OF_EU), "eu", Family.IPV6, {"a": ["2001:db8::1"], "b": ["2001:db8::2"]}),
        # one of two is up, which is too few for A
        (["half", "us"], down("192.0.2.1"), "us", Family.IPV4, {"c": ["192.0.2.11"]}),
        (["half"], down("2001:db8::1"), "half", Family.IPV4, {"a": ["192.0.2.1"], "b": ["192.0.2.2"]}),
        # a part of the pool of pools has failed for AAAA alone
        (
            ["both"],
            down("2001:db8::11"),
            "both",
            Family.IPV4,
            {"a": ["192.0.2.1"], "b": ["192.0.2.2"], "c": ["192.0.2.11"]},
        ),
    ],
)
def test_else_of_the_one_that_is_better_off(
    pools: list[str], said: Outlook, pool_: str, family: Family, expected: dict[str, list[str]]
) -> None:
    found = hints(*pools, said=said)
    assert (found.pool, told(found), found.hints) == (pool_, expected, (family,))


def test_where_everything_has_failed_it_fails_open_for_both() -> None:
    found = hints("eu", "us", said=down(*EVERYTHING))
    assert (found.pool, found.ground, found.hints, found.ttl) == ("eu", Ground.FAIL_OPEN, ADDRESS_FAMILIES, 10)


def test_where_operators_took_out_all_there_is_no_hint() -> None:
    said = outlook(overrides={("us", "c"): State.DOWN})
    found = hints("us", said=said)
    assert (found.pool, found.ground, told(found)) == (None, Ground.TAKEN_OUT, {})


@pytest.mark.parametrize(("ttl", "expected", "reason"), [(300, 30, "the policy's"), (20, 20, "the records' own")])
def test_the_ttl_is_the_lesser_of_the_policy_s_and_the_records(ttl: int, expected: int, reason: str) -> None:
    found = hints("free", ttl=ttl)
    assert (found.ttl, found.ttl_reason) == (expected, reason)
