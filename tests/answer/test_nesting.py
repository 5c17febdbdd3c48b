"""Pools of pools in the answers: shares come out exactly, round by round, and each answer counts for its own pool."""

from collections import Counter

import pytest

from geodns.answer import cells
from geodns.model.pool import Pool
from geodns.model.verdict import CLEAR, Outlook
from geodns.table.slots import Ledgers
from tests.values import check, member, of_pools, outlook, policy, pool, rule, zone
from tests.world import Client, addresses, table_of

CHECK = check()
OLD = pool("old", member("a", "192.0.2.1", weight=3), member("b", "192.0.2.2"), check=CHECK)
NEW = pool("new", member("c", "192.0.2.3"), check=CHECK)
CANARY = of_pools("canary", (OLD, 95), (NEW, 5))
ROUND = 80  # 57 + 19 + 4, which is 285 : 95 : 20


def served(*pools: Pool, said: Outlook = CLEAR, select: str = "round_robin") -> Client:
    made = zone(steered={"www": "canary"}, pools=pools, policies=[policy(rule("canary"), name="canary", select=select)])
    return Client(table_of([made], outlook=said))


def asked(client: Client, times: int) -> dict[str, int]:
    return dict(Counter(address for _ in range(times) for address in addresses(client.ask("www.example.com."))))


@pytest.mark.parametrize("select", ["round_robin", "weighted"])
def test_each_round_has_exactly_the_shares(select: str) -> None:
    client = served(OLD, NEW, CANARY, select=select)
    for _ in range(3):
        assert asked(client, ROUND) == {"192.0.2.1": 57, "192.0.2.2": 19, "192.0.2.3": 4}


def test_a_pool_that_fails_leaves_the_answers() -> None:
    client = served(OLD, NEW, CANARY, said=outlook((CHECK, "192.0.2.3")))
    assert asked(client, 8) == {"192.0.2.1": 6, "192.0.2.2": 2}


def test_an_answer_counts_for_the_member_where_it_is_written() -> None:
    client = served(OLD, NEW, CANARY)
    asked(client, ROUND)
    labels = Ledgers.empty().for_zones([zone(pools=[OLD, NEW, CANARY])]).members.numbered()
    picks = {label: client.memory.counts[cells.PICKS + slot] for label, slot in labels.items()}
    assert picks == {"example.com. old a": 57, "example.com. old b": 19, "example.com. new c": 4}
