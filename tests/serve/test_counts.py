from geodns.serve.counts import COUNTS_SIZE, Counts, Event


def test_a_successor_counts_on_where_the_dead_one_stopped() -> None:
    shared = memoryview(bytearray(COUNTS_SIZE))
    Counts(shared).add(Event.DATAGRAM, 64)
    Counts(shared).add(Event.DATAGRAM)
    assert Counts(shared).read()[Event.DATAGRAM] == 65
    assert Counts(shared).read()[Event.ODD] == 0


def test_every_event_has_its_own_place() -> None:
    assert sorted(Event) == list(range(len(Event)))
