"""Kept territories: found again, drawn anew where they are damaged, dropped when nobody asks for them."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from geodns.control.landkeep import LandKeep
from geodns.model.policy import Made, Route
from geodns.model.pool import PoolName
from geodns.table.lands import Land, draw_lands
from tests.values import atlas, member, place, policy, pool, rule, zone

EU, US = PoolName("eu"), PoolName("us")
MADE = Made(PoolName("both"), ((EU, 95), (US, 5))), Made(PoolName("in order"), ((EU, 1), (US, 1)), in_order=True)
LAND = Land((Route(()), Route((EU, US), fence=True), Route((MADE[1].name,), made=MADE)), b"a block\0")
DAY = 86400.0


def fails() -> Land:
    raise AssertionError("it was kept, and yet it is drawn")


def age(path: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(path, (then, then))


def test_what_was_drawn_once_is_not_drawn_again(tmp_path: Path) -> None:
    assert LandKeep(tmp_path).keep("abc", lambda: LAND) == LAND
    assert LandKeep(tmp_path).keep("abc", fails) == LAND


def test_each_digest_is_kept_for_itself(tmp_path: Path) -> None:
    keep, other = LandKeep(tmp_path), Land((Route(()),), b"another\0")
    keep.keep("abc", lambda: LAND)
    assert keep.keep("def", lambda: other) == other
    assert (keep.keep("abc", fails), keep.keep("def", fails)) == (LAND, other)


def flip_last(path: Path) -> None:
    octets = bytearray(path.read_bytes())
    octets[-1] ^= 1
    path.write_bytes(octets)


@pytest.mark.parametrize(
    "damage",
    [
        flip_last,
        lambda path: path.write_bytes(path.read_bytes()[:-3]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes().replace(b"geodns-land-1", b"geodns-land-2")),
        lambda path: path.write_bytes(b"\0" * 200),
    ],
    ids=["a bit turned", "cut short", "empty", "of another version", "zeros"],
)
def test_one_that_is_damaged_is_drawn_anew_and_kept_again(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    keep = LandKeep(tmp_path)
    keep.keep("abc", lambda: LAND)
    damage(tmp_path / "abc.land")
    anew = Land((Route(()),), b"drawn anew\0\0")
    assert keep.keep("abc", lambda: anew) == anew
    assert keep.keep("abc", fails) == anew


def test_one_that_nobody_asked_for_in_a_week_is_dropped_and_so_is_what_a_crash_left(tmp_path: Path) -> None:
    keep = LandKeep(tmp_path)
    for digest in ("old", "fresh"):
        keep.keep(digest, lambda: LAND)
    (tmp_path / ".torn.land.4711").write_bytes(b"half")
    age(tmp_path / "old.land", 7.1)
    age(tmp_path / "fresh.land", 6.9)
    age(tmp_path / ".torn.land.4711", 8)
    keep.prune()
    assert [path.name for path in tmp_path.iterdir()] == ["fresh.land"]


def test_one_that_is_asked_for_stays_however_old_it_is(tmp_path: Path) -> None:
    keep = LandKeep(tmp_path)
    keep.keep("abc", lambda: LAND)
    age(tmp_path / "abc.land", 100)
    keep.keep("abc", fails)
    keep.prune()
    assert keep.keep("abc", fails) == LAND


def test_a_restart_with_the_same_rules_and_database_draws_nothing(tmp_path: Path) -> None:
    world = atlas({"9.9.9.0/24": place("EU/DE")})
    served = zone(
        pools=[pool("eu", member("a", "192.0.2.1")), pool("us", member("b", "192.0.2.2"))],
        policies=[policy(rule("eu", country=["DE"]), rule("us"))],
    )
    drawn = draw_lands([served], world, LandKeep(tmp_path).keep)
    assert draw_lands([served], world, lambda digest, _: LandKeep(tmp_path).keep(digest, fails)) == drawn
