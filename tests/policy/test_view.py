"""What stands for policies in copies of a zone: the answers of one client while all is well."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from geodns.model.name import Name, parse_name
from geodns.model.place import NOWHERE, Address, Place
from geodns.model.pool import Pool, State
from geodns.model.transfer import Allowed, Transfer
from geodns.model.zone import RRset, Zone
from geodns.policy.view import records_in_view
from tests import values
from tests.copies import with_serial
from tests.values import alias, member, of_pools, outside, policy, pool, rule

FRANCE, GERMANY = values.place("EU/FR"), values.place("EU/DE")
EU = pool("eu", member("a", "192.0.2.1", "192.0.2.2", "2001:db8::1"), member("b", "192.0.2.3", weight=9))
US = pool("us", member("c", "192.0.2.4", ttl=20))
EMPTY = pool("empty")
ONLY = pool("only", outside("x", "lb.example.net."))


def zone(*pools: Pool, view: Place | Address | None = GERMANY, steered: str = "www", **said: object) -> Zone:
    """`www` goes to the first of the pools in Germany, to the last elsewhere."""
    first, last = pools[0].name, pools[-1].name
    rules = rule(first, country=["DE"]), rule(last)
    made = values.zone(
        steered={steered: "global"},
        pools=[*pools, *(part.pool for each in pools for part in each.parts)],
        policies=[policy(*rules, **said)],  # type: ignore[arg-type]
    )
    return replace(made, transfer=Transfer(allow=(Allowed(None, None),), view=view, decided=True))


def place_of(address: Address) -> Place:
    return GERMANY if str(address) == "203.0.113.7" else NOWHERE


def view_of(made: Zone) -> dict[tuple[str, int], list[str]]:
    return {(_label(rrset), rrset.rtype): [_text(rdata) for rdata in rrset.rdatas] for rrset in view(made)}


def view(made: Zone) -> tuple[RRset, ...]:
    return records_in_view(made, place_of)


def _label(rrset: RRset) -> str:
    return rrset.owner[1 : 1 + rrset.owner[0]].decode()


def _text(rdata: bytes) -> str:
    if len(rdata) in (4, 16):
        return str(ip_address(rdata))
    return rdata.hex()


EU_SETS = {("www", 1): ["192.0.2.1", "192.0.2.2", "192.0.2.3"], ("www", 28): ["2001:db8::1"]}


WILD_SETS = {("*", rtype): data for (_, rtype), data in EU_SETS.items()}
ALIAS = [parse_name("cdn.example.net.").hex()]


@pytest.mark.parametrize(
    ("made", "sets"),
    [
        pytest.param(zone(EU, US), EU_SETS, id="a country"),
        pytest.param(zone(EU, US, view=FRANCE), {("www", 1): ["192.0.2.4"]}, id="another"),
        pytest.param(zone(EU, US, view=ip_address("203.0.113.7")), EU_SETS, id="an address"),
        pytest.param(zone(EU, US, view=ip_address("8.8.8.8")), {("www", 1): ["192.0.2.4"]}, id="another address"),
        pytest.param(zone(EU, US, view=None), {}, id="left out"),
        pytest.param(zone(EU, US, steered="*.w"), WILD_SETS, id="wildcard"),
        pytest.param(zone(EMPTY, US), {}, id="a pool without members"),
        pytest.param(
            zone(pool("p", member("a", "192.0.2.1", state=State.DRAIN), member("b", "192.0.2.2"))),
            {("www", 1): ["192.0.2.2"]},
            id="without those that the zone takes out",
        ),
        pytest.param(
            zone(pool("p", member("a", "192.0.2.1", weight=0), member("b", "192.0.2.2"))),
            {("www", 1): ["192.0.2.2"]},
            id="without the last resort",
        ),
        pytest.param(
            zone(of_pools("both", (EU, 1), (US, 2))),
            {("www", 1): ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"], ("www", 28): ["2001:db8::1"]},
            id="pools of pools together",
        ),
        pytest.param(zone(pool("p", alias("x", "cdn.example.net."))), {("www", 5): ALIAS}, id="an alias"),
        pytest.param(
            zone(pool("p", alias("x", "cdn.example.net."), member("b", "192.0.2.2", weight=3))),
            {("www", 1): ["192.0.2.2"]},
            id="addresses that weigh more than an alias",
        ),
    ],
)
def test_a_name_has_the_whole_answer_of_the_client(made: Zone, sets: dict[tuple[str, int], list[str]]) -> None:
    assert view_of(made) == sets


def test_ttls_are_those_of_the_answers() -> None:
    assert {rrset.ttl for rrset in view(zone(EU, US, ttl=40))} == {40}
    assert {rrset.ttl for rrset in view(zone(EU, US, ttl=40, view=FRANCE))} == {20}


def test_all_names_of_a_policy_have_it() -> None:
    made = zone(EU, US)
    more = replace(made, steered={parse_name(name, values.ORIGIN): "global" for name in ("a", "b")})
    assert {_label(rrset) for rrset in view(more)} == {"a", "b"}


LB = pool("lb", outside("x", "lb.example.net.", ttl=50), member("y", "192.0.2.7"))
FOUND = {"lb.example.net.": ("192.0.2.9", "192.0.2.8", "2001:db8::8")}


@pytest.mark.parametrize(
    ("made", "known", "sets"),
    [
        pytest.param(
            zone(LB, US),
            FOUND,
            {("www", 1): ["192.0.2.9", "192.0.2.8", "192.0.2.7"], ("www", 28): ["2001:db8::8"]},
            id="beside others",
        ),
        pytest.param(zone(LB, US), {}, {("www", 1): ["192.0.2.7"]}, id="what is not resolved"),
        pytest.param(
            zone(ONLY, US, fallback=US.name), {}, {("www", 1): ["192.0.2.4"]}, id="then the next pool answers"
        ),
        pytest.param(zone(ONLY), {}, {}, id="or nobody"),
        pytest.param(zone(ONLY), {"lb.example.net.": ()}, {}, id="what has no address"),
        pytest.param(with_serial(zone(LB, US), 7), FOUND, {("www", 1): ["192.0.2.7"]}, id="a serial of one's own"),
        pytest.param(zone(LB, US, view=None), FOUND, {}, id="left out"),
    ],
)
def test_names_elsewhere_have_the_addresses_that_are_known(
    made: Zone, known: dict[str, tuple[str, ...]], sets: dict[tuple[str, int], list[str]]
) -> None:
    found = records_in_view(made, place_of, values.resolved(known).resolved)
    assert {(_label(rrset), rrset.rtype): [_text(rdata) for rdata in rrset.rdatas] for rrset in found} == sets


def test_the_ttl_of_names_elsewhere_counts_too() -> None:
    for ttl, least in ((60, 50), (20, 20)):
        found = records_in_view(zone(LB, US, ttl=300), place_of, values.resolved(FOUND, ttl).resolved)
        assert {rrset.ttl for rrset in found} == {least}


def test_a_zone_that_nobody_may_copy_has_no_view() -> None:
    assert view(replace(zone(EU), transfer=None)) == ()
    assert view(replace(zone(EU), transfer=Transfer(view=GERMANY))) == ()
    assert Name(b"") not in {rrset.owner for rrset in view(zone(EU))}
