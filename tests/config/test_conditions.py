"""What rules ask of a client's place, as it is written: cities, AS numbers, regions, and what may not hold."""

from ipaddress import IPv4Network
from pathlib import Path

import pytest

from geodns.model.policy import (
    AnyOf,
    Condition,
    InAsn,
    InCity,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    Nearest,
    NoneOf,
)
from geodns.model.pool import PoolName
from tests.config.example import changed, problems, read

RULE = "- {network: [203.0.113.0/24, office], pools: [us]}"
OFFICE = InNetwork(frozenset({IPv4Network("198.18.0.0/24")}))
REGIONS = """\
regions:
  west: [FR, CH]
  dach: [DE, AT, CH]
  alps: [west, IT-32]
  mixed: [GB, DE-BE, DE/Berlin, AS64500, 64501, 192.0.2.0/24, "2001:db8::/32"]
  south: {continent: OC, network: office, region: alps}

policies:
"""


def with_rule(rule: str) -> str:
    return changed(RULE, rule).replace("policies:\n", REGIONS)


@pytest.mark.parametrize(
    ("written", "conditions"),
    [
        pytest.param("city: DE/Berlin", (InCity(frozenset({"de/berlin"})),), id="a city, whatever its case"),
        pytest.param("city: [US-TX/Austin]", (InCity(frozenset({"us-tx/austin"})),), id="with a subdivision"),
        pytest.param("asn: [3320, AS64500, '64501']", (InAsn(frozenset({3320, 64500, 64501})),), id="AS numbers"),
        pytest.param("region: west", (AnyOf((InCountry(frozenset({"FR", "CH"})),)),), id="a region"),
        pytest.param(
            "region: alps",
            (AnyOf((InSubdivision(frozenset({"IT-32"})), AnyOf((InCountry(frozenset({"FR", "CH"})),)))),),
            id="a region of a region",
        ),
        pytest.param(
            "asn: 1, not: {country: DE, network: office}",
            (InAsn(frozenset({1})), NoneOf((OFFICE, InCountry(frozenset({"DE"}))))),
            id="what may not hold",
        ),
    ],
)
def test_a_rule_has_a_condition_for_each_key(written: str, conditions: tuple[Condition, ...], tmp_path: Path) -> None:
    zone = read(with_rule(f"- {{{written}, pools: [us]}}"), tmp_path)
    assert zone.policies["global"].rules[0].conditions == conditions


def test_a_region_is_a_list_of_codes_of_any_kind_or_keys_of_which_one_fits(tmp_path: Path) -> None:
    zone = read(with_rule("- {region: [mixed, south], pools: [us]}"), tmp_path)
    (condition,) = zone.policies["global"].rules[0].conditions
    assert isinstance(condition, AnyOf)
    west = AnyOf((InCountry(frozenset({"FR", "CH"})),))
    networks = frozenset({IPv4Network("192.0.2.0/24")})
    kinds = {type(each): each for each in condition.conditions[:5]}
    assert networks <= kinds[InNetwork].networks  # type: ignore[union-attr]
    assert kinds[InCity] == InCity(frozenset({"de/berlin"}))
    assert kinds[InAsn] == InAsn(frozenset({64500, 64501}))
    assert kinds[InCountry] == InCountry(frozenset({"GB"}))
    assert condition.conditions[5:] == (
        OFFICE,
        InContinent(frozenset({"OC"})),
        AnyOf((InSubdivision(frozenset({"IT-32"})), west)),
    )


