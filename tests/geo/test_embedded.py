"""The database and the country table that come with geodns."""

import json
import lzma
from datetime import UTC, datetime
from importlib.resources import files
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodns.geo.atlas import Atlas
from geodns.geo.centroids import countries, place_of_country
from geodns.geo.compact import Label, pack, unpack
from geodns.geo.embedded import ATTRIBUTION, embedded
from geodns.geo.records import CONTINENTS
from geodns.geo.runs import Runs
from geodns.model.place import NOWHERE

DATABASE = files("geodns.geo").joinpath("data/countries-dbip.xz")
LABEL = Label(source="s", version="v", built=1, licence="l", attribution="é", countries=("", "DE", "FR"))


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return embedded()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("8.8.8.8", "NA/US"),
        ("193.0.6.139", "EU/NL"),  # RIPE NCC
        ("130.59.31.80", "EU/CH"),  # SWITCH
        ("202.12.27.33", "AS/JP"),  # the M root
        ("200.160.2.3", "SA/BR"),  # NIC.br
        ("196.216.2.6", "AF/ZA"),
        ("2001:67c:2e8:22::c100:68b", "EU/NL"),
        ("2002:c100:68b::1", "EU/NL"),  # 6to4 of 193.0.6.139
        ("::ffff:8.8.8.8", "NA/US"),
        ("10.1.2.3", "unknown"),
        ("fe80::1", "unknown"),
        ("2002:a01:203::1", "unknown"),  # 6to4 of 10.1.2.3
    ],
)
def test_well_known_addresses_lie_in_their_countries(atlas: Atlas, address: str, place: str) -> None:
    assert str(atlas.place_of(ip_address(address))) == place


def test_every_place_has_a_continent_and_a_location(atlas: Atlas) -> None:
    assert [place for place in atlas.places[1:] if not (place.continent and place.country and place.location)] == []
    assert atlas.places[0] == NOWHERE


def test_the_database_is_at_most_a_megabyte() -> None:
    assert len(DATABASE.read_bytes()) < 1_000_000


def test_the_attribution_names_source_licence_link_and_date(atlas: Atlas) -> None:
    date = datetime.fromtimestamp(atlas.built, UTC).date().isoformat()
    assert all(part in ATTRIBUTION for part in ("DB-IP", "CC BY 4.0", "https://db-ip.com", date))
    header = json.loads(lzma.decompress(DATABASE.read_bytes()).partition(b"\n")[0])
    assert header["attribution"] == ATTRIBUTION


@st.composite
def partitions(draw: st.DrawFn, bits: int) -> Runs:
    starts = sorted({0, *draw(st.lists(st.integers(0, 2**bits - 1), max_size=20))})
    return Runs(starts, draw(st.lists(st.integers(0, 2), min_size=len(starts), max_size=len(starts))))


@settings(max_examples=20)  # xz takes its time
@given(partitions(32), partitions(128))
def test_what_is_packed_comes_out_as_it_was(v4: Runs, v6: Runs) -> None:
    assert unpack(pack(LABEL, v4, v6)) == (LABEL, v4, v6)


def test_the_same_database_packs_to_the_same_bytes() -> None:
    runs = Runs((0, 5, 9), (1, 2, 0))
    assert pack(LABEL, runs, runs) == pack(LABEL, runs, runs)


def test_the_table_has_all_249_countries_of_iso_3166_and_kosovo() -> None:
    assert len(countries()) == 250
    assert "XK" in countries()
    assert all(len(code) == 2 and code.isupper() for code in countries())


def test_each_country_has_a_continent_a_name_and_a_point_on_the_globe() -> None:
    for country in countries().values():
        assert country.continent in CONTINENTS
        assert country.name
        assert abs(country.location.lat) <= 90
        assert abs(country.location.lon) <= 180


@pytest.mark.parametrize(
    ("code", "continent"), [("NO", "EU"), ("NA", "AF"), ("RU", "EU"), ("TR", "AS"), ("FJ", "OC"), ("BV", "AN")]
)
def test_codes_that_look_like_something_else_are_countries(code: str, continent: str) -> None:
    assert place_of_country(code).continent == continent


def test_a_country_that_nobody_knows_is_still_a_country() -> None:
    assert str(place_of_country("QZ")) == "QZ"
    assert place_of_country("") == NOWHERE
