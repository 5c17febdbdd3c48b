"""What an edit does, on atlases small enough that every share is known."""

from collections.abc import Mapping
from fractions import Fraction
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.config.problem import ConfigError
from geodns.config.weights import Count
from geodns.control.diff import difference, to_json
from geodns.control.edition import Edition
from geodns.control.moves import Move, Moves
from geodns.control.weights import Weights, weights_of
from geodns.geo.atlas import Atlas
from geodns.model.place import Network
from geodns.model.policy import Policy
from geodns.model.pool import Pool, State
from geodns.model.source import Source
from geodns.model.zone import Zone
from tests import strategies
from tests.control import samples
from tests.values import HERE, atlas, member, of_pools, place, policy, pool, rrset, rule, zone

# What is left of 32 and 128 bits without the blocks of special.py, added up by hand.
ROUTABLE_V4 = 2**32 - (3 * 2**24 + 2**22 + 2 * 2**16 + 2**20 + 4 * 2**8 + 2**17 + 2 * 2**28)
ROUTABLE_V6 = 2**128 - (
    2 + 2 * 2**80 + 2 * 2**64 + 2**96 + 2**108 + 2**112 + 2**121 + 2**118 + 2**120 + 2 * 2**32 + 2**112 + 2**96
)
UNROUTABLE_LOW = 3 * 2**24 + 2**22  # of the lower half: 0/8, 10/8, 127/8 and 100.64/10
GERMANY, FRANCE = 2**29, 2**28  # addresses of the IPv4 blocks below, none of which is special
GERMANY_V6 = 2**125

ATLAS = atlas({"32.0.0.0/3": place("EU/DE"), "64.0.0.0/4": place("EU/FR"), "6000::/3": place("EU/DE")})

EU = pool("eu", member("fra1", "192.0.2.1", "2001:db8::1"))
US = pool("us", member("iad1", "192.0.2.11"))
BOTH = (EU, US)
TO_US = policy(rule("us"), name="web")
BY_COUNTRY = policy(rule("eu", country=["DE"]), rule("us"), name="web")
SWAPPED = policy(rule("us", country=["DE"]), rule("eu"), name="web")


def edition(*zones: Zone, world: Atlas = ATLAS) -> Edition:
    return samples.edition(*zones, atlas=world)


def web(decided: Policy, *names: str, pools: tuple[Pool, ...] = BOTH, world: Atlas = ATLAS) -> Edition:
    """example.com with these names, `www` alone where none is given, answered by this policy."""
    served = zone(steered=dict.fromkeys(names or ("www",), decided.name), pools=pools, policies=[decided])
    return edition(served, world=world)


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        pytest.param(zone(), zone(), [], id="nothing"),
        pytest.param(
            zone(rrset("@", "NS", "ns1", "ns2")),
            zone(rrset("@", "NS", "ns2", "ns1")),
            [],
            id="another order of records",
        ),
        pytest.param(
            zone(),
            zone(rrset("@", "NS", "ns1", "ns2"), rrset("a", "A", "192.0.2.1")),
            ["a.example.com. A added"],
            id="a name added",
        ),
        pytest.param(
            zone(rrset("@", "NS", "ns1", "ns2"), rrset("a", "A", "192.0.2.1"), rrset("a", "TXT", "x")),
            zone(),
            ["a.example.com. A removed", "a.example.com. TXT removed"],
            id="a name removed",
        ),
        pytest.param(
            zone(rrset("a", "A", "192.0.2.1"), rrset("b", "A", "192.0.2.1")),
            zone(rrset("a", "A", "192.0.2.2"), rrset("b", "A", "192.0.2.1", ttl=60)),
            ["a.example.com. A changed", "b.example.com. A changed"],
            id="another address, and another TTL",
        ),
        pytest.param(
            zone(rrset("a", r"TYPE65280", r"\# 1 00")),
            zone(rrset("a", r"TYPE65280", r"\# 1 01")),
            ["a.example.com. TYPE65280 changed"],
            id="a type without a name",
        ),
        pytest.param(zone(), zone(negative_ttl=61), ["example.com. SOA changed"], id="the SOA"),
        pytest.param(
            zone(), zone(name="example.org."), ["example.com. zone removed", "example.org. zone added"], id="zones"
        ),
    ],
)
def test_changed_names_are_told_once_and_in_order(old: Zone, new: Zone, changes: list[str]) -> None:
    found = difference(edition(old), edition(new))
    assert [f"{each.name} {each.change}" for each in found.names] == changes
    assert found.moves == ()
    assert bool(found) == bool(changes)


