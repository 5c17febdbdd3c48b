"""Which pools a country's addresses get, on atlases small enough that every share is known."""

import json
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

import pytest

from geodns.control.reach import NO_COUNTRY, Country, Part, Parts, Reach, reach
from geodns.geo.atlas import Atlas
from geodns.geo.special import SPECIAL_V4, SPECIAL_V6
from geodns.model.policy import Policy
from geodns.model.pool import PoolName, State
from geodns.model.zone import Zone
from geodns.table import layout
from geodns.table.odds import territory_at
from geodns.table.territories import stretches
from tests.control import samples
from tests.control.test_diff import ROUTABLE_V4, ROUTABLE_V6, counts
from tests.values import atlas, member, of_pools, place, policy, pool, rrset, rule, zone

EU, US = PoolName("eu"), PoolName("us")
POOLS = (
    pool("eu", member("fra1", "192.0.2.1", "2001:db8::1"), at=(50.11, 8.68)),
    pool("us", member("iad1", "192.0.2.11")),
    pool("spare", member("one", "192.0.2.99")),
)
ATLAS = atlas(
    {
        "32.0.0.0/3": place("EU/DE"),
        "64.0.0.0/4": place("EU/FR"),
        "8000::/3": place("EU/FR"),
        "80.0.0.0/8": place("NA/US/US-NY"),
        "81.0.0.0/8": place("NA/US/US-CA"),
        "6000::/3": place("NA/US/US-CA"),
    }
)
COUNTRIES_V4 = 2**29 + 2**28 + 2**25  # addresses


def reached(decided: Policy, rtype: str = "A", *, down: tuple[str, ...] = (), world: Atlas = ATLAS) -> Reach:
    served = zone(steered={"www": decided.name}, pools=POOLS, policies=[decided])
    return reach(samples.inputs([served], world), "www.example.com", rtype, down)


def country(found: Reach, code: str) -> Country:
    (one,) = (each for each in found.countries if each.code == code)
    return one


def whole(pool: PoolName | None, addresses: int) -> Parts:
    return (Part(pool, addresses, 1.0),)


BY_COUNTRY = policy(rule("eu", country=["DE", "FR"]), rule("us"))


def test_a_country_with_one_rule_gets_one_pool_in_each_family() -> None:
    found = reached(BY_COUNTRY)
    assert country(found, "FR") == Country(code="FR", name="France", ipv4=whole(EU, 2**28), ipv6=whole(EU, 2**125))
    assert country(found, "US").ipv4 == whole(US, 2**25)


def test_a_country_without_addresses_of_a_family_has_no_parts_there() -> None:
    assert country(reached(BY_COUNTRY), "DE").ipv6 == ()


def test_a_country_that_subdivisions_divide_has_a_part_for_each_pool() -> None:
    found = reached(policy(rule("eu", subdivision=["US-NY"]), rule("us")))
    assert set(country(found, "US").ipv4) == {Part(EU, 2**24, 0.5), Part(US, 2**24, 0.5)}
    assert country(found, "US").ipv6 == whole(US, 2**125)


def test_the_part_of_an_own_network_inside_a_country_is_exact() -> None:
    found = reached(policy(rule("us", network=["64.0.0.0/24", "64.1.0.0/32"]), rule("eu")))
    assert country(found, "FR").ipv4 == (Part(EU, 2**28 - 257, (2**28 - 257) / 2**28), Part(US, 257, 257 / 2**28))


def test_pools_that_share_the_answers_have_their_parts_of_a_country() -> None:
    split = of_pools("split", (POOLS[0], 3), (POOLS[1], 1))
    decided = policy(rule("split"))
    served = zone(steered={"www": decided.name}, pools=[*POOLS, split], policies=[decided])
    found = reach(samples.inputs([served], ATLAS), "www.example.com", "A", ())
    assert country(found, "FR").ipv4 == (Part(EU, 3 * 2**26, 0.75), Part(US, 2**26, 0.25))
    assert [(each.pool, each.ipv4) for each in found.pools] == [(EU, 0.75), (US, 0.25)]


