"""Cities and AS numbers of real databases → answers: what rules ask reaches the table."""

from pathlib import Path

import pytest

from geodns.geo import mmdb
from geodns.model.policy import AnyOf, Condition, InAsn, InCity, InCountry, NoneOf
from tests.values import member, policy, pool, rule, zone
from tests.world import Client, addresses, table_of

DATA = Path(__file__).parents[1] / "geo" / "data"
ATLAS = mmdb.read([DATA / "GeoIP2-City-Test.mmdb", DATA / "GeoLite2-ASN-Test.mmdb"])
LONDON, BOXFORD = "81.2.69.142/32", "2.125.160.216/32"  # two cities of one country
SWEDEN, COMCAST = "89.160.20.112/32", "71.96.0.1/32"


def asked(condition: Condition, subnet: str) -> list[str]:
    served = zone(
        steered={"www": "global"},
        pools=[pool("those", member("a", "192.0.2.1")), pool("others", member("b", "192.0.2.2"))],
        policies=[policy(rule("those", also=[condition]), rule("others"))],
    )
    return addresses(Client(table_of([served], ATLAS)).ask("www.example.com.", subnet=subnet))


IN_LONDON = InCity(frozenset({"gb/london"}))
BY_SUBDIVISION = InCity(frozenset({"gb-eng/london"}))
SWEDISH = InCountry(frozenset({"SE"}))
BREDBAND2 = InAsn(frozenset({29518}))


@pytest.mark.parametrize(
    ("condition", "subnet", "fits"),
    [
        pytest.param(IN_LONDON, LONDON, True, id="a city"),
        pytest.param(IN_LONDON, BOXFORD, False, id="another city of the country"),
        pytest.param(BY_SUBDIVISION, LONDON, True, id="a city by its subdivision"),
        pytest.param(BREDBAND2, SWEDEN, True, id="an AS number"),
        pytest.param(BREDBAND2, LONDON, False, id="another one, or none"),
        pytest.param(AnyOf((IN_LONDON, BREDBAND2)), SWEDEN, True, id="in a region by its AS number"),
        pytest.param(AnyOf((IN_LONDON, SWEDISH)), BOXFORD, False, id="outside of a region"),
        pytest.param(NoneOf((SWEDISH,)), BOXFORD, True, id="not kept out"),
        pytest.param(NoneOf((SWEDISH,)), SWEDEN, False, id="kept out"),
        pytest.param(NoneOf((SWEDISH,)), "192.0.0.0/24", True, id="an unknown place is not kept out"),
    ],
)
def test_who_fits_a_condition_gets_its_answer(condition: Condition, subnet: str, fits: bool) -> None:
    assert asked(condition, subnet) == ["192.0.2.1" if fits else "192.0.2.2"]