def test_the_share_of_the_address_space_that_moves_is_exact() -> None:
    (moves,) = difference(web(TO_US), web(BY_COUNTRY)).moves[:1]
    assert (moves.names, moves.type) == (("www.example.com.",), "A")
    assert moves.ipv4 == (Move("us", "eu", GERMANY / ROUTABLE_V4),)
    assert moves.ipv6 == (Move("us", "eu", GERMANY_V6 / ROUTABLE_V6),)


def test_moves_in_both_directions_are_told_the_larger_one_first() -> None:
    moves = difference(web(BY_COUNTRY), web(SWAPPED)).moves[0]
    others = ROUTABLE_V4 - GERMANY
    assert moves.ipv4 == (Move("us", "eu", others / ROUTABLE_V4), Move("eu", "us", GERMANY / ROUTABLE_V4))


@pytest.mark.parametrize(("one", "other"), [(TO_US, BY_COUNTRY), (BY_COUNTRY, SWAPPED), (TO_US, SWAPPED)])
def test_the_way_back_moves_the_same_shares(one: Policy, other: Policy) -> None:
    there, back = difference(web(one), web(other)), difference(web(other), web(one))
    assert [_turned(moves) for moves in there.moves] == [(moves.ipv4, moves.ipv6) for moves in back.moves]


def _turned(moves: Moves) -> tuple[tuple[Move, ...], ...]:
    return tuple(
        tuple(Move(each.after, each.before, each.share) for each in found) for found in (moves.ipv4, moves.ipv6)
    )


@pytest.mark.parametrize("decided", [TO_US, BY_COUNTRY, SWAPPED])
def test_equal_editions_do_not_differ(decided: Policy) -> None:
    found = difference(web(decided), web(decided))
    assert not found
    assert to_json(found) == {"names": [], "moves": []}


def test_another_database_moves_clients_as_an_edit_does() -> None:
    larger = atlas({"32.0.0.0/3": place("EU/DE"), "64.0.0.0/4": place("EU/DE"), "6000::/3": place("EU/DE")})
    moves = difference(web(BY_COUNTRY), web(BY_COUNTRY, world=larger)).moves[0]
    assert (moves.ipv4, moves.ipv6) == ((Move("us", "eu", FRANCE / ROUTABLE_V4),), ())


def test_private_blocks_and_ipv4_inside_ipv6_are_not_counted() -> None:
    """Own networks are: whoever names a private block means its clients."""
    everybody = policy(
        rule("eu", country=["DE"]), rule("eu", network=["::/1", "8000::/1", "0.0.0.0/0"]), rule("us"), name="web"
    )
    named = policy(rule("eu", network=["10.0.0.0/8", "fd00::/8"]), rule("us"), name="web")
    assert difference(web(TO_US), web(everybody)).moves[0].ipv4 == (Move("us", "eu", 1.0),)
    moves = difference(web(BY_COUNTRY), web(named)).moves[0]
    assert moves.ipv4 == (Move("eu", "us", GERMANY / ROUTABLE_V4),), "10/8 was nobody's before, so nobody moves there"


def test_each_type_of_question_has_its_own_moves() -> None:
    ipv4, ipv6 = difference(web(TO_US), web(BY_COUNTRY)).moves
    assert (ipv4.type, ipv6.type) == ("A", "AAAA")
    assert ipv6.ipv4 == (Move("no address", "eu", GERMANY / ROUTABLE_V4),), "us has no IPv6"


