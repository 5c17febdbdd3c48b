"""What the fold of load looks at: which pools, who is in them, and who would take what they leave."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from geodns.control.burdens import Site, readings, reliefs, survey
from geodns.control.edition import Edition
from geodns.load.reading import Report
from geodns.model.pool import Limit, Member, Pool, PoolName
from geodns.model.verdict import CLEAR, Loads, MemberKey, PoolKey
from tests.control import samples
from tests.values import ORIGIN, atlas, check, member, of_pools, outlook, place, policy, pool, rule, zone

WEB = check()
LIMIT = Limit(target=100.0)
A = replace(member("a", "192.0.2.1", weight=3), limit=LIMIT)
EU = pool("eu", A, member("b", "192.0.2.2"), check=WEB)
US = replace(pool("us", member("c", "192.0.2.11"), check=WEB), limit=LIMIT)
AP = pool("ap", member("d", "192.0.2.21"), check=WEB)
BOTH = of_pools("both", (EU, 3), (AP, 1))
UNUSED = replace(pool("unused", member("e", "192.0.2.31")), limit=LIMIT)
ZONE = zone(
    steered={"www": "web", "api": "api", "all": "all"},
    pools=[EU, US, AP, BOTH, UNUSED],
    policies=[
        policy(rule("eu", "us", country=["DE"]), rule("us", "eu"), name="web", select="weighted", ttl=60),
        policy(rule("us"), name="api", ttl=20),
        policy(rule("both"), name="all", ttl=30),
    ],
)


class Told:
    """Reports that a test makes up."""

    def __init__(self, asked: Mapping[MemberKey, float] | None = None) -> None:
        self._asked = asked or {}

    def of_pool(self, key: PoolKey) -> Report | None:
        return Report(7.0, 0.0, 9.0) if key == key_of("us") else None

    def of_member(self, key: MemberKey, pool: Pool, member: Member) -> Report | None:
        return Report(1.0, 0.0, 9.0) if member.name == "a" else None

    def asked(self) -> Mapping[MemberKey, float]:
        return self._asked


def key_of(name: str) -> PoolKey:
    return ORIGIN, PoolName(name)


def sites(edition: Edition, *also: PoolKey) -> dict[PoolKey, Site]:
    return survey(edition.inputs.zones, edition.drafts, also)


EDITION = samples.edition(ZONE, atlas=atlas({"9.9.9.0/24": place("EU/DE")}))
SITES = sites(EDITION)


def test_loads_are_taken_to_follow_after_three_steps_at_least() -> None:
    found = readings(tuple(SITES.values()), CLEAR, Told())
    assert {str(key[1]): reading.ttl for key, reading in found.items()} == {"eu": 60, "us": 60, "unused": 30}


def test_load_matters_where_there_is_a_target() -> None:
    assert set(SITES) == {key_of("eu"), key_of("us"), key_of("unused")}
    assert key_of("ap") in sites(EDITION, key_of("ap")), "and where a pool has still to get something back"


def test_load_matters_to_pools_whose_members_are_chosen_by_it() -> None:
    least = zone(
        steered={"www": "web"},
        pools=[AP, EU, of_pools("two", (AP, 1))],
        policies=[policy(rule("two"), name="web", select="least_load")],
    )
    found = sites(samples.edition(least))
    assert {key: site.evens for key, site in found.items()} == {key_of("ap"): True, key_of("eu"): False}


def test_the_ttl_is_the_longest_of_the_answers_that_name_the_pool() -> None:
    assert {str(key[1]): site.ttl for key, site in SITES.items()} == {"eu": 60, "us": 60, "unused": 0}


@pytest.mark.parametrize(
    ("sentence", "down", "expected"),
    [
        # eu: web has it first of two for some and last for the others; in `both` it has a sibling.
        ("all hold", (), {"eu": Fraction(2, 3), "us": Fraction(1, 3), "unused": 0}),
        ("nobody comes after eu", ("192.0.2.11",), {"eu": Fraction(1, 3), "us": 0, "unused": 0}),
        ("its sibling has failed", ("192.0.2.21",), {"eu": Fraction(1, 3), "us": Fraction(1, 3), "unused": 0}),
    ],
)
def test_the_ways_on_which_somebody_takes_what_a_pool_leaves(
    sentence: str, down: tuple[str, ...], expected: dict[str, Fraction]
) -> None:
    found = reliefs(tuple(SITES.values()), outlook(*((WEB, address) for address in down)))
    assert {str(name): share for (_, name), share in found.items()} == pytest.approx(expected), sentence


def test_seats_have_the_weights_that_count_now() -> None:
    asked = {MemberKey(*key_of("eu"), "b"): 0.5}
    found = readings(tuple(SITES.values()), CLEAR, Told(asked))
    assert [(seat.name, seat.weight) for seat in found[key_of("eu")].seats] == [("a", 3), ("b", 0.5)]
    assert [seat.limit for seat in found[key_of("eu")].seats] == [LIMIT, None]
    assert found[key_of("us")].report == Report(7.0, 0.0, 9.0)
    without = readings(tuple(SITES.values()), outlook((WEB, "192.0.2.1")), Told())
    assert [(seat.name, seat.weight) for seat in without[key_of("eu")].seats] == [("a", 0), ("b", 1)]


def test_round_robin_looks_at_no_weights() -> None:
    even = zone(steered={"www": "web"}, pools=[EU], policies=[policy(rule("eu"), name="web")])
    (reading,) = readings(tuple(sites(samples.edition(even)).values()), CLEAR, Told()).values()
    assert [seat.weight for seat in reading.seats] == [1, 1]


def test_parts_that_all_have_too_much_do_not_wind_each_other_down() -> None:
    laden = replace(CLEAR, loads=Loads(kept={key_of("ap"): 0.9}))
    assert reliefs(tuple(SITES.values()), laden)[key_of("eu")] == pytest.approx(1 / 3), "ap would take nothing"


def test_a_last_resort_takes_nothing_while_others_hold() -> None:
    resort = zone(
        steered={"www": "web"},
        pools=[EU, AP, of_pools("two", (EU, 1), (AP, 0))],
        policies=[policy(rule("two"), name="web")],
    )
    assert reliefs(tuple(sites(samples.edition(resort)).values()), CLEAR) == {key_of("eu"): 0.0}