def test_own_networks_in_two_countries_take_from_both() -> None:
    found = reached(policy(rule("us", network=["32.0.0.0/3", "64.0.0.0/5"]), rule("eu")))
    assert country(found, "DE").ipv4 == whole(US, 2**29)
    assert country(found, "FR").ipv4 == (Part(EU, 2**27, 0.5), Part(US, 2**27, 0.5))


def test_what_is_in_no_country_is_all_that_is_left_of_the_routable_space() -> None:
    nowhere = country(reached(BY_COUNTRY), NO_COUNTRY)
    assert nowhere.ipv4 == whole(US, ROUTABLE_V4 - COUNTRIES_V4)
    assert nowhere.ipv6 == whole(US, ROUTABLE_V6 - 2 * 2**125)


def test_a_policy_of_one_route_counts_the_same_addresses() -> None:
    found = reached(policy(rule("us")))
    assert sum(part.addresses for each in found.countries for part in each.ipv4) == ROUTABLE_V4
    assert sum(part.addresses for each in found.countries for part in each.ipv6) == ROUTABLE_V6


def test_private_blocks_that_a_rule_names_are_on_no_map() -> None:
    found = reached(policy(rule("eu", network=["10.0.0.0/8"]), rule("us")))
    assert country(found, NO_COUNTRY).ipv4 == whole(US, ROUTABLE_V4 - COUNTRIES_V4)


def test_pools_are_told_in_the_zone_s_order_with_their_shares_of_what_is_in_a_country() -> None:
    found = reached(policy(rule("us", country=["US"]), rule("eu")))
    assert [(each.pool, each.ipv4, each.ipv6) for each in found.pools] == [
        (EU, (2**29 + 2**28) / COUNTRIES_V4, 0.5),
        (US, 2**25 / COUNTRIES_V4, 0.5),
    ]
    assert found.pools[0].location == POOLS[0].location


def test_the_fallback_is_among_the_pools_though_nobody_needs_it() -> None:
    found = reached(policy(rule("eu"), fallback="spare"))
    assert [(each.pool, each.ipv4) for each in found.pools] == [("eu", 1.0), ("spare", 0.0)]


def test_a_pool_supposed_down_leaves_its_clients_to_the_next_one() -> None:
    found = reached(policy(rule("eu", "us")), down=("eu",))
    assert country(found, "DE").ipv4 == whole(US, 2**29)
    assert [(each.pool, each.is_up) for each in found.pools] == [("eu", False), ("us", True)]
    assert found.down == ("eu",)


def test_a_pool_whose_last_member_is_supposed_down_is_down() -> None:
    assert country(reached(policy(rule("eu", "us")), down=("eu/fra1",)), "DE").ipv4 == whole(US, 2**29)


def test_a_fenced_country_stays_with_a_pool_that_is_down() -> None:
    found = reached(policy(rule("eu", country=["DE"], fence=True), rule("us")), down=("eu",))
    assert country(found, "DE").ipv4 == whole(EU, 2**29)


def test_clients_that_deliberately_get_no_address_are_a_part_of_their_own() -> None:
    found = reached(policy(rule(country=["DE"]), rule("us")))
    assert country(found, "DE").ipv4 == whole(None, 2**29)
    assert (found.pools[-1].pool, found.pools[-1].ipv4) == (None, 2**29 / COUNTRIES_V4)


def test_a_pool_without_the_asked_family_gives_no_address() -> None:
    found = reached(BY_COUNTRY, "aaaa")
    assert found.type == "AAAA"
    assert country(found, "US").ipv4 == whole(None, 2**25)
    assert country(found, "FR").ipv4 == whole(EU, 2**28)


