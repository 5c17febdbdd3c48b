"""Pools of pools, with names and without."""

from pathlib import Path

from geodns.model.policy import Ordered
from geodns.model.pool import PoolName
from tests.config.example import changed, problems, read

WEIGHTED = "{weighted: {eu: 95, us: 5}}"


def test_a_rule_s_weighted_pools_are_one_step_of_its_order(tmp_path: Path) -> None:
    zone = read(changed("{nearest: [eu, us]}", f"[{WEIGHTED}, sorry]"), tmp_path)
    name = PoolName("eu 95 + us 5")
    assert zone.policies["global"].rules[-1].pools == Ordered((name, PoolName("sorry")))
    assert [(part.pool, part.weight) for part in zone.pools[name].parts] == [
        (zone.pools[PoolName("eu")], 95),
        (zone.pools[PoolName("us")], 5),
    ]


def test_they_may_be_all_that_a_rule_has(tmp_path: Path) -> None:
    zone = read(changed("{nearest: [eu, us]}", WEIGHTED), tmp_path)
    assert zone.policies["global"].rules[-1].pools == Ordered((PoolName("eu 95 + us 5"),))


def test_a_pool_is_made_of_pools_that_may_stand_after_it(tmp_path: Path) -> None:
    text = changed(
        "pools:\n  eu", "pools:\n  outer: {pools: {inner: 1, sorry: 0}}\n  inner: {pools: {eu: 3, us: 1}}\n  eu"
    )
    zone = read(text.replace("{nearest: [eu, us]}", "[outer]"), tmp_path)
    outer, inner = zone.pools[PoolName("outer")], zone.pools[PoolName("inner")]
    assert [(part.pool, part.weight) for part in outer.parts] == [(inner, 1), (zone.pools[PoolName("sorry")], 0)]
    assert [leaf.name for leaf in outer.leaves()] == ["eu", "us", "sorry"]


def test_what_is_in_a_used_pool_is_used(tmp_path: Path) -> None:
    text = changed("pools:\n  eu", "pools:\n  lone: {pools: {eu: 1}}\n  eu")
    assert problems(text, tmp_path) == ["10:3: warning: no policy or record uses the pool 'lone'"]
    text = text.replace("{nearest: [eu, us]}", "[lone, us]")
    assert problems(text, tmp_path) == []
