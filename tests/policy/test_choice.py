"""Which pool answers: failover, fallback, fail open, fences, and what operators took out."""

from dataclasses import replace

import pytest

from geodns.model.check import Target
from geodns.model.policy import Policy, Route
from geodns.model.pool import Family, Member, PoolName, State
from geodns.model.verdict import Outlook, Standing, Verdict
from geodns.policy.choice import FAIL_OPEN_TTL, Choice, Ground, PassedOver, choose
from tests.values import ORIGIN, check, member, outlook, policy, pool, route, rule

CHECK = check(interval=10.0)
POOLS = {
    each.name: each
    for each in (
        pool("eu", member("eu1", "192.0.2.1", "2001:db8:1::1"), member("eu2", "192.0.2.2"), check=CHECK),
        pool("us", member("us1", "192.0.2.11", "2001:db8:2::1"), check=CHECK),
        pool("v4", member("old", "192.0.2.21"), check=CHECK),
        pool("sorry", member("static", "192.0.2.31", "2001:db8:3::1")),
    )
}
EVERYTHING = ("192.0.2.1", "192.0.2.2", "192.0.2.11", "192.0.2.21", "2001:db8:1::1", "2001:db8:2::1")
EU = ("192.0.2.1", "192.0.2.2", "2001:db8:1::1")
US = ("192.0.2.11", "2001:db8:2::1")
V4, V6 = Family.IPV4, Family.IPV6
ALL_OF_EU = {("eu", "eu1"): State.DRAIN, ("eu", "eu2"): State.DOWN}

PLAIN = policy(rule("eu", "us"), ttl=30)
WITH_FALLBACK = policy(rule("eu", "us"), ttl=30, fallback="sorry")


def down(*addresses: str, overrides: dict[tuple[str, str], State] | None = None, flip_in: float = 1e9) -> Outlook:
    return outlook(*((CHECK, address) for address in addresses), overrides=overrides, flip_in=flip_in)


def chosen(sent: Route, said: Outlook, policy: Policy = PLAIN, family: Family = V4) -> Choice:
    return choose(ORIGIN, sent, policy, POOLS, family, said)


def names(members: tuple[Member, ...]) -> str:
    return " ".join(each.name for each in members)


@pytest.mark.parametrize(
    ("sent", "said", "decided", "outcome"),
    [
        pytest.param(route("eu", "us"), down(), PLAIN, ("eu", Ground.HEALTHY, "eu1 eu2"), id="the first pool"),
        pytest.param(
            route("eu", "us"), down("192.0.2.1"), PLAIN, ("eu", Ground.HEALTHY, "eu2"), id="less the failed member"
        ),
        pytest.param(route("eu", "us"), down(*EU), PLAIN, ("us", Ground.HEALTHY, "us1"), id="the next pool"),
        pytest.param(
            route("eu", "us"), down(*EU, *US), WITH_FALLBACK, ("sorry", Ground.FALLBACK, "static"), id="the fallback"
        ),
        pytest.param(
            route("eu", "us"), down(*EU, *US), PLAIN, ("eu", Ground.FAIL_OPEN, "eu1 eu2"), id="the first pool in full"
        ),
        pytest.param(
            route("eu", "us"),
            down(*EVERYTHING),
            policy(rule("eu", "us"), fallback="v4"),
            ("eu", Ground.FAIL_OPEN, "eu1 eu2"),
            id="the first pool in full where the fallback has failed too",
        ),
        pytest.param(
            route("eu", fence=True),
            down(*EU),
            WITH_FALLBACK,
            ("eu", Ground.FAIL_OPEN, "eu1 eu2"),
            id="a fence keeps clients from the fallback",
        ),
        pytest.param(
            route("sorry", "eu"),
            down(),
            WITH_FALLBACK,
            ("sorry", Ground.HEALTHY, "static"),
            id="a fallback in the route",
        ),
        pytest.param(
            route(), down(), WITH_FALLBACK, (None, Ground.NO_ADDRESS, ""), id="no pool: no address, no fallback"
        ),
        pytest.param(
            route("eu", "us"),
            down("192.0.2.1", "192.0.2.11", "2001:db8:2::1", overrides={("eu", "eu2"): State.DRAIN}),
            PLAIN,
            ("eu", Ground.FAIL_OPEN, "eu1"),
            id="fail open never revives a drained member",
        ),
        pytest.param(
            route("eu", "us"),
            down(*US, overrides=ALL_OF_EU),
            PLAIN,
            ("us", Ground.FAIL_OPEN, "us1"),
            id="fail open passes over a pool that operators have emptied",
        ),
        pytest.param(
            route("eu", fence=True),
            down(overrides=ALL_OF_EU),
            WITH_FALLBACK,
            (None, Ground.TAKEN_OUT, ""),
            id="operators took out all there is behind the fence",
        ),
        pytest.param(
            route("eu", "us"),
            down(overrides={**ALL_OF_EU, ("us", "us1"): State.DOWN}),
            PLAIN,
            (None, Ground.TAKEN_OUT, ""),
            id="operators took out all there is",
        ),
        pytest.param(
            route("eu", "us"),
            down(overrides={**ALL_OF_EU, ("us", "us1"): State.DOWN}),
            WITH_FALLBACK,
            ("sorry", Ground.FALLBACK, "static"),
            id="operators took out all but the fallback",
        ),
    ],
)
def test_the_answer_is_never_empty_by_accident(
    sent: Route, said: Outlook, decided: Policy, outcome: tuple[str | None, Ground, str]
) -> None:
    choice = chosen(sent, said, decided)
    assert (choice.pool, choice.ground, names(choice.roster.own)) == outcome


