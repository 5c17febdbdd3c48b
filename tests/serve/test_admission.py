from ipaddress import ip_address

from geodns.serve.admission import Admission
from geodns.serve.counts import Event
from tests.serve.standins import private_counts


class Visitor:
    def __init__(self) -> None:
        self.sent_away = False

    def retire(self) -> None:
        self.sent_away = True


class House:
    def __init__(self, *, limit: int, each: int) -> None:
        self.counts = private_counts()
        self.admission = Admission(self.counts, limit=limit, each=each)

    def come(self, address: str) -> Visitor:
        visitor = Visitor()
        self.admission.admit(visitor)
        self.admission.attribute(visitor, memoryview(ip_address(address).packed))
        return visitor


def test_addresses_of_one_ipv6_64_are_one_client_and_ipv4_addresses_each_their_own() -> None:
    house = House(limit=100, each=1)
    first, other = house.come("2001:db8::1"), house.come("2001:db8:0:1::1")
    house.come("2001:db8::2")
    assert first.sent_away
    assert not other.sent_away
    assert not house.come("192.0.2.1").sent_away
    assert not any(visitor.sent_away for visitor in (house.come("192.0.2.2"), other))


def test_a_client_with_too_many_loses_its_own_before_anybody_else_does() -> None:
    house = House(limit=100, each=2)
    other = house.come("192.0.2.9")
    first, second = house.come("192.0.2.1"), house.come("192.0.2.1")
    house.admission.freshen(first)
    house.come("192.0.2.1")
    assert [other.sent_away, first.sent_away, second.sent_away] == [False, False, True]


def test_the_longest_idle_of_all_makes_room_in_a_full_house() -> None:
    house = House(limit=2, each=2)
    first, second = house.come("192.0.2.1"), house.come("192.0.2.2")
    house.admission.freshen(first)
    house.come("192.0.2.3")
    assert [first.sent_away, second.sent_away] == [False, True]
    assert len(house.admission) == 2


def test_who_has_gone_is_counted_once_and_forgotten() -> None:
    house = House(limit=2, each=1)
    visitor = house.come("192.0.2.1")
    house.admission.dismiss(visitor)
    house.admission.dismiss(visitor)
    house.admission.freshen(visitor)
    assert not house.come("192.0.2.1").sent_away
    read = house.counts.read()
    assert (read[Event.CONNECTED], read[Event.DISCONNECTED], read[Event.CLIENT_SHED]) == (2, 1, 0)
