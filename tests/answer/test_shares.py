"""What the engine draws from a real table, a million times, against the weights; and whether it has a memory.

Seeds are fixed, so each test comes out the same each time. Draws at random have to look like honest samples; those in
turn are far more even than any sample would be, and know what came before.
"""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from ipaddress import ip_address
from random import Random

import pytest

from geodns.answer.cells import SEED
from geodns.geo.atlas import Atlas
from geodns.interpreted import INTERPRETED
from geodns.model.pool import Member, Pool
from geodns.policy import select
from geodns.policy.distribution import Distribution
from geodns.table import layout
from geodns.table.odds import plan_at
from tests import speeds
from tests.chances import chi_square_tail, deviation, p_value, p_value_of_pairs
from tests.geo.speeds import same_at_both_speeds
from tests.values import atlas, member, policy, pool, rule, zone
from tests.world import Client, addresses, table_of

HONEST = 0.001  # of a thousand honest samples one would be farther off
Name = str


def members(*weights: int, groups: str = "") -> tuple[Member, ...]:
    """`a` has 192.0.2.1 and so on; `groups`: a letter for each, `-` for none."""
    named = zip(weights, groups or "-" * len(weights), strict=True)
    return tuple(
        member(chr(ord("a") + at), f"192.0.2.{at + 1}", weight=weight, group=None if group == "-" else group)
        for at, (weight, group) in enumerate(named)
    )


class Engine:
    """A table with one policy over one pool, and draws from it."""

    def __init__(self, eu: Pool, selection: str, answers: int = 1, seed: int = 1, where: Atlas | None = None) -> None:
        decided = policy(rule("eu"), select=selection, answers=answers)
        self.client = Client(table_of([zone(steered={"www": "global"}, pools=[eu], policies=[decided])], where))
        self.client.memory.rotation[SEED] = seed
        self._plan = plan_at(self.client.table, 0)
        self._draw = speeds.running.the("answer.draw").draw
        self._query = speeds.running.the("answer.query").Query()
        self._named: dict[int, str] = {}

    def draws(self, count: int) -> list[str]:
        """Of each answer the members, by their letters."""
        draw, plans, plan = self._draw, self.client.table.plans, self._plan
        query, memory = self._query, self.client.memory
        return list(map(self._name, [draw(plans, plan, query, memory) for _ in range(count)]))

    def draws_of(self, clients: "list[bytes]") -> list[str]:
        """Of each client, known by the three octets."""
        draw, plans, plan = self._draw, self.client.table.plans, self._plan
        query, memory = self._query, self.client.memory
        query.by_subnet, query.ecs_family, address = 1, 1, query.ecs_address
        found = []
        for each in clients:
            address[0], address[1], address[2] = each
            found.append(draw(plans, plan, query, memory))
        return list(map(self._name, found))

    def _name(self, at: int) -> str:
        if at not in self._named:
            plans, octets = self.client.table.plans, self.client.table.plans_octets
            first, _, count = plans[at : at + layout.ANSWER_WORDS]
            first += self._plan * 4
            self._named[at] = "".join(chr(ord("a") + octets[first + 16 * n + 15] - 1) for n in range(count))
        return self._named[at]


def count(fewer: int = 20_000) -> int:
    """Interpreted, a draw takes too long for a million of them."""
    return fewer if speeds.running.name == INTERPRETED else 1_000_000


def shares_of(distribution: Distribution) -> dict[str, float]:
    """Of each draw, by its members' letters."""
    shares: Counter[str] = Counter()
    for draw in distribution.draws:
        shares["".join(one.name for one in draw.members)] += draw.weight
    return {name: weight / distribution.total for name, weight in shares.items()}


