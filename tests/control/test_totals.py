"""The workers' counters added up, from mappings that were filled by hand."""

import os
from collections.abc import Iterator

import pytest

from geodns.answer import cells, rcode
from geodns.control.totals import OTHER, Tallies
from geodns.serve.counts import Event
from geodns.table.slots import Ledgers, Slots
from tests.admin.standins import Ledger, shared_memory

LEDGERS = Ledgers(
    Slots(4096, ("example.com.", "example.org.")), Slots(65536, ("example.com. eu fra1", "example.com. eu fra2"))
)


@pytest.fixture
def two() -> Iterator[tuple[int, int]]:
    with shared_memory() as one, shared_memory() as other:
        yield one, other


def test_nothing_was_asked_yet(two: tuple[int, int]) -> None:
    found = Tallies(two).read(LEDGERS)
    assert (found.questions, found.answers) == ({}, {})
    assert (found.dropped, found.truncated, found.faults) == (0, 0, 0)
    assert set(found.events) == {event.name.lower() for event in Event}
    assert set(found.events.values()) == {0}


def test_questions_of_all_workers_are_added_up_by_zone_type_and_outcome(two: tuple[int, int]) -> None:
    one, other = map(Ledger, two)
    one.ask(1, 1, rcode.NOERROR)
    other.ask(1, 1, rcode.NOERROR)
    other.ask(1, 28, rcode.NOERROR, denied=1)
    one.ask(2, 9999, rcode.NXDOMAIN)
    one.ask(0, 255, rcode.REFUSED)
    other.ask(1, 6, rcode.BADVERS)
    assert Tallies(two).read(LEDGERS).questions == {
        ("example.com.", "A", "NOERROR"): 2,
        ("example.com.", "AAAA", "NODATA"): 1,
        ("example.org.", "other", "NXDOMAIN"): 1,
        ("", "ANY", "REFUSED"): 1,
        ("example.com.", "SOA", "BADVERS"): 1,
    }


def test_answers_are_added_up_by_member_and_who_gave_none_is_left_out(two: tuple[int, int]) -> None:
    one, other = map(Ledger, two)
    one.pick(1, 3)
    other.pick(1, 4)
    assert Tallies(two).read(LEDGERS).answers == {"example.com. eu fra1": 7}


def test_who_found_no_slot_of_its_own_is_told_as_other(two: tuple[int, int]) -> None:
    one, other = map(Ledger, two)
    one.ask(LEDGERS.zones.last, 1, rcode.NOERROR)
    other.pick(LEDGERS.members.last, 5)
    found = Tallies(two).read(LEDGERS)
    assert found.questions == {(OTHER, "A", "NOERROR"): 1}
    assert found.answers == {OTHER: 5}


def test_slots_that_nobody_has_are_not_looked_at(two: tuple[int, int]) -> None:
    one, _ = map(Ledger, two)
    one.ask(3, 1, rcode.NOERROR)
    one.pick(3, 1)
    found = Tallies(two).read(LEDGERS)
    assert (found.questions, found.answers) == ({}, {})


def test_drops_truncations_faults_and_events_are_added_up(two: tuple[int, int]) -> None:
    one, other = map(Ledger, two)
    one.counts[cells.DROPPED] = 2
    other.counts[cells.DROPPED] = 3
    one.counts[cells.TRUNCATED] = 1
    other.counts[cells.FAULTS] = 4
    one.events.add(Event.DATAGRAM, 10)
    other.events.add(Event.DATAGRAM, 20)
    other.events.add(Event.CONNECTION_MALFORMED)
    found = Tallies(two).read(LEDGERS)
    assert (found.dropped, found.truncated, found.faults) == (5, 1, 4)
    assert (found.events["datagram"], found.events["connection_malformed"], found.events["odd"]) == (30, 1, 0)


def test_what_is_counted_later_is_read_later(two: tuple[int, int]) -> None:
    """Control reads the pages that the workers write, after the descriptors are closed too."""
    copies = [os.dup(fd) for fd in two]
    tallies = Tallies(copies)
    for fd in copies:
        os.close(fd)
    Ledger(two[0]).pick(1, 1)
    assert tallies.read(LEDGERS).answers == {"example.com. eu fra1": 1}


def test_without_workers_there_is_nothing_to_add_up() -> None:
    found = Tallies([]).read(LEDGERS)
    assert (found.questions, found.answers, found.dropped) == ({}, {}, 0)
