"""Small zones made at random, whose names lead to, cover and hide each other, with NSD as judge."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from geodns.config.lint import lint
from geodns.config.master import parse_master
from geodns.config.problem import ConfigError
from geodns.model.name import Name
from geodns.model.source import Source
from geodns.model.zone import Zone
from tests.judge.test_against_nsd import judged

pytestmark = [pytest.mark.sockets, pytest.mark.usefixtures("speed")]

HEAD = "$ORIGIN e.\n$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns.x.\n"
TYPES = ("A", "NS", "CNAME", "MX", "DS", "DNAME", "ANY")


def name(dice: Random) -> str:
    labels = [dice.choice("abc") for _ in range(dice.choice([0, 0, 1, 1, 2]))]
    return ".".join([dice.choice("abc*"), *labels])


def record(dice: Random) -> str:
    rtype = dice.choice(["A", "CNAME", "CNAME", "DNAME", "DNAME", "NS", "MX"])
    target = dice.choice([name(dice), name(dice), name(dice), "@", "x."])
    data = {"A": f"192.0.2.{dice.randrange(1, 9)}", "MX": f"1 {target}"}.get(rtype, target)
    return f"{name(dice)} {rtype} {data}\n"


def _anywhere(_: Name) -> Source:
    return Source("random")


def zones(dice: Random) -> Iterator[Zone]:
    """Those that may be served. A DNAME that leads below itself comes to no end, and servers stop at will."""
    while True:
        text = HEAD + "".join(record(dice) for _ in range(dice.randint(4, 14)))
        try:
            zone = parse_master(text.encode(), "random", "e")
        except ConfigError:
            continue
        said = lint(zone, _anywhere)
        if all(problem.is_warning and "come to no end" not in problem.message for problem in said):
            yield zone


def test_names_that_lead_to_cover_and_hide_each_other_are_answered_as_nsd_does(tmp_path: Path) -> None:
    made = zones(Random(6672))
    for number in range(6):
        zone = next(made)
        _, found = judged(zone, tmp_path / str(number), TYPES)
        records = [f"{each.owner!r} {each.rtype} {each.rdatas}" for each in zone.rrsets]
        assert not found, "\n".join([*found[:20], *records])