@pytest.mark.parametrize(
    ("sent", "said", "outcome"),
    [
        pytest.param(route("eu", "us"), down(), ("eu", "eu1"), id="members with the family answer"),
        pytest.param(
            route("eu", "us"), down("2001:db8:1::1"), ("us", "us1"), id="broken IPv6 fails the pool for AAAA alone"
        ),
        pytest.param(
            route("v4", "us"), down(), ("v4", ""), id="a pool without the family answers NODATA, no other pool does"
        ),
        pytest.param(route("v4", "us"), down("192.0.2.21"), ("us", "us1"), id="it fails over as it does for A"),
        pytest.param(
            route("v4", "us"), down("192.0.2.21", *US), ("v4", ""), id="and fails open as it does for A, with NODATA"
        ),
        pytest.param(
            route("eu", "us"),
            down(*US, overrides={("eu", "eu1"): State.DRAIN}),
            ("us", "us1"),
            id="fail open passes over a pool whose members of the family are drained",
        ),
    ],
)
def test_aaaa_stays_in_the_pools_of_a(sent: Route, said: Outlook, outcome: tuple[str, str]) -> None:
    choice = chosen(sent, said, family=V6)
    assert (choice.pool, names(choice.roster.own)) == outcome


@pytest.mark.parametrize("said", [down(), down("192.0.2.1"), down("192.0.2.2"), down(*EU), down(*EU, *US)])
def test_both_families_draw_from_the_same_members(said: Outlook) -> None:
    ipv4, ipv6 = (chosen(route("eu", "us"), said, family=family) for family in (V4, V6))
    if ipv4.pool == ipv6.pool:
        assert names(ipv4.roster.everyone) == names(ipv6.roster.everyone)


def test_pools_passed_over_are_named_with_their_reasons() -> None:
    choice = chosen(route("eu", "us"), down(*EU, *US), WITH_FALLBACK)
    assert choice.passed_over == (
        PassedOver(PoolName("eu"), "none of 2 members is up"),
        PassedOver(PoolName("us"), "its one member is not up"),
    )
    opened = chosen(route("eu", "us"), down(*EU, *US))
    assert [passed.pool for passed in opened.passed_over] == ["us"]


def test_a_fallback_that_the_route_names_already_is_not_asked_twice() -> None:
    choice = chosen(route("eu", "us"), down(*EU, *US), replace(PLAIN, fallback=PoolName("us")))
    assert (choice.pool, choice.ground) == ("eu", Ground.FAIL_OPEN)
    assert [passed.pool for passed in choice.passed_over] == ["us"]


def up(*pools: str, flip_in: float) -> dict[Target, Standing]:
    """Everything in the pools judged, and able to flip in so many seconds."""
    return {
        Target(CHECK, address): Standing(Verdict.UP, flip_in)
        for name in pools
        for each in POOLS[PoolName(name)].members
        for address in each.addresses
    }


@pytest.mark.parametrize(
    ("ttl", "flip_in", "given", "reason"),
    [
        (30, 1e9, 30, "the policy's"),
        (30, 30.0, 30, "the policy's"),
        (30, 29.9, 29, "a verdict could flip within 29.9 s"),
        (30, 20.0, 20, "a verdict could flip within 20 s"),
        (30, 15.0, 15, "half the policy's: a verdict could flip within 15 s"),
        (30, 0.0, 15, "half the policy's: a verdict could flip within 0 s"),
        (5, 0.5, 3, "half the policy's: a verdict could flip within 0.5 s"),
        (1, 0.5, 1, "half the policy's: a verdict could flip within 0.5 s"),
        (0, 0.5, 0, "the policy's"),
    ],
)
def test_a_ttl_is_at_most_the_time_to_the_next_flip_between_itself_and_half(
    ttl: int, flip_in: float, given: int, reason: str
) -> None:
    choice = chosen(route("eu"), Outlook(up("eu", flip_in=flip_in), {}), replace(PLAIN, ttl=ttl))
    assert (choice.ttl, choice.ttl_reason) == (given, reason)


@pytest.mark.parametrize(("ttl", "given"), [(3600, FAIL_OPEN_TTL), (11, FAIL_OPEN_TTL), (10, 10), (4, 4)])
def test_fail_open_has_a_short_ttl(ttl: int, given: int) -> None:
    assert chosen(route("eu"), down(*EU), replace(PLAIN, ttl=ttl)).ttl == given


def test_the_ttl_heeds_failed_pools_that_could_come_back_and_no_pool_behind() -> None:
    failed = down(*EU, flip_in=20.0).standings
    choice = chosen(route("eu", "us"), Outlook({**failed, **up("us", flip_in=1e9)}, {}))
    assert (choice.pool, choice.ttl) == ("us", 20)
    choice = chosen(route("eu", "us"), Outlook({**up("eu", flip_in=1e9), **up("us", flip_in=20.0)}, {}))
    assert (choice.pool, choice.ttl) == ("eu", 30)