def test_nearest_is_weighed_by_its_own_keys(tmp_path: Path) -> None:
    nearest = "{nearest: [eu, us], bias: {us: -20, eu: 0}, ties: 12.5%, limit: 1}"
    zone = read(changed("{nearest: [eu, us]}", nearest), tmp_path)
    eu, us = PoolName("eu"), PoolName("us")
    assert zone.policies["global"].rules[-1].pools == Nearest((eu, us), biases=((us, -20),), ties=12.5, limit=1)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "city: Berlin",
            ["'Berlin' is no city: country, slash, its name in English, such as DE/Berlin or US-TX/Austin"],
        ),
        ("asn: ASX", ["'ASX' is no AS number; write 3320 or AS3320"]),
        ("asn: 4294967296", ["'4294967296' is no AS number; write 3320 or AS3320"]),
        ("asn: true", ["this is no AS number; write 3320 or AS3320"]),
        ("region: dahc", ["there is no region 'dahc'; did you mean 'dach'?"]),
        ("region: []", ["the list is empty, so nobody fits; name at least one, or leave the key out"]),
        ("not: {}", ["'not' is empty, so it keeps nobody out; leave it out"]),
        ("not: {contry: DE}", ["unknown key 'contry'; did you mean 'country'?"]),
        (
            "country: UK",
            ["warning: there is no country 'UK' in ISO 3166, so nobody is found there; did you mean 'GB'?"],
        ),
        ("subdivision: XX-1", ["warning: there is no country 'XX' in ISO 3166, so nobody is found there"]),
        (
            "city: UK/London",
            ["warning: there is no country 'UK' in ISO 3166, so nobody is found there; did you mean 'GB'?"],
        ),
    ],
)
def test_what_a_condition_cannot_mean_is_told(rule: str, said: list[str], tmp_path: Path) -> None:
    found = problems(with_rule(f"- {{{rule}, pools: [us]}}"), tmp_path)
    assert [line.split(": ", 1)[1] for line in found] == said
    assert all(line.startswith("35:") for line in found)


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ("a: [b]\n  b: [c]\n  c: [a]", ["26:3: region 'a' is in itself: a → b → c → a"]),
        ("a: [a]", ["26:3: region 'a' is in itself: a → a"]),
        ("a: []", ["26:3: region 'a' is empty, so nobody is in it; list countries, such as [DE, AT, CH]"]),
        ("a: {}", ["26:3: region 'a' is empty, so nobody is in it; list countries, such as [DE, AT, CH]"]),
        ("a: [DE, EU]", ["26:11: 'EU' is a continent; a region of continents is written {continent: [EU]}"]),
        (
            "a: [UK]",
            ["26:7: warning: there is no country 'UK' in ISO 3166, so nobody is found there; did you mean 'GB'?"],
        ),
        ("a: {country: Norway}", ["26:16: 'Norway' is no country code: two capital letters, such as DE"]),
        ("a: [NO]\n  b: [A]", ["27:7: there is no region 'A'; did you mean 'a'?"]),
    ],
)
def test_what_a_region_cannot_be_is_told(regions: str, said: list[str], tmp_path: Path) -> None:
    assert problems(changed("policies:\n", f"regions:\n  {regions}\npolicies:\n"), tmp_path) == said


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            ["continent: EU", "country: [DE, FR]"],
            ["this rule is never reached: the one in line 36 fits all of its clients"],
        ),
        (
            ["country: US", "subdivision: US-TX"],
            ["this rule is never reached: the one in line 36 fits all of its clients"],
        ),
        (
            ["country: US", "city: US-TX/Austin"],
            ["this rule is never reached: the one in line 36 fits all of its clients"],
        ),
        (
            ["region: dach", "country: [DE, CH]"],
            ["this rule is never reached: the one in line 36 fits all of its clients"],
        ),
        (
            ["country: [DE, AT, CH]", "region: dach"],
            ["this rule is never reached: the one in line 36 fits all of its clients"],
        ),
        (["asn: [1, 2]", "asn: 2"], ["this rule is never reached: the one in line 36 fits all of its clients"]),
        (
            ["not: {country: DE}", "not: {country: [DE, AT]}"],
            ["this rule is never reached: the one in line 36 fits all of its clients"],
        ),
        (
            ["country: [DE, AT]", "country: [DE, FR]"],
            ["DE never comes to this rule: the one in line 36 fits it already"],
        ),
        (
            ["continent: EU", "country: [DE, US, FR]"],
            ["DE, FR never comes to this rule: the one in line 36 fits it already"],
        ),
        (["country: DE", "continent: EU"], []),
        (["not: {country: [DE, AT]}", "not: {country: DE}"], []),
        (["country: DE, asn: 1", "country: DE"], []),
        (["city: DE/Berlin", "country: DE"], []),
    ],
)
def test_rules_that_earlier_ones_leave_nobody_to_are_findings(
    rules: list[str], said: list[str], tmp_path: Path
) -> None:
    text = (
        with_rule("- {network: 192.0.2.0/24, pools: [us]}")
        .replace(
            "      - {country: [DE, AT, NO], pools: [eu], fence: true}\n"
            "      - {continent: [EU, AF], pools: [eu, us]}\n",
            "".join(f"      - {{{rule}, pools: [eu]}}\n" for rule in rules),
        )
        .replace("      - {country: [KP], pools: []}\n", "")
        .replace("  - {name: www, place: EU/FR, down: [eu, us/iad1], expect: [us, NODATA]}\n", "")
    )
    found = problems(text, tmp_path)
    assert [line.split("warning: ", 1)[1] for line in found] == said