def firsts(drawn: Mapping[str, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for names, times in drawn.items():
        found[names[0]] += times
    return dict(found)


def by_weight(pool: tuple[Member, ...]) -> dict[str, float]:
    return {one.name: one.weight / sum(each.weight for each in pool) for one in pool}


EQUAL, UNEQUAL, STEEP = members(1, 1, 1, 1, 1), members(5, 4, 3, 2, 1, 1), members(60, 25, 10, 4, 1)
RACKS = members(3, 1, 2, 2, 1, 1, 2, groups="xxxyyz-")


CASES = [
    ("round_robin", EQUAL, 1, by_weight(EQUAL)),
    ("round_robin", UNEQUAL, 1, dict.fromkeys("abcdef", 1 / 6)),
    ("round_robin", EQUAL, 3, by_weight(EQUAL)),
    ("all", UNEQUAL, 1, dict.fromkeys("abcdef", 1 / 6)),  # which comes first
    ("weighted", STEEP, 1, by_weight(STEEP)),
    ("weighted", UNEQUAL, 2, by_weight(UNEQUAL)),
    ("weighted", STEEP, 3, by_weight(STEEP)),  # two of them are always there
    ("weighted", RACKS, 2, by_weight(RACKS)),
    ("weighted", RACKS, 4, by_weight(RACKS)),  # one of each group
    ("round_robin", RACKS, 2, dict.fromkeys("abcdefg", 1 / 7)),
    ("random", STEEP, 1, by_weight(STEEP)),
    ("random", UNEQUAL, 2, by_weight(UNEQUAL)),
    ("random", STEEP, 3, by_weight(STEEP)),
    ("random", RACKS, 2, by_weight(RACKS)),
]
IDS = [f"{selection} {answers} of {''.join(str(one.weight) for one in pool)}" for selection, pool, answers, _ in CASES]


@pytest.mark.parametrize(("selection", "eu", "answers", "first"), CASES, ids=IDS)
def test_a_million_draws_follow_the_weights(
    selection: str, eu: tuple[Member, ...], answers: int, first: Mapping[Name, float]
) -> None:
    """What is drawn as a whole, who comes first, and who is in it at all."""
    engine, distribution = Engine(pool("eu", *eu), selection, answers), select(selection, eu, answers)
    drawn = Counter(engine.draws(count()))
    least = HONEST if selection == "random" else 0.999
    assert p_value(drawn, shares_of(distribution)) > least
    assert p_value(firsts(drawn), first) > least
    for one, share in distribution.shares().items():
        times = sum(number for names, number in drawn.items() if one in names)
        assert times == drawn.total() if share == 1 else deviation(times, drawn.total(), share) < 4


@pytest.mark.parametrize(
    ("eu", "answers", "inclusion"),
    [
        (UNEQUAL, 2, {"a": (10, 16), "b": (8, 16), "c": (6, 16), "d": (4, 16), "e": (2, 16), "f": (2, 16)}),
        (STEEP, 3, {"a": (1, 1), "b": (1, 1), "c": (10, 15), "d": (4, 15), "e": (1, 15)}),
        # x has 6 of 12 parts, so it is always there; of the others one, by weight
        (RACKS, 2, {"a": (3, 6), "b": (1, 6), "c": (2, 6), "d": (2, 6), "e": (1, 6), "f": (1, 6), "g": (2, 6)}),
        (RACKS, 4, {"a": (3, 6), "b": (1, 6), "c": (2, 6), "d": (2, 3), "e": (1, 3), "f": (1, 1), "g": (1, 1)}),
    ],
)
@pytest.mark.parametrize("selection", ["weighted", "random"])
def test_inclusion_probabilities_are_those_that_were_worked_out_by_hand(
    selection: str, eu: tuple[Member, ...], answers: int, inclusion: Mapping[Name, tuple[int, int]]
) -> None:
    drawn = Counter(Engine(pool("eu", *eu), selection, answers, seed=7).draws(count() // 4))
    for one, part in inclusion.items():
        share = Fraction(*part)
        times = sum(number for names, number in drawn.items() if one in names)
        assert times == drawn.total() if share == 1 else deviation(times, drawn.total(), float(share)) < 4


@pytest.mark.parametrize("weights", [(1, 1), (1, 1, 1, 1, 1), (60, 25, 10, 5), (3, 1)])
@pytest.mark.parametrize("apart", [1, 2, 7])
def test_random_has_no_memory_and_all_others_have(weights: tuple[int, ...], apart: int) -> None:
    """Pairs of draws, so many apart: independent, or not."""
    eu, seed = members(*weights), sum(weights) * 10 + apart
    shares = by_weight(eu)
    assert p_value_of_pairs(Engine(pool("eu", *eu), "random", seed=seed).draws(count()), shares, apart) > HONEST
    in_turn = Engine(pool("eu", *eu), "weighted").draws(20_000)
    assert p_value_of_pairs(in_turn, shares, apart) < 1e-12
    alike = dict.fromkeys(shares, 1 / len(shares))
    assert p_value_of_pairs(Engine(pool("eu", *eu), "round_robin").draws(20_000), alike, apart) < 1e-12


def test_servers_and_rotations_draw_differently() -> None:
    eu = members(1, 1)
    some = [Engine(pool("eu", *eu), "random", seed=seed).draws(4000) for seed in (1, 2, 0x7FFFFFFF)]
    for one, other in ((some[0], some[1]), (some[0], some[2]), (some[1], some[2])):
        for shift in range(4):
            same = sum(a == b for a, b in zip(one, other[shift:], strict=False))
            assert deviation(same, 4000 - shift, 0.5) < 4


def test_several_addresses_of_a_member_are_drawn_at_random_too() -> None:
    eu = pool("eu", member("x", "192.0.2.1", "192.0.2.2", "192.0.2.3", weight=3), member("y", "192.0.2.4", weight=2))
    drawn = Engine(eu, "random", seed=3).draws(count())
    shares = {"a": 0.2, "b": 0.2, "c": 0.2, "d": 0.4}
    assert p_value(Counter(drawn), shares) > HONEST
    assert p_value_of_pairs(drawn, shares) > HONEST


def test_where_the_drawn_member_lacks_the_family_the_others_share_its_part_at_random() -> None:
    eu = pool("eu", member("x", "192.0.2.1", weight=3), member("y", "2001:db8::1", weight=4), member("z", "192.0.2.2"))
    drawn = Engine(eu, "random", seed=4).draws(count())
    assert p_value(Counter(drawn), {"a": 0.75, "b": 0.25}) > HONEST
    assert p_value_of_pairs(drawn, {"a": 0.75, "b": 0.25}) > HONEST


@pytest.mark.parametrize("weights", [(1, 1, 1, 1, 1), (60, 25, 10, 4, 1)])
def test_a_million_random_prefixes_fall_to_sticky_s_members_as_its_buckets_say(weights: tuple[int, ...]) -> None:
    eu, dice = members(*weights), Random(5)
    octets = dice.randbytes(3 * count())
    clients = [octets[at : at + 3] for at in range(0, len(octets), 3)]
    drawn = Counter(Engine(pool("eu", *eu), "sticky").draws_of(clients))
    assert p_value(drawn, select("sticky", eu, 1).shares()) > HONEST


def test_the_whole_answer_path_draws_what_the_engine_does() -> None:
    eu = pool("eu", *UNEQUAL)
    client = Engine(eu, "random", seed=9, where=atlas()).client
    asked = [addresses(client.ask("www.example.com."))[0] for _ in range(300)]
    drawn = Engine(eu, "random", seed=9).draws(300)
    assert [chr(ord("a") + ip_address(each).packed[3] - 1) for each in asked] == drawn


def test_numbers_at_random_are_the_same_at_both_speeds() -> None:
    dice = Random(6)
    for _ in range(2000):
        word = dice.getrandbits(31)
        mixed = same_at_both_speeds("geodns.answer.chance", "mixed", word)
        assert isinstance(mixed, int)
        assert 0 <= mixed <= layout.HASH_MASK
        same_at_both_speeds("geodns.answer.chance", "number_of", word, dice.randrange(65536), dice.getrandbits(31))


def test_one_bit_of_a_ticket_or_seed_changes_each_bit_of_the_number_in_half_of_all_cases() -> None:
    number_of, dice, rounds = speeds.running.the("answer.chance").number_of, Random(7), 400
    flipped = Counter[tuple[int, int]]()
    for _ in range(rounds):
        ticket, slot, seed = dice.getrandbits(31), dice.randrange(65536), dice.getrandbits(31)
        plain = number_of(ticket, slot, seed)
        for bit in range(31):
            for at, changed in enumerate(
                (number_of(ticket ^ 1 << bit, slot, seed), number_of(ticket, slot, seed ^ 1 << bit))
            ):
                flipped.update((62 * at + bit, out) for out in range(31) if (plain ^ changed) >> out & 1)
    assert max(deviation(flipped[at, out], rounds, 0.5) for at in (*range(31), *range(62, 93)) for out in range(31)) < 6


@pytest.mark.parametrize(("statistic", "freedom", "tail"), [(3.841, 1, 0.05), (23.209, 10, 0.01), (124.342, 100, 0.05)])
def test_the_test_itself_has_the_values_of_the_tables(statistic: float, freedom: int, tail: float) -> None:
    assert chi_square_tail(statistic, freedom) == pytest.approx(tail, rel=0.001)
