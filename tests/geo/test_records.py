"""Records of several makers' databases, judged by what they hold."""

import pytest

from geodns.geo.centroids import countries
from geodns.geo.records import place_from
from geodns.model.place import NOWHERE, Location, Place

GERMANY = countries()["DE"].location


@pytest.mark.parametrize(
    ("record", "place"),
    [
        (
            {
                "continent": {"code": "NA"},
                "country": {"iso_code": "US"},
                "subdivisions": [{"iso_code": "CA"}, {"iso_code": "X"}],
                "city": {"names": {"en": "Los Angeles", "de": "Engelstadt"}},
                "location": {"latitude": 34.05, "longitude": -118.24},
                "traits": {"autonomous_system_number": 7018},
            },
            Place(
                continent="NA",
                country="US",
                subdivision="US-CA",
                city="Los Angeles",
                location=Location(lat=34.05, lon=-118.24),
                asn=7018,
            ),
        ),
        ({"country_code": "DE"}, Place(continent="EU", country="DE", location=GERMANY)),  # ip-location-db
        ({"country": "DE", "continent": "EU"}, Place(continent="EU", country="DE", location=GERMANY)),  # IPinfo
        ({"country_code": "de"}, Place(continent="EU", country="DE", location=GERMANY)),
        (
            {"country_code": "DE", "city": "Bonn", "latitude": "50.7", "longitude": 7},
            Place(continent="EU", country="DE", city="Bonn", location=Location(lat=50.7, lon=7)),
        ),
        (
            {"registered_country": {"iso_code": "DE"}},
            Place(continent="EU", country="DE", location=GERMANY),
        ),
        (
            {"country": {"iso_code": "DE"}, "registered_country": {"iso_code": "US"}},
            Place(continent="EU", country="DE", location=GERMANY),
        ),
        ({"continent": {"code": "AS"}}, Place(continent="AS")),
        ({"country_code": "QZ"}, Place(country="QZ")),
        ({"autonomous_system_number": 3320}, Place(asn=3320)),
        ({"asn": "AS3320"}, Place(asn=3320)),
        ({"asn": "3320"}, Place(asn=3320)),
    ],
)
def test_a_record_says_where_a_client_is(record: object, place: Place) -> None:
    assert place_from(record) == place


@pytest.mark.parametrize(
    "record",
    [
        {},
        None,
        "text",
        7,
        [],
        {"country_code": "ZZ"},
        {"country_code": ""},
        {"country_code": "Germany"},
        {"country": {"iso_code": 5}},
        {"country": {"names": {"en": "Germany"}}},
        {"subdivisions": [{"iso_code": "CA"}]},  # of no country
        {"location": {"latitude": 91.0, "longitude": 0.0}},
        {"location": {"latitude": 50.0}},
        {"latitude": "nan", "longitude": "north"},
        {"asn": 0},
        {"asn": -1},
        {"asn": "AS"},
        {"asn": 1 << 32},
        {"is_anonymous": True},
    ],
)
def test_a_record_that_says_nothing_of_use_is_nowhere(record: object) -> None:
    assert place_from(record) == NOWHERE
