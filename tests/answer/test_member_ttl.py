"""A member's own TTL is the most that answers with it have; the others keep theirs."""

import pytest

from geodns.model.verdict import CLEAR, Outlook
from geodns.model.zone import Zone
from tests.values import check, member, of_pools, outlook, policy, pool, rule, zone
from tests.world import Client, addresses, table_of

WEB = check(interval=5.0)
EU = pool(
    "eu",
    member("short", "192.0.2.1", "2001:db8::1", ttl=10),
    member("long", "192.0.2.2", ttl=3600),
    member("plain", "192.0.2.3", "2001:db8::3"),
)
FAILED = pool("failed", member("short", "192.0.2.11", ttl=4), member("plain", "192.0.2.12"), check=WEB)


def served(select: str = "round_robin", answers: int = 1) -> Zone:
    pools = [EU, FAILED, of_pools("both", (EU, 1), (FAILED, 1))]
    policies = [policy(rule(each.name), name=each.name, select=select, answers=answers) for each in pools]
    return zone(steered={each.name: each.name for each in policies}, pools=pools, policies=policies)


def ttls(
    name: str, select: str = "round_robin", answers: int = 1, rtype: str = "A", said: Outlook = CLEAR
) -> set[tuple[frozenset[str], int]]:
    """(last numbers of the addresses, TTL) of some answers."""
    client = Client(table_of([served(select, answers)], outlook=said))
    replies = [client.ask(f"{name}.example.com.", rtype, subnet=f"8.8.{n}.0/24") for n in range(60)]
    return {
        (frozenset(address[-1] for address in addresses(reply)), rrset.ttl)
        for reply in replies
        for rrset in reply.answer
    }


@pytest.mark.parametrize("select", ["round_robin", "weighted", "sticky"])
def test_answers_with_the_member_have_at_most_its_ttl(select: str) -> None:
    one, two, three = (frozenset(number) for number in "123")
    assert ttls("eu", select) == {(one, 10), (two, 30), (three, 30)}
    assert ttls("eu", select, rtype="AAAA") == {(one, 10), (three, 30)}


def test_of_several_members_the_least_counts_for_all() -> None:
    assert ttls("eu", answers=2) == {(frozenset("12"), 10), (frozenset("23"), 30), (frozenset("13"), 10)}
    assert ttls("eu", "all") == {(frozenset("123"), 10)}


def test_what_is_less_already_stays_so() -> None:
    down = outlook((WEB, "192.0.2.11"), (WEB, "192.0.2.12"))
    assert ttls("failed", said=down) == {(frozenset("1"), 4), (frozenset("2"), 10)}


def test_it_goes_along_into_a_pool_of_pools() -> None:
    found = ttls("both", said=outlook((WEB, "192.0.2.12")))
    assert found == {(frozenset("1"), 10), (frozenset("1"), 4), (frozenset("2"), 15), (frozenset("3"), 15)}
