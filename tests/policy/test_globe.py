"""`nearest` on a globe: nothing happens at the antimeridian or at the poles, where maps on paper have their edges."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import acos, cos, radians, sin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geodns.model.pool import Pool
from geodns.policy.route import route_of
from tests.values import atlas, member, place, policy, pool, rule, zone
from tests.world import Client, addresses, table_of

Point = tuple[float, float]

CITIES: Mapping[str, Point] = {
    "suva": (-18.1, 178.4),
    "apia": (-13.8, -171.8),
    "sydney": (-33.9, 151.2),
    "anchorage": (61.2, -149.9),
    "petropavlovsk": (53.0, 158.7),
    "honolulu": (21.3, -157.9),
    "tokyo": (35.7, 139.7),
    "ushuaia": (-54.8, -68.3),
    "christchurch": (-43.5, 172.6),
    "tromso": (69.6, 18.9),
    "utqiagvik": (71.3, -156.8),
    "alert": (82.5, -62.3),
    "longyearbyen": (78.2, 15.6),
}


def pools_at(points: Mapping[str, Point]) -> dict[str, Pool]:
    return {
        name: pool(name, member(name, f"192.0.2.{number}"), at=at)
        for number, (name, at) in enumerate(points.items(), start=1)
    }


def order(client: Point, points: Mapping[str, Point]) -> Sequence[str]:
    pools = {each.name: each for each in pools_at(points).values()}
    return route_of(policy(rule(*points, nearest=True)), pools, place("EU", client)).pools


ROWS = [
    pytest.param((-17.7, -178.8), "sydney apia suva", "suva apia sydney", id="Lau: Fiji east of the line"),
    pytest.param((-8.5, 179.2), "sydney apia suva", "suva apia sydney", id="Tuvalu"),
    pytest.param((52.9, 172.9), "anchorage petropavlovsk", "petropavlovsk anchorage", id="Attu: Russia is nearer"),
    pytest.param((51.9, -176.6), "petropavlovsk anchorage", "petropavlovsk anchorage", id="Adak: over the line"),
    pytest.param((53.9, -166.5), "petropavlovsk anchorage", "anchorage petropavlovsk", id="Unalaska: not over it"),
    pytest.param((28.2, -177.4), "tokyo honolulu", "honolulu tokyo", id="Midway"),
    pytest.param((19.3, 166.6), "honolulu tokyo", "tokyo honolulu", id="Wake"),
    pytest.param((0.0, 180.0), "sydney apia", "apia sydney", id="on the line"),
    pytest.param((0.0, -180.0), "sydney apia", "apia sydney", id="on the line, from the other side"),
    pytest.param((85.0, 160.0), "tromso utqiagvik alert", "alert utqiagvik tromso", id="beside the pole"),
    pytest.param((88.0, 120.0), "utqiagvik longyearbyen alert", "alert longyearbyen utqiagvik", id="over it to Alert"),
    pytest.param((90.0, 0.0), "utqiagvik tromso alert", "alert utqiagvik tromso", id="the north pole"),
    pytest.param((90.0, -135.0), "utqiagvik tromso alert", "alert utqiagvik tromso", id="with any longitude"),
    pytest.param((-90.0, 0.0), "christchurch ushuaia", "ushuaia christchurch", id="the south pole"),
    pytest.param((-90.0, 170.0), "christchurch ushuaia", "ushuaia christchurch", id="beside Christchurch's meridian"),
    pytest.param((-77.8, 166.7), "ushuaia christchurch", "christchurch ushuaia", id="McMurdo"),
]  # fmt: skip


@pytest.mark.parametrize(("client", "written", "found"), ROWS)
def test_over_the_antimeridian_and_the_poles_the_nearest_comes_first(client: Point, written: str, found: str) -> None:
    points = {name: CITIES[name] for name in written.split()}
    assert " ".join(order(client, points)) == found


@pytest.mark.parametrize(("client", "written", "found"), ROWS)
def test_who_asks_from_there_gets_it(client: Point, written: str, found: str) -> None:
    """The whole way, from the database to the answer."""
    pools = pools_at({name: CITIES[name] for name in written.split()})
    served = zone(steered={"www": "global"}, pools=pools.values(), policies=[policy(rule(*pools, nearest=True))])
    reply = Client(table_of([served], atlas({"8.0.0.0/8": place("OC", client)}))).ask(
        "www.example.com.", subnet="8.1.2.0/24"
    )
    assert addresses(reply) == [str(pools[found.split()[0]].members[0].addresses[0])]


points = st.tuples(st.floats(-90, 90), st.floats(-180, 180)) | st.tuples(
    st.sampled_from([-90.0, -89.9, 0.0, 89.9, 90.0]), st.sampled_from([-180.0, -179.9, 0.0, 90.0, 179.9, 180.0])
)


def angle(one: Point, other: Point) -> float:
    """Between the vectors from the middle of the earth, in radians."""
    dot = sum(a * b for a, b in zip(_vector(*one), _vector(*other), strict=True))
    return acos(max(-1.0, min(1.0, dot)))


def _vector(lat: float, lon: float) -> tuple[float, float, float]:
    return cos(radians(lat)) * cos(radians(lon)), cos(radians(lat)) * sin(radians(lon)), sin(radians(lat))


def are_told_apart(client: Point, some: Sequence[Point]) -> bool:
    """By more than what is lost in rounding."""
    angles = sorted(angle(client, each) for each in some)
    return all(later - sooner > 1e-6 for sooner, later in pairwise(angles))


@given(points, st.lists(points, min_size=2, max_size=5))
def test_the_order_is_that_of_the_angles_between_vectors(client: Point, some: list[Point]) -> None:
    assume(are_told_apart(client, some))
    named = {f"p{at}": each for at, each in enumerate(some)}
    assert list(order(client, named)) == sorted(named, key=lambda name: angle(client, named[name]))


@given(points, st.lists(points, min_size=2, max_size=4), st.floats(-360, 360))
def test_turning_the_globe_changes_nothing(client: Point, some: list[Point], by: float) -> None:
    """Whichever meridian is the one of the date line."""
    assume(are_told_apart(client, some))

    def turned(point: Point) -> Point:
        return point[0], (point[1] + by + 180) % 360 - 180

    named = {f"p{at}": each for at, each in enumerate(some)}
    assert order(turned(client), {name: turned(each) for name, each in named.items()}) == order(client, named)
