"""Plans: rings stored once, addresses that take turns, the spare, and a flat draw that does what the values say."""

from array import array
from collections import Counter
from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.answer.cells import PICKS
from geodns.model.policy import Policy, Route
from geodns.model.pool import Family, Member, Pool, PoolName
from geodns.model.verdict import CLEAR, MemberKey, Outlook
from geodns.policy import select
from geodns.policy.distribution import Distribution
from geodns.table import layout
from geodns.table.plan import Plan, PlanKey, compile_plan, packed, width_for
from geodns.table.turns import turns
from tests import speeds
from tests.values import ORIGIN, check, member, outlook, policy, pool, rule

pytestmark = pytest.mark.usefixtures("speed")  # both of them

EU = Route((PoolName("eu"),))


def slots_of(*pools: Pool) -> dict[MemberKey, int]:
    keys = [MemberKey(ORIGIN, each.name, one.name) for each in pools for one in each.members]
    return {key: slot for slot, key in enumerate(keys, start=1)}


def compiled(
    *pools: Pool,
    family: Family = Family.IPV4,
    policy: Policy = policy(rule("eu")),  # noqa: B008
    routes: tuple[Route, ...] = (EU,),
    outlook: Outlook = CLEAR,
) -> Plan:
    key = PlanKey(ORIGIN, "global", family)
    by_name = {each.name: each for each in pools}
    return compile_plan(key, policy, by_name, routes, 0, outlook, slots_of(*pools))


class Tickets:
    """Draws from a plan one ticket after the other."""

    def __init__(self, plan: Plan) -> None:
        self.octets = plan.block
        self.words = memoryview(plan.block).cast("I")
        self.size = 16 if plan.key.family is Family.IPV4 else 28
        self.memory = speeds.running.the("answer.memory").private_memory()
        self._draw = speeds.running.the("answer.draw").draw
        self._query = speeds.running.the("answer.query").Query()

    def next(self, route: int = 0) -> tuple[str, ...]:
        self._query.route = route
        drawn = self._draw(self.words, 0, self._query, self.memory)
        if drawn == 0:
            return ()
        at, length, count = self.words[drawn : drawn + layout.ANSWER_WORDS]
        assert length == count * self.size
        records = (self.octets[at + n * self.size : at + (n + 1) * self.size] for n in range(count))
        return tuple(str(ip_address(record[12:])) for record in records)

    def take(self, count: int, route: int = 0) -> list[str]:
        return [" ".join(self.next(route)) for _ in range(count)]


def many(count: int) -> tuple[Member, ...]:
    return tuple(member(f"m{n}", f"192.0.2.{n}") for n in range(1, count + 1))


def test_round_robin_goes_round() -> None:
    assert Tickets(compiled(pool("eu", *many(3)))).take(4) == ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.1"]


def test_all_gives_everyone_and_turns_the_order() -> None:
    answers = Tickets(compiled(pool("eu", *many(3)), policy=policy(rule("eu"), select="all"))).take(3)
    assert answers == [
        "192.0.2.1 192.0.2.2 192.0.2.3",
        "192.0.2.2 192.0.2.3 192.0.2.1",
        "192.0.2.3 192.0.2.1 192.0.2.2",
    ]


def test_a_ring_of_answers_is_stored_once() -> None:
    plan = compiled(pool("eu", *many(100)), policy=policy(rule("eu"), select="all"))
    octets = len(plan.block) - memoryview(plan.block).cast("I")[_first_answer(plan)]
    assert octets <= 2 * 100 * 16


def _first_answer(plan: Plan) -> int:
    block = memoryview(plan.block).cast("I")
    entries = block[block[layout.PLAN_WORDS] + layout.DISTRIBUTION_ENTRIES]
    return block[entries + layout.ENTRY_SETS] + layout.ANSWER_OCTET


def test_a_member_s_addresses_take_turns_and_share_its_part() -> None:
    several = pool("eu", member("a", "192.0.2.1", "192.0.2.2"), member("b", "192.0.2.3"))
    assert Tickets(compiled(several)).take(4) == ["192.0.2.1", "192.0.2.3", "192.0.2.2", "192.0.2.3"]


def test_every_member_s_first_address_comes_before_any_second() -> None:
    members = [member("a", "192.0.2.1", "192.0.2.2"), member("b", "192.0.2.3", "192.0.2.4")]
    assert [[str(address) for address in turn] for turn in turns(members, Family.IPV4, 3)] == [
        ["192.0.2.1", "192.0.2.3", "192.0.2.2"],
        ["192.0.2.2", "192.0.2.4", "192.0.2.1"],
    ]


@pytest.mark.parametrize("weights", [(99, 1), (1, 99), (1000, 1), (3, 3)])
def test_heavy_members_change_their_addresses_within_a_round_too(weights: tuple[int, int]) -> None:
    first = member("a", "192.0.2.1", "192.0.2.2", weight=weights[0])
    plan = compiled(
        pool("eu", first, member("b", "192.0.2.3", weight=weights[1])), policy=policy(rule("eu"), select="weighted")
    )
    answers = Counter(Tickets(plan).take(2 * sum(weights)))
    assert answers["192.0.2.1"] == answers["192.0.2.2"] == weights[0]
    few = Counter(Tickets(plan).take(40))
    if weights[0] > 90:
        assert min(few["192.0.2.1"], few["192.0.2.2"]) > 10


