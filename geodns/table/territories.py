"""Territory → block: for each family a trie of its leaves, so that a look-up reads a few words."""

from array import array
from collections.abc import Iterator, Sequence

from geodns.geo.starts import zeros
from geodns.geo.territory import FOLD_6TO4, FOLD_LOW32, FOLD_TEREDO, RESOLVER, Leaves, Territory
from geodns.model.policy import Route
from geodns.table import trie
from geodns.table.layout import (
    ROUTE_6TO4,
    ROUTE_LIMIT,
    ROUTE_LOW32,
    ROUTE_RESOLVER,
    ROUTE_TEREDO,
    SLOT_NODE,
    TERRITORY_IPV4,
    TERRITORY_IPV6,
    TERRITORY_NODE,
    TERRITORY_NOWHERE,
    TERRITORY_WORDS,
)
from geodns.table.part import WORD

_PSEUDO = {
    RESOLVER: ROUTE_RESOLVER,
    FOLD_6TO4: ROUTE_6TO4,
    FOLD_TEREDO: ROUTE_TEREDO,
    FOLD_LOW32: ROUTE_LOW32,
}
_LEAST = min(_PSEUDO)
_STRETCH = 1 << 16  # leaves; between two of them another thread may have its turn
_MOST_WORDS = TERRITORY_NODE << 24


def encode_territory(territory: Territory[Route]) -> bytes:
    assert len(territory.routes) < ROUTE_LIMIT, "more routes than a leaf can name"
    # A slot has not only routes in it: a pseudo-route stands at its value, counted from the least of them.
    routes = array("I", [_PSEUDO.get(value, value) for value in range(_LEAST, len(territory.routes))])
    slots = zeros("I", TERRITORY_WORDS)
    slots[TERRITORY_NOWHERE] = territory.nowhere
    for root, leaves, bits in ((TERRITORY_IPV4, territory.v4, 32), (TERRITORY_IPV6, territory.v6, 128)):
        _plant(slots, root, leaves, bits, routes)
    assert len(slots) <= _MOST_WORDS, "a territory of more leaves than slots can tell apart"
    return slots.tobytes()


def _plant(slots: "array[int]", root: int, leaves: Leaves, bits: int, routes: "array[int]") -> None:
    """Appends a family's nodes, and sets the slot `root` to the first of them, or to the only leaf."""
    count = len(leaves.values)
    if count == 1:
        slots[root] = routes[leaves.values[0] - _LEAST] << 8
        return
    given = leaves.starts.upper, leaves.starts.lower, leaves.depths, leaves.values, routes, bits
    work = zeros("I", 3 * count)
    work[0], work[2] = root, count
    state, counts = array("Q", (1, len(slots))), zeros("I", 33)
    while state[0]:
        wanted = trie.grow(*given, work, state, counts, slots, _STRETCH)
        if wanted:
            slots.frombytes(bytes(WORD * max(wanted, len(slots))))
    del slots[state[1] :]


def stretches(words: Sequence[int], territory: int, root: int, bits: int) -> Iterator[tuple[int, int]]:
    """First address, and route, of each leaf of the family whose trie stands at `root`, in rising order."""
    waiting = [(words[territory + root], 0, bits)]  # slot, first address, bits of the address below it
    while waiting:
        slot, start, height = waiting.pop()
        stride = (slot & 0xFF) - SLOT_NODE
        if stride <= 0:
            yield start, slot >> 8
            continue
        node = territory + (slot >> 8) * TERRITORY_NODE
        height -= stride
        at = (1 << stride) - 1
        while at >= 0:
            child = words[node + at]
            depth = child & 0xFF
            if depth <= SLOT_NODE:
                at &= -1 << (bits - depth - height)  # a leaf may fill several slots: this is the first of them
            waiting.append((child, start | at << height, height))
            at -= 1