def test_a_pool_that_operators_took_out_is_down() -> None:
    drained = (pool("eu", member("fra1", "192.0.2.1", state=State.DRAIN)), POOLS[1])
    served = zone(steered={"www": "global"}, pools=drained, policies=[policy(rule("eu", "us"))])
    found = reach(samples.inputs([served], ATLAS), "www.example.com", "A")
    assert [each.is_up for each in found.pools] == [False, True]
    assert country(found, "DE").ipv4 == whole(US, 2**29)


def test_nearest_sends_each_country_to_the_pool_beside_it() -> None:
    world = atlas({"32.0.0.0/3": place("EU/DE", at=(51, 9)), "64.0.0.0/4": place("NA/US", at=(40, -80))})
    pools = (*POOLS[:1], pool("us", member("iad1", "192.0.2.11"), at=(39.04, -77.49)))
    served = zone(steered={"www": "global"}, pools=pools, policies=[policy(rule("eu", "us", nearest=True))])
    found = reach(samples.inputs([served], world), "www.example.com", "A")
    assert [country(found, code).ipv4[0].pool for code in ("DE", "US")] == ["eu", "us"]


def test_the_name_the_database_and_its_date_are_told() -> None:
    found = reached(BY_COUNTRY)
    assert (found.name, found.policy, found.database, found.built) == (
        "www.example.com.",
        "global",
        "test",
        "1970-01-01",
    )


def test_programs_get_a_reach_as_json() -> None:
    found = json.loads(json.dumps(reached(BY_COUNTRY).to_json()))
    assert found["pools"][0]["location"] == {"lat": 50.11, "lon": 8.68}
    assert found["countries"][2]["ipv4"] == [{"pool": "eu", "addresses": 2**28, "share": 1.0, "queries": None}]


def test_what_is_counted_is_what_the_compiled_table_answers() -> None:
    """The other way to it: leaf by leaf of the table that is served, prefix by prefix of the database."""
    networks = ["64.0.0.0/24", "80.255.0.0/16", "2002::/16", "6000::/5", "2001:0:4000::/36"]
    decided = policy(rule("spare", network=networks), rule("us", subdivision=["US-CA"]), rule("eu"))
    served = zone(steered={"www": decided.name}, pools=POOLS, policies=[decided])
    edition = samples.edition(served, atlas=ATLAS)
    table, at = edition.table.territories, territory_at(edition.table, 0)
    answers = [choice.pool for choice in edition.plans[0].choices.values()]
    found = reach(edition.inputs, "www.example.com", "A")
    for bits, places, special, root in (
        (32, ATLAS.v4, SPECIAL_V4, layout.TERRITORY_IPV4),
        (128, ATLAS.v6, SPECIAL_V6, layout.TERRITORY_IPV6),
    ):
        sizes: Counter[tuple[str, str | None]] = Counter()
        leaves = dict(stretches(table, at, root, bits))
        edges = sorted({1 << bits, *leaves, *places.starts, *special.starts})
        route = -1
        for first, until in pairwise(edges):
            route = leaves.get(first, route)
            if route < layout.ROUTE_LIMIT and not special.at(first):
                code = ATLAS.places[places.at(first)].country or NO_COUNTRY
                sizes[code, answers[route]] += until - first
        counted = {
            (each.code, part.pool): part.addresses
            for each in found.countries
            for part in (each.ipv4 if bits == 32 else each.ipv6)
        }
        assert counted == sizes


# ── names that are not drawn ──────────────────────────────────────────────────────────────────────────────────────


def refused(name: str, rtype: str = "A", down: tuple[str, ...] = (), zones: tuple[Zone, ...] | None = None) -> str:
    records = (rrset("@", "NS", "ns1", "ns2"), rrset("ns1", "A", "192.0.2.53"))
    served = zone(*records, steered={"www": "global", "*.dev": "global"}, pools=POOLS, policies=[BY_COUNTRY])
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # what it says is the test
        reach(samples.inputs(zones or [served], ATLAS), name, rtype, down)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "ns1.example.com",
            "no policy answers for ns1.example.com.; they do for *.dev.example.com., www.example.com.",
        ),
        (
            "nobody.example.com.",
            "no policy answers for nobody.example.com.; they do for *.dev.example.com., www.example.com.",
        ),
        ("example.org", "example.org. is in none of the zones; did you mean 'example.com.'?"),
        ("www..example.com", "'www..example.com' has an empty label"),
    ],
)
def test_a_name_that_no_policy_answers_for_is_refused_with_a_way_out(name: str, said: str) -> None:
    assert refused(name).startswith(said)


