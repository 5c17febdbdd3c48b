"""Who of a pool is up."""

from math import inf

import pytest

from geodns.model.check import Target
from geodns.model.pool import Family, Member, Pool, Quorum, State
from geodns.model.verdict import Outlook, Standing, Verdict
from geodns.policy.availability import Availability, availability
from tests.values import ORIGIN, alias, check, member, of_pools, outlook, pool

CHECK = check(interval=10.0)
BOTH = ("192.0.2.1", "2001:db8::1")


def of(pool: Pool, said: Outlook, family: Family = Family.IPV4) -> Availability:
    return availability(ORIGIN, pool, family, said)


def four(min_healthy: Quorum = Quorum(1)) -> Pool:  # noqa: B008
    return pool("eu", *(member(f"m{n}", f"192.0.2.{n}") for n in (1, 2, 3, 4)), check=CHECK, min_healthy=min_healthy)


def down(*last_octets: int) -> Outlook:
    return outlook(*((CHECK, f"192.0.2.{octet}") for octet in last_octets))


def names(members: tuple[Member, ...]) -> str:
    return " ".join(each.name for each in members)


@pytest.mark.parametrize(
    ("quorum", "failed", "holds"),
    [
        pytest.param(Quorum(1), (), True, id="all up"),
        pytest.param(Quorum(1), (1, 2, 3), True, id="one is enough by default"),
        pytest.param(Quorum(1), (1, 2, 3, 4), False, id="none is never enough"),
        pytest.param(Quorum(0), (1, 2, 3, 4), False, id="not even where 0 is asked"),
        pytest.param(Quorum(0, is_share=True), (1, 2, 3, 4), False, id="or 0 per cent"),
        pytest.param(Quorum(3), (1,), True, id="exactly the count"),
        pytest.param(Quorum(3), (1, 2), False, id="fewer than the count"),
        pytest.param(Quorum(50, is_share=True), (1, 2), True, id="exactly the share"),
        pytest.param(Quorum(51, is_share=True), (1, 2), False, id="a hair less than the share"),
        pytest.param(Quorum(100, is_share=True), (1,), False, id="all are asked for"),
    ],
)
def test_a_pool_with_fewer_than_min_healthy_members_up_fails_as_a_whole(
    quorum: Quorum, failed: tuple[int, ...], holds: bool
) -> None:
    assert of(four(min_healthy=quorum), down(*failed)).holds is holds


def test_a_share_is_one_of_the_members_that_operators_left_in() -> None:
    said = outlook((CHECK, "192.0.2.3"), overrides={("eu", "m1"): State.DOWN, ("eu", "m2"): State.DRAIN})
    view = of(four(min_healthy=Quorum(50, is_share=True)), said)
    assert view.holds
    assert (names(view.up.own), names(view.admitted.own)) == ("m4", "m3 m4")


@pytest.mark.parametrize(
    ("written", "said", "healthy", "is_up"),
    [
        pytest.param(None, None, True, True, id="health decides: up"),
        pytest.param(None, None, False, False, id="health decides: down"),
        pytest.param(State.UP, None, False, True, id="state up beats a failing check"),
        pytest.param(State.DOWN, None, True, False, id="state down beats a passing check"),
        pytest.param(State.DRAIN, None, True, False, id="state drain beats a passing check"),
        pytest.param(None, State.UP, False, True, id="an override up beats a failing check"),
        pytest.param(None, State.DOWN, True, False, id="an override down beats a passing check"),
        pytest.param(State.DOWN, State.UP, False, True, id="an override beats the zone file: up"),
        pytest.param(State.UP, State.DRAIN, True, False, id="an override beats the zone file: drain"),
    ],
)
def test_operator_states_beat_health(written: State | None, said: State | None, healthy: bool, is_up: bool) -> None:
    asked = pool("eu", member("m1", "192.0.2.1", state=written), member("m2", "192.0.2.2"), check=CHECK)
    failed = () if healthy else ((CHECK, "192.0.2.1"),)
    view = of(asked, outlook(*failed, overrides={("eu", "m1"): said} if said else {}))
    assert ("m1" in names(view.up.own)) is is_up


@pytest.mark.parametrize(
    ("verdict", "is_up"),
    [(Verdict.UP, True), (Verdict.DOWN, False), (Verdict.UNKNOWN, True), (None, True)],
)
def test_an_address_is_up_until_a_verdict_says_that_it_is_down(verdict: Verdict | None, is_up: bool) -> None:
    asked = pool("eu", member("m1", "192.0.2.1"), check=CHECK)
    standings = {Target(CHECK, asked.members[0].addresses[0]): Standing(verdict, 1.0)} if verdict else {}
    assert of(asked, Outlook(standings, {})).holds is is_up


def test_without_a_check_everything_is_up_and_nothing_flips() -> None:
    view = of(pool("eu", member("m1", "192.0.2.1")), down(1))
    assert view.holds
    assert view.flip_in == inf


