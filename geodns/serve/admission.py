"""How many connections there may be, of one client and in all. Where there are too many, the one that has been idle
longest makes room: of the client that opens one too many first, and only then of all.

A client is an IPv4 address or an IPv6 /64, which is what one customer has at the least.
"""

from collections import OrderedDict, defaultdict
from typing import Protocol

from geodns.serve.counts import Counts, Event

IPV6_CLIENT = 8  # octets of an IPv6 address that tell clients apart


class Guest(Protocol):
    def retire(self) -> None: ...


def client_key(client: memoryview) -> bytes:
    return bytes(client) if len(client) == 4 else bytes(client[:IPV6_CLIENT])


class Admission:
    """`limit`: connections in all; `each`: of one client."""

    def __init__(self, counts: Counts, *, limit: int, each: int) -> None:
        self._counts = counts
        self._limit = limit
        self._each = each
        self._all: OrderedDict[Guest, bytes | None] = OrderedDict()  # the longest idle first; whose it is
        self._of: defaultdict[bytes, OrderedDict[Guest, None]] = defaultdict(OrderedDict)

    def __len__(self) -> int:
        return len(self._all)

    def guests(self) -> list[Guest]:
        return list(self._all)

    def admit(self, guest: Guest) -> None:
        self._counts.add(Event.CONNECTED)
        self._all[guest] = None
        if len(self._all) > self._limit:
            self._shed(next(iter(self._all)), Event.CONNECTION_SHED)

    def attribute(self, guest: Guest, client: memoryview) -> None:
        """It is known whose it is."""
        if guest not in self._all:  # it had to make room at once
            return
        key = client_key(client)
        self._all[guest] = key
        own = self._of[key]
        own[guest] = None
        if len(own) > self._each:
            self._shed(next(iter(own)), Event.CLIENT_SHED)

    def freshen(self, guest: Guest) -> None:
        """It has got on, so others have been idle for longer."""
        if guest not in self._all:
            return
        self._all.move_to_end(guest)
        key = self._all[guest]
        if key is not None:
            self._of[key].move_to_end(guest)

    def dismiss(self, guest: Guest) -> None:
        """Once more does no harm."""
        if guest not in self._all:
            return
        self._counts.add(Event.DISCONNECTED)
        key = self._all.pop(guest)
        if key is None:
            return
        del self._of[key][guest]
        if not self._of[key]:
            del self._of[key]

    def _shed(self, guest: Guest, why: Event) -> None:
        self._counts.add(why)
        self.dismiss(guest)
        guest.retire()