def test_a_family_that_a_pool_loses_moves_its_clients_to_no_address() -> None:
    without = (pool("eu", member("fra1", "192.0.2.1")), US)
    (moves,) = difference(web(BY_COUNTRY), web(BY_COUNTRY, pools=without)).moves
    assert (moves.type, moves.ipv4) == ("AAAA", (Move("eu", "no address", GERMANY / ROUTABLE_V4),))


def test_a_pool_that_is_taken_out_in_the_file_moves_its_clients() -> None:
    drained = (EU, pool("us", member("iad1", "192.0.2.11", state=State.DRAIN)))
    failover = policy(rule("us", "eu"), name="web")
    (first, _) = difference(web(failover), web(failover, pools=drained)).moves
    assert first.ipv4 == first.ipv6 == (Move("us", "eu", 1.0),)


def test_names_that_move_alike_are_told_together() -> None:
    found = difference(web(TO_US, "www", "shop", "*.dev"), web(BY_COUNTRY, "www", "shop", "*.dev"))
    assert found.names == ()
    assert [moves.names for moves in found.moves] == [
        ("*.dev.example.com.", "shop.example.com.", "www.example.com.")
    ] * 2


def test_a_name_that_goes_to_another_policy_is_told_with_what_moves() -> None:
    old = zone(steered={"www": "web", "shop": "web"}, pools=BOTH, policies=[BY_COUNTRY])
    new = zone(steered={"www": "web", "shop": "all"}, pools=BOTH, policies=[BY_COUNTRY, policy(rule("us"), name="all")])
    found = difference(edition(old), edition(new))
    assert [f"{each.name} {each.change}" for each in found.names] == ["shop.example.com. policy: web → all"]
    moves = found.moves[0]
    assert (moves.names, moves.ipv4) == (("shop.example.com.",), (Move("eu", "us", GERMANY / ROUTABLE_V4),))


def test_a_policy_that_is_only_called_otherwise_moves_nobody() -> None:
    renamed = policy(*BY_COUNTRY.rules, name="world")
    found = difference(web(BY_COUNTRY), web(renamed))
    assert [each.change for each in found.names] == ["policy: web → world"]
    assert found.moves == ()


def test_records_that_become_a_policy_s_are_told_as_both() -> None:
    old = edition(zone(rrset("@", "NS", "ns1", "ns2"), rrset("www", "A", "192.0.2.1")))
    found = difference(old, web(TO_US))
    assert [f"{each.name} {each.change}" for each in found.names] == [
        "www.example.com. A removed",
        "www.example.com. policy: none → web",
        "example.com. pool eu added",
        "example.com. pool us added",
    ]
    assert found.moves[0].ipv4 == (Move("not steered", "us", 1.0),)
    assert difference(web(TO_US), old).names[1].change == "policy: web → none"


@pytest.mark.parametrize(
    ("pools", "changed", "said"),
    [
        (
            (pool("eu", member("fra1", "192.0.2.1", "2001:db8::1"), member("fra2", "192.0.2.2")), US),
            TO_US,
            ["pool eu member fra2 added"],
        ),
        ((pool("eu", member("fra1", "192.0.2.9", weight=2)), US), TO_US, [
            "pool eu member fra1: addresses 192.0.2.1, 2001:db8::1 → 192.0.2.9",
            "pool eu member fra1: weight 1 → 2",
        ]),
        (
            (EU, pool("us", member("iad1", "192.0.2.11", state=State.DRAIN), select="all")),
            TO_US,
            ["pool us member iad1: state by health → drain", "pool us select the policy's → all"],
        ),
        (
            BOTH,
            policy(rule("us"), name="web", ttl=60, answers=2),
            ["policy web answers 1 → 2", "policy web ttl 30 s → 60 s"],
        ),
        (BOTH, policy(rule("us"), name="web", fallback="eu"), ["policy web fallback none → eu"]),
        (BOTH, TO_US, []),
    ],
)  # fmt: skip
def test_what_pools_and_policies_answer_with_is_told(pools: tuple[Pool, ...], changed: Policy, said: list[str]) -> None:
    found = difference(web(TO_US), web(changed, pools=pools))
    assert [f"{each.name} {each.change}" for each in found.names] == [f"example.com. {change}" for change in said]


