"""A compiled distribution read back: the odds are those of the distribution that it was compiled from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.model.pool import ADDRESS_FAMILIES, Family, Member, Pool
from geodns.model.verdict import CLEAR, Outlook
from geodns.model.zone import Zone
from geodns.policy import select
from geodns.policy.distribution import Distribution
from geodns.table.odds import odds, plan_at
from geodns.table.slots import Ledgers
from tests.values import alias, check, member, of_pools, outlook, policy, pool, rule, zone
from tests.world import table_of

BY_TICKET = st.sampled_from(["round_robin", "weighted", "random", "all"])


@st.composite
def pools(draw_: st.DrawFn) -> Pool:
    """Members of either family or both, at least one of them with IPv4 and one with IPv6."""
    members = []
    for number, weight in enumerate(draw_(st.lists(st.integers(1, 30), min_size=1, max_size=6)), start=1):
        have = draw_(st.sampled_from(["4", "6", "46", "446"])) if number > 1 else "46"
        addresses = [f"10.{number}.0.{n}" for n in range(1, have.count("4") + 1)]
        addresses += [f"2001:db8::{number}"] * have.count("6")
        members.append(member(f"m{number}", *addresses, weight=weight))
    return pool("eu", *members)


def served(eu: Pool, selection: str = "weighted", answers: int = 1) -> Zone:
    decided = policy(rule("eu"), name="web", select=selection, answers=answers)
    return zone(steered={"www": "web"}, pools=[eu], policies=[decided])


def read(served: Zone, family: Family, said: Outlook = CLEAR) -> dict[str, float]:
    """Member → odds, of the plan for this family, on its first route."""
    slots = Ledgers.empty().for_zones([served]).member_slots([served])
    named = {slot: key.member for key, slot in slots.items()}
    table = table_of([served], outlook=said)
    found = odds(table, plan_at(table, list(Family).index(family)), 0)
    return {named[slot]: share for slot, share in found.items()}


def of_family(distribution: Distribution, spare: Distribution, family: Family) -> dict[str, float]:
    """What should come of it: draws with a member that lacks the family are drawn from the spare instead."""
    shares: dict[str, float] = {}
    for draw in distribution.draws:
        part = draw.weight / distribution.total
        if all(one.of_family(family) for one in draw.members):
            drawn = dict.fromkeys((one.name for one in draw.members), 1.0)
        else:
            drawn = spare.shares()
        for name, share in drawn.items():
            shares[name] = shares.get(name, 0.0) + part * share
    return shares


@given(pools(), BY_TICKET, st.integers(1, 4))
def test_odds_are_the_shares_of_the_distribution(eu: Pool, selection: str, answers: int) -> None:
    for family in ADDRESS_FAMILIES:
        own: tuple[Member, ...] = tuple(one for one in eu.members if one.of_family(family))
        expected = of_family(select(selection, eu.members, answers), select(selection, own, answers), family)
        assert read(served(eu, selection, answers), family) == pytest.approx(expected)


@given(pools(), st.integers(1, 4))
def test_odds_of_sticky_are_the_shares_among_those_that_have_the_family(eu: Pool, answers: int) -> None:
    for family in ADDRESS_FAMILIES:
        own = [one for one in eu.members if one.of_family(family)]
        expected = select("sticky", own, answers).shares()
        assert read(served(eu, "sticky", answers), family) == pytest.approx(expected)


def test_who_has_all_families_has_the_plain_shares() -> None:
    eu = pool("eu", member("a", "192.0.2.1", weight=3), member("b", "192.0.2.2", "192.0.2.3"))
    assert read(served(eu), Family.IPV4) == select("weighted", eu.members, 1).shares() == {"a": 0.75, "b": 0.25}


def test_with_several_addresses_in_an_answer_the_odds_add_up_to_as_many() -> None:
    eu = pool("eu", *(member(f"m{n}", f"192.0.2.{n}", weight=n) for n in range(1, 6)))
    assert sum(read(served(eu, answers=3), Family.IPV4).values()) == pytest.approx(3.0)


def test_who_is_down_or_a_last_resort_has_no_odds() -> None:
    web = check()
    eu = pool("eu", member("a", "192.0.2.1"), member("b", "192.0.2.2"), member("c", "192.0.2.3", weight=0), check=web)
    assert read(served(eu), Family.IPV4, outlook((web, "192.0.2.1"))) == {"b": 1.0}
    assert read(served(eu), Family.IPV4, outlook((web, "192.0.2.1"), (web, "192.0.2.2"))) == {"c": 1.0}


def test_a_route_without_an_address_has_no_odds() -> None:
    nowhere = policy(rule(), name="web", fallback="eu")
    eu = pool("eu", member("a", "192.0.2.1"))
    assert read(zone(steered={"www": "web"}, pools=[eu], policies=[nowhere]), Family.IPV4) == {}


def test_where_a_cname_shares_with_addresses_other_types_have_its_part_alone() -> None:
    eu, cdn = (
        pool("eu", member("a", "192.0.2.1"), member("b", "2001:db8::2")),
        pool("cdn", alias("x", "x.example.net.")),
    )
    both = of_pools("both", (eu, 2), (cdn, 2))
    decided = policy(rule("both"), name="web")
    served = zone(steered={"www": "web"}, pools=[both, eu, cdn], policies=[decided])
    assert read(served, Family.IPV4) == {"a": 0.5, "x": 0.5}
    assert read(served, Family.IPV6) == {"b": 0.5, "x": 0.5}
    assert read(served, Family.ALIAS) == {"x": 0.5}
