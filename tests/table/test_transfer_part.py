"""What copies of zones are made from: records as they are sent, and what has changed from serial to serial."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.model.name import Name, parse_name, show
from geodns.model.zone import RRset, Zone
from geodns.table.transfer_part import PIECE, transfers_part
from geodns.table.transfers import Copied, Transfers
from tests import values
from tests.copies import KEY, Records, copied, halves, message_of, records_in, transfers_of
from tests.values import ORIGIN, rrset

EVERYTHING = [
    rrset("@", "NS", "ns1", "ns2.example.net."),
    rrset("@", "MX", "10 mail", "20 mail.example.net."),
    rrset("ns1", "A", "192.0.2.53"),
    rrset("WWW", "A", "192.0.2.1", "192.0.2.2", ttl=60),
    rrset("*.dev", "AAAA", "2001:db8::1"),
    rrset("alias", "CNAME", "www"),
    rrset("_sip._tcp", "SRV", "0 5 5060 mail"),
    rrset("sub", "NS", "ns.sub"),
    rrset("ns.sub", "A", "192.0.2.9"),
    rrset("text", "TXT", '"a\\"b" "c"'),
    rrset("any", "TYPE65280", "\\# 3 010203"),
    rrset("a\\.b", "PTR", "host.sub"),
]


def only(zone: Zone, serial: int = 1, before: Transfers | None = None) -> tuple[Copied, Transfers]:
    transfers = transfers_of([zone], {zone.name: serial}, before)
    return transfers.zones[zone.name], transfers


def versions(*sets: list[RRset]) -> Iterator[tuple[Copied, Transfers]]:
    """One after the other, with serials from 1 on."""
    before = None
    for serial, rrsets in enumerate(sets, 1):
        zone, before = only(copied(values.zone(*rrsets)), serial, before)
        yield zone, before


def last(*sets: list[RRset]) -> Copied:
    return list(versions(*sets))[-1][0]


def texts(*rrsets: RRset) -> Records:
    """As dnspython reads them."""
    return records_in(last(list(rrsets)).run) - records_in(last([]).run)


def test_zones_that_are_copied_from_elsewhere_are_told_apart() -> None:
    zones = [copied(values.zone()), values.zone(name="example.org.")]
    serials = {zone.name: 1 for zone in zones}
    followed = [zones[1].name]
    assert transfers_of(zones, serials, followed=followed).followed == {zones[1].name}
    assert transfers_of(zones[1:], serials, keys=(), followed=followed).followed == {zones[1].name}
    assert transfers_of(zones, serials).followed == frozenset()


def test_differences_go_on_from_a_zone_that_nobody_may_have_for_a_while() -> None:
    first, other = copied(values.zone(*EVERYTHING)), copied(values.zone(*EVERYTHING[:-1]))
    good = transfers_of([first], {ORIGIN: 7})
    void = transfers_of([replace(first, is_void=True)], {ORIGIN: 7}, good)
    again = transfers_of([other], {ORIGIN: 9}, void)
    assert [each.void for each in (good, void, again)] == [frozenset(), {ORIGIN}, frozenset()]
    assert [(each.older, each.newer) for each in again.zones[ORIGIN].history] == [(7, 9)]


def test_from_a_zone_that_has_not_come_yet_no_difference_leads() -> None:
    void = transfers_of([replace(copied(values.zone()), rrsets=(), is_void=True)], {ORIGIN: 0})
    assert void.void == {ORIGIN}
    assert not void.zones
    assert not void.others
    zone = copied(values.zone(*EVERYTHING))
    assert transfers_of([zone], {ORIGIN: 7}, void).zones[ORIGIN].history == []


@pytest.mark.parametrize("name", ["example.com.", "."])
def test_all_records_are_there_behind_the_soa(name: str) -> None:
    origin = parse_name(name)
    rrsets = [rrset("@", "NS", "ns1"), rrset("ns1", "A", "192.0.2.53"), rrset("x.y", "MX", "10 ns1", origin=origin)]
    zone, _ = only(copied(values.zone(*rrsets, name=name)), 42)
    answer = message_of(zone.run.pieces(), origin).answer
    server, contact = (parse_name(label, origin) for label in ("ns1", "hostmaster"))
    assert answer[0].to_text().split()[3:7] == ["SOA", show(server), show(contact), "42"]
    assert len(answer) == 4


def test_records_of_all_kinds_are_read_by_dnspython_as_they_were_written() -> None:
    zone = last(EVERYTHING)
    found = records_in(zone.run)
    assert ("any.example.com.", "TYPE65280", "\\# 3 010203", 300) in found
    assert ("_sip._tcp.example.com.", "SRV", "0 5 5060 mail.example.com.", 300) in found
    assert ("a\\.b.example.com.", "PTR", "host.sub.example.com.", 300) in found
    assert len(found) == 1 + sum(len(each.rdatas) for each in EVERYTHING)


def test_pieces_fit_messages_and_say_how_many_records_they_are() -> None:
    rrsets = [rrset(f"n{number}", "A", "192.0.2.1") for number in range(3000)]
    large = RRset(parse_name("large", ORIGIN), 16, 300, (b"".join(b"\xff" + bytes(255) for _ in range(200)),))
    zone = last([*rrsets[:1500], large, *rrsets[1500:]])
    pieces = list(zone.run.pieces())
    assert [len(octets) for octets, _ in pieces if len(octets) > PIECE] == [len(large.rdatas[0]) + 18]
    assert all(len(message_of([piece]).answer) == piece[1] for piece in pieces)
    assert sum(count for _, count in pieces) == 3002


def test_where_nobody_may_copy_and_no_key_is_there_is_no_part() -> None:
    assert transfers_part([values.zone()], {ORIGIN: 1}, {}, {}) is None
    keyed = transfers_of([values.zone()], {ORIGIN: 1})
    assert (list(keyed.keys), list(keyed.zones), keyed.others) == ([KEY.name], [], frozenset([ORIGIN]))


@pytest.mark.parametrize(
    ("allow", "client", "key", "may"),
    [
        (["192.0.2.0/24"], "192.0.2.7", None, True),
        (["192.0.2.0/24"], "192.0.2.7", KEY.name, True),
        (["192.0.2.0/24"], "192.0.3.7", None, False),
        (["192.0.2.0/24"], "2001:db8::1", None, False),
        (["2001:db8::/32"], "2001:db8::1", None, True),
        ([KEY], "192.0.2.7", None, False),
        ([KEY], "192.0.2.7", KEY.name, True),
        ([KEY], "192.0.2.7", parse_name("other"), False),
        (["192.0.2.0/24", KEY], "198.51.100.1", KEY.name, True),
    ],
)
def test_who_may_copy_a_zone(allow: list[str], client: str, key: Name | None, may: bool) -> None:
    zone, _ = only(copied(values.zone(), *allow))
    assert zone.may_be_copied(ip_address(client), key) == may


# ── differences ───────────────────────────────────────────────────────────────────────────────────────────────────

A, B, C, D = (rrset(name, "A", f"192.0.2.{number}") for number, name in enumerate("abcd"))
SHORT = rrset("a", "A", "192.0.2.0", ttl=60)
MANY = [rrset(f"n{number}", "A", "192.0.2.1") for number in range(3000)]
OTHER = rrset("n1", "A", "192.0.2.9")


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        pytest.param([A, B], [A, B, C], [], [C], id="at the end"),
        pytest.param([B, C], [A, B, C], [], [A], id="at the start"),
        pytest.param([A, B, C], [A, C], [B], [], id="in the middle"),
        pytest.param([A], [B], [A], [B], id="all of it"),
        pytest.param([], [A], [], [A], id="from nothing"),
        pytest.param([A], [], [A], [], id="to nothing"),
        pytest.param([A, B, C], [D, B, A], [C], [D], id="in another order"),
        pytest.param([A, B], [SHORT, B], [A], [SHORT], id="a TTL"),
        pytest.param(MANY, [MANY[0], OTHER, *MANY[2:]], [MANY[1]], [OTHER], id="one of many"),
        pytest.param(MANY, [*MANY[:2], *MANY[3:], A], [MANY[2]], [A], id="far apart"),
    ],
)
def test_a_difference_has_what_went_and_what_came(
    old: list[RRset], new: list[RRset], gone: list[RRset], come: list[RRset]
) -> None:
    zone = last([*EVERYTHING, *old], [*EVERYTHING, *new])
    (difference,) = zone.history
    assert (difference.older, difference.newer) == (1, 2)
    assert halves(difference) == (texts(*gone), texts(*come))


LABELS = st.lists(st.sampled_from(["a", "b", "aa", "ab", "a.a", "b.a", "\\192\\012.a"]), unique=True)


@given(st.lists(LABELS, min_size=2, max_size=6))
def test_differences_lead_from_any_version_to_the_last(versions_: list[list[str]]) -> None:
    sets = [[rrset(name, "TXT", f'"{name[0] * 4}"') for name in names] + MANY[:300] for names in versions_]
    found = list(versions(*sets))
    zone = found[-1][0]
    for serial, (older, _) in enumerate(found, 1):
        records = {each for each in records_in(older.run) if each[1] != "SOA"}
        since = zone.since(serial)
        assert since is not None
        for difference in since:
            gone, come = halves(difference)
            assert gone <= records
            assert not come & records
            records = records - gone | come
        assert records == {each for each in records_in(zone.run) if each[1] != "SOA"}


def test_what_has_changed_since_a_serial_is_known_as_far_as_it_is_kept() -> None:
    zone = last(*([*EVERYTHING, rrset("a", "A", f"192.0.2.{number}")] for number in range(5)))
    assert zone.serial == 5
    assert [len(zone.since(serial) or ()) for serial in (1, 4)] == [4, 1] or len(zone.history) < 4
    assert zone.since(5) == ()
    assert zone.since(6) == (), "a secondary that is ahead has nothing to fetch"
    assert zone.since(99999) == ()
    assert zone.since(2**32 - 5) is None


def test_no_more_differences_are_kept_than_the_zone_is_large() -> None:
    zone = last(*([*MANY, rrset("a", "A", f"192.0.2.{number}")] for number in range(50)))
    assert len(zone.history) == 32
    assert zone.since(50 - 32) is not None
    assert zone.since(50 - 33) is None
    whole = last(MANY, [rrset(f"m{number}", "A", "192.0.2.1") for number in range(3000)])
    assert whole.history == []


def test_records_that_change_under_one_serial_leave_no_difference_that_could_be_wrong() -> None:
    _, transfers = only(copied(values.zone(*EVERYTHING, A)), 1)
    second, transfers = only(copied(values.zone(*EVERYTHING, A, B)), 2, transfers)
    assert second.since(1)
    muddled, transfers = only(copied(values.zone(*EVERYTHING, A, C)), 2, transfers)
    assert (muddled.muddled, muddled.since(1), muddled.since(2)) == (True, None, ())
    third, transfers = only(copied(values.zone(*EVERYTHING, A, D)), 3, transfers)
    assert (third.muddled, third.since(2)) == (False, None)
    fourth, _ = only(copied(values.zone(*EVERYTHING, A)), 4, transfers)
    assert fourth.since(3)


def test_another_order_is_no_other_version() -> None:
    _, transfers = only(copied(values.zone(*EVERYTHING, A)), 1)
    _, transfers = only(copied(values.zone(*EVERYTHING, A, B)), 2, transfers)
    again, _ = only(copied(values.zone(B, A, *EVERYTHING)), 2, transfers)
    assert (again.muddled, len(again.since(1) or ())) == (False, 1)


def test_a_serial_that_goes_backwards_begins_anew() -> None:
    _, transfers = only(copied(values.zone(*EVERYTHING, A)), 5)
    back, _ = only(copied(values.zone(*EVERYTHING, B)), 3, transfers)
    assert (back.history, back.since(2)) == ([], None)