def test_a_name_without_addresses_of_a_family_moves_nobody_to_nowhere() -> None:
    plain = edition(zone(rrset("@", "NS", "ns1", "ns2"), pools=BOTH))
    assert [each.type for each in difference(plain, web(TO_US)).moves] == ["A"]


def test_programs_get_a_difference_as_json() -> None:
    shares = [{"from": "us", "to": "eu", "share": GERMANY / ROUTABLE_V4}]
    found = to_json(difference(web(TO_US), web(BY_COUNTRY, "www", "new")))
    assert found["names"] == [{"name": "new.example.com.", "change": "policy: none → web"}]
    assert isinstance(found["moves"], list)
    assert {"names": ["www.example.com."], "type": "A", "ipv4": shares} == {
        key: value for key, value in found["moves"][2].items() if key != "ipv6"
    }


def test_of_pools_that_share_the_answers_only_the_part_that_changes_hands_moves() -> None:
    canary = of_pools("us 95 + eu 5", (US, 95), (EU, 5))
    after = web(policy(rule("us 95 + eu 5"), name="web"), pools=(*BOTH, canary))
    (moves,) = [each for each in difference(web(TO_US), after).moves if each.type == "A"]
    assert [(move.before, move.after) for move in moves.ipv4] == [("us", "eu")]
    assert moves.ipv4[0].share == pytest.approx(0.05)


# ── queries ───────────────────────────────────────────────────────────────────────────────────────────────────────


def counts(queries: Mapping[str, int | str]) -> Weights:
    """Of the prefixes, each in a line of its own."""
    lines = enumerate(queries.items(), start=1)
    return weights_of(
        {ip_network(prefix): Count(Fraction(count), Source("q.csv", number, 1)) for number, (prefix, count) in lines}
    )


def moved(queries: Mapping[str, int | str], new: Policy = BY_COUNTRY) -> tuple[tuple[Move, ...], tuple[Move, ...]]:
    moves = difference(web(TO_US), web(new), counts(queries)).moves[0]
    return moves.ipv4, moves.ipv6


@pytest.mark.parametrize(
    ("queries", "ipv4"),
    [
        pytest.param({"32.1.0.0/16": 30, "1.0.0.0/8": 70}, (0.3, 30), id="prefixes on either side"),
        pytest.param({"32.1.2.3/32": 1, "1.2.3.4/32": 3}, (0.25, 1), id="single addresses"),
        pytest.param({"0.0.0.0/1": 400}, (GERMANY / (2**31 - UNROUTABLE_LOW), None), id="a prefix is spread"),
        pytest.param({"0.0.0.0/2": 100}, (GERMANY / (2**30 - 2**25), 50), id="half of a prefix"),
        pytest.param({"0.0.0.0/2": 320, "32.0.0.0/3": 300}, (0.5, 300), id="the longest counts"),
        pytest.param({"32.0.0.0/3": 100, "33.0.0.0/8": 0}, (1.0, 100), id="no query is a count too"),
        pytest.param({"10.0.0.0/8": 900, "32.0.0.0/8": 1, "1.0.0.0/8": 1}, (0.5, 1), id="private clients are nobody's"),
        pytest.param({"1.0.0.0/8": 5}, (0.0, 0), id="a move that no query follows"),
        pytest.param({"32.0.0.0/8": "0.5", "1.0.0.0/8": "1.5"}, (0.25, 0.5), id="samples"),
    ],
)  # fmt: skip
def test_shares_are_of_the_queries_where_these_are_measured(
    queries: Mapping[str, int | str], ipv4: tuple[float, float | None]
) -> None:
    (found,), _ = moved(queries)
    assert (found.before, found.after) == ("us", "eu")
    assert found.share == pytest.approx(ipv4[0])
    assert found.queries is not None
    if ipv4[1] is not None:
        assert found.queries == pytest.approx(ipv4[1])


