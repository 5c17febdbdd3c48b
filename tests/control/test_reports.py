"""Who has reported which load: while it counts, and over a restart."""

import json
from dataclasses import replace
from ipaddress import ip_address

from geodns.control.reports import ReportBook
from geodns.load.reading import Report
from geodns.model.check import Heard, Result, Target
from geodns.model.place import Address
from geodns.model.pool import PoolName
from geodns.model.verdict import MemberKey
from tests.values import ORIGIN, check, member, pool, zone


class Telling:
    """A probe that may tell a load, and is never asked."""

    tells_load = True

    async def ask(self, address: Address) -> Heard:
        raise AssertionError("this test probes nothing")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


WEB = replace(check(interval=10.0), probe=Telling(), timeout=3.0)
FRA1 = member("fra1", "192.0.2.1", "2001:db8::1")
EU = pool("eu", FRA1, check=WEB)
PLAIN = pool("plain", member("x", "192.0.2.9"), check=check())
ZONE = zone(pools=[EU, PLAIN])
EU_KEY = (ORIGIN, PoolName("eu"))
KEY = MemberKey(*EU_KEY, "fra1")


def book(clock: Clock, document: dict[str, object] | None = None) -> ReportBook:
    made = ReportBook(document or {}, clock)
    made.watch([ZONE])
    return made


def result(load: float | None = None, part: float = 1.0, address: str = "192.0.2.1", ok: bool = True) -> Result:
    return Result(Target(WEB, ip_address(address)), ok, 0.01, "200 OK", load, part)


def load_of(reports: ReportBook, clock: Clock) -> float | None:
    report = reports.of_member(KEY, EU, FRA1)
    return report.load if report and clock.now < report.until else None


def test_the_highest_of_a_members_addresses_counts() -> None:
    clock = Clock()
    reports = book(clock)
    assert load_of(reports, clock) is None
    reports.hear(result(5.0))
    reports.hear(result(7.0, address="2001:db8::1"))
    assert load_of(reports, clock) == 7.0
    reports.hear(result(4.0, address="2001:db8::1"))
    assert load_of(reports, clock) == 5.0


def test_a_report_counts_for_three_intervals_and_is_remembered_after_that() -> None:
    clock = Clock()
    reports = book(clock)
    reports.hear(result(5.0))
    clock.now += 32.9
    assert load_of(reports, clock) == 5.0
    clock.now += 0.2
    assert load_of(reports, clock) is None
    assert reports.of_member(KEY, EU, FRA1) == Report(5.0, 1000.0, 1033.0)


def test_what_is_sent_goes_first_while_it_counts() -> None:
    clock = Clock()
    reports = book(clock)
    reports.hear(result(5.0))
    reports.send(KEY, 9.0, 20.0)
    reports.send(EU_KEY, 90.0, 20.0)
    assert load_of(reports, clock) == 9.0
    assert reports.of_pool(EU_KEY) == Report(90.0, 1000.0, 1020.0)
    clock.now += 20
    assert load_of(reports, clock) == 5.0


def test_only_another_part_that_is_asked_for_stirs_a_pool() -> None:
    reports = book(Clock())
    assert reports.hear(result(5.0)) == []
    assert reports.hear(result(part=0.75)) == [EU_KEY]
    assert reports.hear(result(part=0.75)) == []
    assert reports.asked() == {KEY: 0.75}
    assert reports.hear(result(part=0.5, address="2001:db8::1")) == [EU_KEY]
    assert reports.asked() == {KEY: 0.5}, "the least of its addresses"
    reports.hear(result(address="2001:db8::1"))
    assert reports.hear(result()) == [EU_KEY]
    assert reports.asked() == {}
    assert reports.hear(result()) == []


def test_a_probe_that_failed_says_nothing_of_load() -> None:
    clock = Clock()
    reports = book(clock)
    reports.hear(result(5.0, part=0.5))
    assert reports.hear(result(ok=False)) == []
    assert (reports.asked(), load_of(reports, clock)) == ({KEY: 0.5}, 5.0)


def test_who_is_not_watched_is_passed_over() -> None:
    reports = book(Clock())
    stranger = Result(Target(check(), ip_address("192.0.2.9")), True, 0.01, "", 5.0, 0.5)
    assert reports.hear(stranger) == []
    assert reports.asked() == {}


def test_a_reload_without_the_member_forgets_what_it_asked_for() -> None:
    reports = book(Clock())
    reports.hear(result(part=0.5))
    reports.watch([zone(pools=[PLAIN])])
    reports.watch([ZONE])
    assert reports.asked() == {}


def test_a_restart_knows_what_was_sent_and_asked_for() -> None:
    clock = Clock()
    before = book(clock)
    before.hear(result(part=0.25))
    before.send(KEY, 9.0, 60.0)
    before.send(EU_KEY, 90.0, 60.0)
    after = book(clock, json.loads(json.dumps(before.to_json())))
    assert after.asked() == {KEY: 0.25}
    assert load_of(after, clock) == 9.0
    assert after.of_pool(EU_KEY) == before.of_pool(EU_KEY)


def test_what_was_damaged_is_passed_over() -> None:
    document: dict[str, object] = {
        "sent": [1, {"zone": "..", "pool": "eu", "load": 1, "at": 1, "until": 2}],
        "asked": 3,
    }
    assert book(Clock(), document).to_json() == {"sent": [], "asked": {}}
