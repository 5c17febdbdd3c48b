"""Why a member has no share of the answers."""

from ipaddress import ip_address

from geodns.control.explain import Explanation, explain
from geodns.health.history import History
from geodns.model.check import Target
from geodns.model.pool import Quorum
from geodns.model.verdict import Verdict
from tests.control import samples
from tests.control.explaining import ATLAS, WEB, ZONE, explained, supposed
from tests.values import member, of_pools, outlook, policy, pool, rule, zone


def why(found: Explanation) -> dict[str, str]:
    assert found.steering is not None
    return {f"{each.pool}/{each.member}": each.why for each in found.steering.members if each.why}


def test_of_each_member_without_a_share_the_reason_is_told() -> None:
    assert why(explained("www")) == {
        "eu/fra3": "weight 0: others of its pool answer",
        "us/iad1": "its pool is not reached: eu answers before it",
        "us/iad2": "drain at zones/example.com.yaml:1:1",
    }
    assert why(explained("www", "AAAA"))["eu/fra2"] == "has no address of this family"


def test_who_is_down_is_told_since_when_and_by_what_remark() -> None:
    edition = samples.edition(ZONE, atlas=ATLAS, outlook=outlook((WEB, "192.0.2.10"), (WEB, "192.0.2.11")))
    down = History(verdict=Verdict.DOWN, since=1_800_000_000.0, detail="status 503, wanted 200-299")
    known = {Target(WEB, ip_address("192.0.2.10")): down}
    found = explain(
        edition,
        "www.example.com",
        "A",
        ip_address("9.9.9.9"),
        7,
        history_of=lambda target: known.get(target, History()),
    )
    assert why(found)["eu/fra1"] == "down since 2027-01-15T08:00:00Z: status 503, wanted 200-299"
    assert why(found)["eu/fra2"] == "down"
    assert "eu/fra3" not in why(found), "the last resort answers now"


def test_who_is_only_supposed_to_be_down_is_told_so() -> None:
    assert why(supposed("eu/fra1"))["eu/fra1"] == "down, as is supposed"


def test_a_member_that_is_up_in_a_pool_that_is_passed_over_is_told_so() -> None:
    pools = [
        pool("pair", member("a", "192.0.2.1"), member("b", "192.0.2.2"), check=WEB, min_healthy=Quorum(2)),
        pool("rest", member("c", "192.0.2.3")),
    ]
    served = zone(steered={"www": "one"}, pools=pools, policies=[policy(rule("pair", "rest"), name="one")])
    edition = samples.edition(served, atlas=ATLAS, outlook=outlook((WEB, "192.0.2.1")))
    assert why(explained("www", edition=edition)) == {
        "pair/a": "down",
        "pair/b": "its pool is passed over: 1 of 2 members up, min_healthy is 2",
    }


def test_the_fallback_is_not_reached_either_save_from_a_fence() -> None:
    rules = [rule("us", country=["DE"], fence=True), rule("us")]
    served = zone(
        steered={"www": "safe"}, pools=ZONE.pools.values(), policies=[policy(*rules, name="safe", fallback="v4")]
    )
    edition = samples.edition(served, atlas=ATLAS)
    fenced, open_ = (explained("www", client=client, edition=edition).steering for client in ("9.9.9.9", "8.8.8.8"))
    assert fenced is not None
    assert open_ is not None
    assert (fenced.not_reached, open_.not_reached) == ((), (("v4", "us answers before it"),))


def test_in_a_pool_of_pools_each_member_has_the_reason_of_its_own_pool() -> None:
    pair = pool("pair", member("a", "192.0.2.1"), member("b", "192.0.2.2"), check=WEB, min_healthy=Quorum(2))
    rest = pool("rest", member("c", "192.0.2.3"), member("d", "192.0.2.4", weight=0))
    both = of_pools("both", (pair, 1), (rest, 1))
    served = zone(steered={"www": "one"}, pools=[pair, rest, both], policies=[policy(rule("both", "rest"), name="one")])
    edition = samples.edition(served, atlas=ATLAS, outlook=outlook((WEB, "192.0.2.1")))
    found = explained("www", edition=edition)
    assert why(found) == {
        "pair/a": "down",
        "pair/b": "its pool is passed over: 1 of 2 members up, min_healthy is 2",
        "rest/d": "weight 0: others of its pool answer",
    }
    assert found.steering is not None
    assert found.steering.not_reached == (("rest", "both answers before it"),)