def test_both_families_are_weighed_each_by_its_own_queries() -> None:
    ipv4, ipv6 = moved({"32.0.0.0/8": 1, "1.0.0.0/8": 1, "6000::/8": 3, "2600::/12": 1})
    assert ipv4 == (Move("us", "eu", 0.5, 1.0),)
    assert ipv6 == (Move("us", "eu", 0.75, 3.0),)


def test_of_pools_that_share_the_answers_the_queries_are_shared() -> None:
    canary = of_pools("us 95 + eu 5", (US, 95), (EU, 5))
    after = web(policy(rule("us 95 + eu 5"), name="web"), pools=(*BOTH, canary))
    found = difference(web(TO_US), after, counts({"1.0.0.0/8": 200})).moves[0]
    (move,) = found.ipv4
    assert move.share == pytest.approx(0.05)
    assert move.queries == pytest.approx(10)


@given(st.lists(st.tuples(strategies.networks, st.integers(0, 9)), min_size=1, max_size=6))
def test_every_address_weighs_what_its_longest_prefix_says(listed: list[tuple[list[Network], int]]) -> None:
    """Judged by sizes of prefixes, where the density is made by a sweep."""
    named = {network: Count(Fraction(count), HERE) for networks, count in listed for network in networks}
    ipv4: dict[Network, Count] = {each: count for each, count in named.items() if each.version == 4}
    try:
        density = weights_of(ipv4).ipv4
    except ConfigError:
        return
    spread = sum((until - first) * density.queries[number] for first, until, number in density.runs.spans(32))
    assert spread == sum(count.queries for count in ipv4.values()) == density.total
    for network in ipv4:
        inside = [each for each in ipv4 if network.network_address in each]
        longest = max(inside, key=lambda each: each.prefixlen)
        room = longest.num_addresses - sum(
            each.num_addresses for each in _outermost([n for n in ipv4 if n != longest and _is_in(n, longest)])
        )
        at = density.runs.at(int(network.network_address))
        assert density.queries[at] == ipv4[longest].queries / room


def _is_in(network: Network, other: Network) -> bool:
    return network.prefixlen > other.prefixlen and network.network_address in other


def _outermost(networks: list[Network]) -> list[Network]:
    return [each for each in networks if not any(_is_in(each, other) for other in networks)]


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        (
            {"192.0.2.0/24": 5, "192.0.2.0/25": 1, "192.0.2.128/25": 1},
            "q.csv:1:1: prefixes inside 192.0.2.0/24 name all of it, so nobody is left whom its queries can have come "
            "from; remove one or the other",
        ),
        (
            {"::ffff:192.0.2.0/120": 5},
            "q.csv:1:1: ::ffff:c000:200/120 is IPv4 inside IPv6, whose clients are placed and counted as IPv4; "
            "write 192.0.2.0 to 192.0.2.255 as its prefix",
        ),
        (
            {"2002:909:909::/48": 5},
            "q.csv:1:1: 2002:909:909::/48 is IPv4 inside IPv6, whose clients are placed and counted as IPv4; "
            "write 9.9.9.9 as its prefix",
        ),
    ],
)
def test_queries_that_came_from_nowhere_are_refused(queries: Mapping[str, int], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        counts(queries)
    assert str(caught.value) == said


def test_programs_get_the_queries_too() -> None:
    found = to_json(difference(web(TO_US), web(BY_COUNTRY), counts({"32.0.0.0/8": 1, "1.0.0.0/8": 3})))
    assert found["queries"] == {"ipv4": 4.0, "ipv6": 0.0}
    assert isinstance(found["moves"], list)
    assert found["moves"][0]["ipv4"] == [{"from": "us", "to": "eu", "share": 0.25, "queries": 1.0}]
