"""SOA serials: they rise when the records change, and stay when anything else does."""

from dataclasses import replace

import pytest

from geodns.control.serials import Serial, carry_on, from_json, records_digest, serials_of, to_json
from geodns.model.zone import Zone
from tests.values import ORIGIN, member, policy, pool, rrset, rule, zone

NOW = 1_800_000_000
NS = rrset("@", "NS", "ns1", "ns2")
A = rrset("ns1", "A", "192.0.2.1", "192.0.2.2")
ZONE = zone(NS, A, steered={"www": "web"}, policies=[policy(rule("eu"), name="web")])


def next_serial(last: int, now: float) -> int:
    """After a change of the records."""
    return carry_on([ZONE], {"example.com.": Serial(last, "another digest")}, now)["example.com."].serial


def own(serial: int, zone: Zone = ZONE) -> Zone:
    return replace(zone, soa=replace(zone.soa, serial=serial))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(zone(NS, rrset("ns1", "A", "192.0.2.1"), steered={"www": "web"}), id="a record less"),
        pytest.param(zone(NS, A, rrset("a", "A", "192.0.2.1"), steered={"www": "web"}), id="a name more"),
        pytest.param(zone(NS, replace(A, ttl=60), steered={"www": "web"}), id="a TTL"),
        pytest.param(zone(NS, A, steered={"www": "web", "w2": "web"}), id="a steered name more"),
        pytest.param(zone(NS, A, steered={}), id="a steered name less"),
        pytest.param(zone(NS, A, steered={"www": "web"}, negative_ttl=61), id="the SOA itself"),
    ],
)
def test_a_change_of_records_is_another_serial(changed: Zone) -> None:
    assert records_digest(changed) != records_digest(ZONE)
    first = carry_on([ZONE], {}, NOW)
    assert carry_on([changed], first, NOW + 60)["example.com."].serial == NOW + 60


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(zone(A, NS, steered={"www": "web"}), id="the order of names"),
        pytest.param(
            zone(rrset("@", "NS", "ns2", "ns1"), rrset("ns1", "A", "192.0.2.2", "192.0.2.1"), steered={"www": "web"}),
            id="the order of records",
        ),
        pytest.param(zone(NS, A, steered={"www": "other"}), id="the policy of a name"),
        pytest.param(
            replace(ZONE, pools={each.name: each for each in [pool("eu", member("a", "192.0.2.9"))]}), id="a pool"
        ),
        pytest.param(replace(ZONE, policies={}), id="a policy"),
    ],
)
def test_what_is_no_record_leaves_the_serial(same: Zone) -> None:
    first = carry_on([ZONE], {}, NOW)
    assert carry_on([same], first, NOW + 60) == first


@pytest.mark.parametrize(
    ("last", "now", "serial"),
    [
        pytest.param(NOW - 60, NOW + 0.9, NOW, id="the time of the change"),
        pytest.param(NOW, NOW, NOW + 1, id="a second change within the second"),
        pytest.param(NOW + 5000, NOW, NOW + 5001, id="a clock that went backwards"),
        pytest.param(2026010100, NOW, 2026010101, id="a date from before geodns counted"),
        pytest.param(1, NOW, NOW, id="a small number from before"),
        pytest.param(2**32 - 1, 2**32 + 1000, 1000, id="the clock past 32 bits"),
        pytest.param(2**32 - 1, 2**32 - 500, 0, id="the largest is followed by 0"),
        pytest.param(1, 3_000_000_000, 2, id="a clock more than half the circle ahead"),
    ],
)
def test_a_serial_is_the_time_or_else_one_more_than_the_last(last: int, now: float, serial: int) -> None:
    assert next_serial(last, now) == serial
    assert 0 < (serial - last) % 2**32 < 2**31, "it rises, as RFC 1982 counts"


def test_the_first_serial_is_the_time_in_32_bits() -> None:
    assert carry_on([ZONE], {}, 2**32 + 7.5)["example.com."].serial == 7


def test_a_zone_s_own_serial_is_left_as_it_is() -> None:
    book = carry_on([own(42)], {}, NOW)
    changed = own(42, zone(NS, steered={"www": "web"}))
    assert carry_on([changed], book, NOW)["example.com."].serial == 42


def test_geodns_counts_on_from_a_zone_s_own_serial_when_that_is_removed() -> None:
    book = carry_on([own(2026010100)], {}, NOW)
    assert carry_on([ZONE], book, NOW) == book, "the records are the same"
    changed = zone(NS, steered={"www": "web"})
    assert carry_on([changed], book, NOW)["example.com."].serial == 2026010101


def test_each_zone_counts_for_itself() -> None:
    other = zone(name="example.org.")
    book = carry_on([ZONE, other], {}, NOW)
    later = carry_on([zone(NS, steered={}), other], book, NOW + 9)
    assert serials_of([ZONE, other], later) == {ORIGIN: NOW + 9, other.name: NOW}


def test_what_is_written_down_is_read_again() -> None:
    book = carry_on([ZONE, zone(name="example.org.")], {}, NOW)
    assert from_json(to_json(book)) == book


@pytest.mark.parametrize(
    "entry", [None, 7, "7", [], [7], ["7", "digest"], [7, "digest", 1], [7, 8], [-1, "digest"], [2**32, "digest"]]
)
def test_an_entry_of_another_shape_is_passed_over(entry: object) -> None:
    assert from_json({"example.com.": entry, "example.org.": [7, "digest"]}) == {"example.org.": Serial(7, "digest")}


def test_what_copies_have_in_place_of_policies_is_counted_too() -> None:
    one, other = (rrset("www", "A", address) for address in ("192.0.2.1", "192.0.2.2"))
    first = carry_on([ZONE], {}, NOW, {ZONE.name: [one]})
    assert carry_on([ZONE], first, NOW + 60, {ZONE.name: [one]}) == first
    assert serials_of([ZONE], carry_on([ZONE], first, NOW + 60, {ZONE.name: [other]})) == {ZONE.name: NOW + 60}
    assert serials_of([ZONE], carry_on([ZONE], first, NOW + 60)) == {ZONE.name: NOW + 60}