def test_verdicts_are_per_address_and_a_broken_ipv6_leaves_ipv4_in() -> None:
    asked = pool("eu", member("m1", *BOTH), member("m2", "192.0.2.2", "2001:db8::2"), check=CHECK)
    said = outlook((CHECK, "2001:db8::1"))
    assert names(of(asked, said, Family.IPV4).up.own) == "m1 m2"
    assert names(of(asked, said, Family.IPV6).up.own) == "m2"


def test_a_failed_address_of_a_member_leaves_its_others_in() -> None:
    asked = pool("eu", member("m1", "192.0.2.1", "192.0.2.2"), check=CHECK)
    assert [str(address) for address in of(asked, down(1)).up.own[0].addresses] == ["192.0.2.2"]


def test_a_pool_without_the_family_is_judged_by_the_other_one() -> None:
    asked = pool("eu", member("m1", "192.0.2.1"), check=CHECK)
    healthy, failed = of(asked, down(), Family.IPV6), of(asked, down(1), Family.IPV6)
    assert (healthy.holds, healthy.up.own) == (True, ())
    assert not failed.holds


@pytest.mark.parametrize(
    ("failed", "answering"),
    [
        pytest.param((), "heavy", id="weight 0 does not answer while another can"),
        pytest.param((1,), "last1 last2", id="weight 0 is the last resort in its pool"),
        pytest.param((1, 2), "last2", id="the last resort may fail too"),
    ],
)
def test_weight_0_is_the_last_resort(failed: tuple[int, ...], answering: str) -> None:
    asked = pool(
        "eu",
        member("heavy", "192.0.2.1", weight=5),
        member("last1", "192.0.2.2", weight=0),
        member("last2", "192.0.2.3", weight=0),
        check=CHECK,
    )
    view = of(asked, down(*failed))
    assert names(view.up.own) == answering
    assert all(each.weight > 0 for each in view.up.own), "no selection meets a weight of 0"


@pytest.mark.parametrize(
    ("asked", "said", "reason"),
    [
        (four(), down(1, 2, 3, 4), "none of 4 members is up"),
        (four(min_healthy=Quorum(3)), down(1, 2), "2 of 4 members up, min_healthy is 3"),
        (four(min_healthy=Quorum(80, is_share=True)), down(1), "3 of 4 members up, min_healthy is 80%"),
        (
            pool("eu", member("m1", "192.0.2.1", state=State.DRAIN), check=CHECK),
            down(),
            "operators have taken out every member",
        ),
    ],
)
def test_a_pool_that_is_passed_over_says_why(asked: Pool, said: Outlook, reason: str) -> None:
    view = of(asked, said)
    assert not view.holds
    assert view.reason == reason


def test_the_soonest_flip_is_that_of_the_addresses_that_health_decides_for() -> None:
    asked = pool("eu", member("m1", "192.0.2.1"), member("m2", "192.0.2.2"), check=CHECK)
    soon, late = (Target(CHECK, each.addresses[0]) for each in asked.members)
    standings = {soon: Standing(Verdict.UP, 3.0), late: Standing(Verdict.UP, 20.0)}
    assert of(asked, Outlook(standings, {})).flip_in == 3.0
    held = outlook(overrides={("eu", "m1"): State.UP}).overrides
    assert of(asked, Outlook(standings, held)).flip_in == 20.0
    assert of(asked, Outlook({soon: standings[soon]}, held)).flip_in == CHECK.interval  # m2 was never judged


CDN = pool("cdn", alias("d1", "d1.example.net."), alias("d2", "d2.example.net.", weight=0))


@pytest.mark.parametrize("family", Family)
def test_a_pool_of_cnames_holds_in_every_family_while_operators_leave_a_member_in(family: Family) -> None:
    view = of(CDN, outlook(), family)
    assert (view.holds, names(view.up.own), view.flip_in) == (True, "d1", inf)
    view = of(CDN, outlook(overrides={("cdn", "d1"): State.DRAIN}), family)
    assert (view.holds, names(view.up.own)) == (True, "d2")
    view = of(CDN, outlook(overrides={("cdn", "d1"): State.DRAIN, ("cdn", "d2"): State.DOWN}), family)
    assert (view.holds, view.reason) == (False, "operators have taken out every member")


def test_for_other_types_a_pool_of_addresses_holds_while_either_family_does() -> None:
    both = pool("eu", member("a", *BOTH), check=CHECK)
    half = of(both, outlook((CHECK, BOTH[0])), Family.ALIAS)
    assert (half.holds, names(half.up.everyone), names(half.up.own)) == (True, "a", "")
    assert not of(both, outlook(*((CHECK, address) for address in BOTH)), Family.ALIAS).holds


def test_with_addresses_in_a_pool_of_pools_each_is_among_those_that_answer_for_it() -> None:
    mixed = of_pools("mixed", (pool("eu", member("a", "192.0.2.1")), 3), (CDN, 1))
    found = {family: of(mixed, outlook(), family).up for family in Family}
    assert {family: names(roster.own) for family, roster in found.items()} == {
        Family.IPV4: "a d1",
        Family.IPV6: "d1",
        Family.ALIAS: "d1",
    }
    assert {names(roster.everyone) for roster in found.values()} == {"a d1"}
    assert [each.weight for each in found[Family.IPV4].own] == [3, 1]