@pytest.mark.parametrize(
    ("sizes", "limit", "variants"),
    [
        pytest.param((5, 7, 11), 3, 11, id="the longest list's turns instead of all combinations"),
        pytest.param((500,), 1, 500, id="one address at a time"),
        pytest.param((500,), 500, 63, id="every answer holds them all"),
        pytest.param((500, 3), 10, 100, id="an answer shows five of each"),
    ],
)
def test_very_many_turns_are_cut_short_but_each_address_comes(
    sizes: tuple[int, ...], limit: int, variants: int
) -> None:
    members = [member(f"m{n}", *(f"10.{n}.{a >> 8}.{a & 255}" for a in range(size))) for n, size in enumerate(sizes)]
    taken = turns(members, Family.IPV4, limit)
    assert len(taken) == variants
    assert {address for turn in taken for address in turn} == {a for each in members for a in each.addresses}


@pytest.mark.parametrize(("family", "size"), [(Family.IPV4, 16), (Family.IPV6, 28)])
def test_an_answer_fits_a_message_however_many_addresses_there_are(family: Family, size: int) -> None:
    addresses = [str(ip_address((10 << 24) + n)) for n in range(5000)]
    addresses += [str(ip_address((0x20010DB8 << 96) + n)) for n in range(5000)]
    answer = Tickets(
        compiled(pool("eu", member("a", *addresses)), family=family, policy=policy(rule("eu"), select="all"))
    )
    assert 50_000 < len(answer.next()) * size <= 60_000


V4_ONLY = pool(
    "eu", member("a", "192.0.2.1", "2001:db8::1"), member("b", "192.0.2.2"), member("c", "192.0.2.3", "2001:db8::3")
)


@pytest.mark.parametrize("selection", ["round_robin", "weighted"])
def test_the_same_ticket_names_the_same_member_where_it_has_both_families(selection: str) -> None:
    decided = policy(rule("eu"), select=selection)
    ipv4 = Tickets(compiled(V4_ONLY, policy=decided)).take(12)
    ipv6 = Tickets(compiled(V4_ONLY, policy=decided, family=Family.IPV6)).take(12)
    for one, other in zip(ipv4, ipv6, strict=True):
        if one != "192.0.2.2":
            assert one.removeprefix("192.0.2.") == other.removeprefix("2001:db8::")


def test_a_member_without_the_family_is_passed_over_and_its_part_is_shared() -> None:
    answers = Counter(Tickets(compiled(V4_ONLY, family=Family.IPV6)).take(12))
    assert answers == {"2001:db8::1": 6, "2001:db8::3": 6}


def test_a_heavy_member_without_the_family_spreads_its_part_within_a_round() -> None:
    members = [
        member("a", "192.0.2.1", "2001:db8::1"),
        member("b", "192.0.2.2", weight=998),
        member("c", "192.0.2.3", "2001:db8::3"),
    ]
    decided = policy(rule("eu"), select="weighted")
    answers = Counter(Tickets(compiled(pool("eu", *members), policy=decided, family=Family.IPV6)).take(1000))
    assert answers == {"2001:db8::1": 500, "2001:db8::3": 500}


def test_a_pool_without_the_family_has_no_answer() -> None:
    assert Tickets(compiled(pool("eu", *many(2)), family=Family.IPV6)).next() == ()


def test_a_route_without_pools_has_no_answer() -> None:
    plan = compiled(pool("eu", *many(2)), policy=policy(rule(country=["KP"]), rule("eu")), routes=(Route(()), EU))
    tickets = Tickets(plan)
    assert tickets.next(0) == ()
    assert tickets.next(1) == ("192.0.2.1",)


def test_routes_that_come_to_the_same_choice_share_a_distribution() -> None:
    pools = pool("eu", *many(2)), pool("us", member("x", "198.51.100.1"))
    fenced = Route((PoolName("eu"),), fence=True)
    plan = compiled(*pools, policy=policy(rule("eu")), routes=(EU, fenced, Route((PoolName("us"),))))
    offsets = memoryview(plan.block).cast("I")[layout.PLAN_WORDS : layout.PLAN_WORDS + 3]
    assert offsets[0] == offsets[1] != offsets[2]


def test_a_pool_s_own_selection_wins_over_the_policy_s() -> None:
    plan = compiled(pool("eu", *many(3), select="all"), policy=policy(rule("eu"), select="round_robin"))
    assert len(Tickets(plan).next()) == 3


def test_a_record_s_own_selection_wins_over_the_pool_s() -> None:
    decided = replace(policy(rule("eu"), select="round_robin"), select_is_final=True)
    plan = compiled(pool("eu", *many(3), select="all"), policy=decided)
    assert Tickets(plan).take(2) == ["192.0.2.1", "192.0.2.2"]