def test_other_types_than_addresses_are_refused() -> None:
    assert refused("www.example.com", "MX") == "policies answer for A and AAAA, and not for MX"


@pytest.mark.parametrize(
    ("down", "said"),
    [
        ("uss", "example.com. has no pool 'uss'; did you mean 'us'?"),
        ("us/iad", "pool 'us' has no member 'iad'; did you mean 'iad1'?"),
    ],
)
def test_what_is_supposed_down_must_be_there(down: str, said: str) -> None:
    assert refused("www.example.com", down=(down,)) == said


def test_a_zone_without_policies_says_so() -> None:
    assert refused("www.example.com", zones=(zone(),)).endswith("example.com. has no name that one answers for")


def test_a_name_that_a_wildcard_answers_for_is_drawn() -> None:
    served = zone(steered={"*.dev": "global"}, pools=POOLS, policies=[BY_COUNTRY])
    assert reach(samples.inputs([served], ATLAS), "a.dev.example.com", "A").policy == "global"


def test_the_deepest_zone_that_holds_a_name_is_asked() -> None:
    parent = zone(steered={"www": "global"}, pools=POOLS, policies=[BY_COUNTRY])
    child = zone(
        name="dev.example.com.", steered={"www": "other"}, pools=POOLS, policies=[policy(rule("us"), name="other")]
    )
    assert reach(samples.inputs([parent, child], ATLAS), "www.dev.example.com", "A").policy == "other"


# ── queries ───────────────────────────────────────────────────────────────────────────────────────────────────────

HALVED = policy(rule("us", network=["64.0.0.0/5"]), rule("eu"))  # half of France


def weighed(queries: Mapping[str, int], decided: Policy = HALVED) -> Reach:
    served = zone(steered={"www": decided.name}, pools=POOLS, policies=[decided])
    return reach(samples.inputs([served], ATLAS), "www.example.com", "A", weights=counts(queries))


def test_shares_are_of_the_queries_where_these_are_measured() -> None:
    found = weighed({"64.0.0.0/16": 30, "72.0.0.0/16": 10, "80.0.0.0/8": 60})
    assert country(found, "FR").ipv4 == (Part(US, 2**27, 0.75, 30.0), Part(EU, 2**27, 0.25, 10.0))
    assert [(each.pool, each.ipv4) for each in found.pools] == [(EU, 0.7), (US, 0.3)]
    assert found.queries == {"ipv4": 100.0, "ipv6": 0.0}


def test_a_prefix_that_the_map_divides_is_spread_over_its_addresses() -> None:
    assert country(weighed({"64.0.0.0/4": 8}), "FR").ipv4 == (Part(EU, 2**27, 0.5, 4.0), Part(US, 2**27, 0.5, 4.0))


def test_a_country_without_queries_has_its_pools_with_no_share() -> None:
    found = weighed({"80.0.0.0/8": 60})
    assert country(found, "DE").ipv4 == (Part(EU, 2**29, 0.0, 0.0),)
    assert country(found, "FR").ipv6 == (Part(EU, 2**125, 0.0, 0.0),)


def test_equal_weights_for_all_addresses_are_no_weights() -> None:
    even = weighed({"0.0.0.0/0": 1, "::/0": 1}, BY_COUNTRY)
    assert even.pools == reached(BY_COUNTRY).pools


def test_queries_of_private_clients_are_on_no_map() -> None:
    found = weighed({"10.0.0.0/8": 900, "64.0.0.0/5": 1})
    assert sum(part.queries or 0 for each in found.countries for part in each.ipv4) == 1
