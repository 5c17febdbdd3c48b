"""Networks, which may lie inside each other → the partition by which of them contain an address."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from geodns.geo.runs import Runs
from geodns.model.place import Network

Membership = frozenset[Network]


def nest(
    networks: Iterable[Network], bits: int, alike: Mapping[Network, Network] = MappingProxyType({})
) -> tuple[Runs, tuple[Membership, ...]]:
    """Runs whose values index the memberships; membership 0 is that of addresses in none of the networks.

    `alike`: which network stands for one in its memberships, where not itself. All networks are of one family, of
    `bits`-bit addresses. Two prefixes are disjoint or one holds the other, so a stack of the ones that are open where
    the sweep stands is all that is needed.
    """
    space_end = 1 << bits
    starts, values = [0], [0]
    memberships: dict[Membership, int] = {frozenset(): 0}
    by_number: list[Membership] = [frozenset()]
    open_: list[tuple[int, int]] = [(space_end, 0)]  # where it ends, and the membership inside it

    def begin(start: int, membership: int) -> None:
        if starts[-1] == start:  # opened or closed at the same address: what is said last holds
            values[-1] = membership
        else:
            starts.append(start)
            values.append(membership)

    def close_until(address: int) -> None:
        while open_[-1][0] <= address and len(open_) > 1:
            end, _ = open_.pop()
            if end < space_end:
                begin(end, open_[-1][1])

    for network in sorted(set(networks), key=_outer_first):
        first = int(network.network_address)
        close_until(first)
        membership = by_number[open_[-1][1]] | {alike.get(network, network)}
        number = memberships.setdefault(membership, len(by_number))
        if number == len(by_number):
            by_number.append(membership)
        open_.append((first + network.num_addresses, number))
        begin(first, number)
    close_until(space_end)
    return Runs(starts, values), tuple(by_number)


def _outer_first(network: Network) -> tuple[int, int]:
    return int(network.network_address), network.prefixlen