def test_each_answer_is_counted_for_every_member_that_it_names() -> None:
    tickets = Tickets(compiled(pool("eu", *many(3)), policy=policy(rule("eu"), answers=2)))
    tickets.take(3)
    assert list(tickets.memory.counts[PICKS : PICKS + 5]) == [0, 2, 2, 2, 0]


def test_a_rotation_goes_on_where_it_was_when_health_changes() -> None:
    web = check()
    eu = pool("eu", *many(3), check=web)
    before = Tickets(compiled(eu))
    before.take(4)
    after = Tickets(compiled(eu, outlook=outlook((web, "192.0.2.9"))))
    after.memory = before.memory
    assert after.take(1) == ["192.0.2.2"]


weights = st.lists(st.integers(1, 30), min_size=1, max_size=6)


@st.composite
def pools(draw_: st.DrawFn) -> Pool:
    """Members of either family or both, at least one of them with IPv4."""
    members = []
    for number, weight in enumerate(draw_(weights), start=1):
        have = draw_(st.sampled_from(["4", "6", "46", "446"])) if number > 1 else "4"
        addresses = [f"10.{number}.0.{n}" for n in range(1, have.count("4") + 1)]
        addresses += [f"2001:db8::{number}"] * have.count("6")
        members.append(member(f"m{number}", *addresses, weight=weight))
    return pool("eu", *members)


def owner_of(distribution: Distribution, ticket: int) -> tuple[str, ...]:
    rounds = ticket // distribution.total
    position = (ticket * distribution.step + rounds * distribution.drift) % distribution.total
    for each in distribution.draws:
        if position < each.weight:
            return tuple(one.name for one in each.members)
        position -= each.weight
    raise AssertionError("a position beyond the total")


@given(pools(), st.sampled_from(["round_robin", "weighted", "all"]), st.integers(1, 4))
def test_the_flat_draw_agrees_with_the_distribution_for_every_ticket(eu: Pool, selection: str, answers: int) -> None:
    plan = compiled(eu, policy=policy(rule("eu"), select=selection, answers=answers))
    slots = {slot: key.member for key, slot in slots_of(eu).items()}
    block = memoryview(plan.block).cast("I")
    at = block[layout.PLAN_WORDS]
    distribution = select(selection, eu.members, answers)
    for ticket in range(min(3 * distribution.total, 500)):
        draw = speeds.running.the("answer.draw")
        entry = draw.entry_at(block, 0, at, draw.position_of(block, at, ticket))
        tallies = block[entry + layout.ENTRY_TALLIES]
        named = tuple(slots[slot] for slot in block[tallies + 1 : tallies + 1 + block[tallies]])
        assert named == owner_of(distribution, ticket)


@given(pools(), st.sampled_from(["round_robin", "weighted"]))
def test_shares_converge_on_the_weights_with_the_parts_of_those_passed_over_shared_out(
    eu: Pool, selection: str
) -> None:
    plan = compiled(eu, policy=policy(rule("eu"), select=selection))
    own = [one for one in eu.members if one.of_family(Family.IPV4)]
    weight = {one.name: one.weight if selection == "weighted" else 1 for one in eu.members}
    total, spare = sum(weight.values()), sum(weight[one.name] for one in own)
    tickets = Tickets(plan)
    count = 4000
    answers = Counter(text.split(".")[1] for text in tickets.take(count))
    for one in own:
        share = weight[one.name] / total + (total - spare) / total * weight[one.name] / spare
        assert answers[one.name.removeprefix("m")] == pytest.approx(count * share, rel=0.02, abs=2 * total)


@pytest.mark.parametrize(("count", "bits"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (257, 16)])
def test_numbers_of_entries_are_as_wide_as_the_largest_needs(count: int, bits: int) -> None:
    assert 1 << width_for(count) == bits


@given(st.sampled_from([2, 3, 16, 200, 5000]), st.data())
def test_a_key_finds_the_entry_that_its_bucket_was_given(count: int, data: st.DataObject) -> None:
    buckets = data.draw(st.lists(st.integers(0, count - 1), min_size=64, max_size=64))
    at = layout.DISTRIBUTION_WORDS
    head = [0] * at
    head[layout.DISTRIBUTION_TOTAL], head[layout.DISTRIBUTION_ENTRIES] = len(buckets), 0
    head[layout.DISTRIBUTION_BUCKETS], head[layout.DISTRIBUTION_WIDTH] = at, width_for(count)
    head[layout.DISTRIBUTION_ORDER] = layout.ORDER_BY_CLIENT
    words = memoryview(array("I", [*head, *packed(buckets, width_for(count))]))
    entry_of = speeds.running.the("answer.draw").entry_of
    found = [entry_of(words, 0, 0, 64 * 1000 + bucket) // layout.ENTRY_WORDS for bucket in range(64)]
    assert found == buckets


def test_a_sticky_pool_is_small_however_many_clients_it_has() -> None:
    plan = compiled(pool("eu", *many(10)), policy=policy(rule("eu"), select="sticky"))
    assert len(plan.block) < 9000
