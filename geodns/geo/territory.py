"""A policy's view of the address space: prefix → route, merged to a fixed point, so that a leaf's depth is the scope.

What decides for an address, first match:
1. own networks that contain it, even inside a private block (there, nothing but the networks is known of the place);
2. a private or unroutable block: the address of the query's resolver, leaf value RESOLVER;
3. a block of IPv6 that carries IPv4: the IPv4 address inside, leaf value FOLD_*;
4. its place.
Where all clients get the same route, nothing decides: both families are one leaf of depth 0. Not so for clients that
are told apart within a route: whose address it is by which they are known, 2. and 3. have to say.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Generic, TypeVar

from geodns.geo.atlas import Atlas
from geodns.geo.leaves import Leaves, cut, find
from geodns.geo.nest import Membership, nest
from geodns.geo.runs import Runs, Writer, combine, relabel, stretches, uniform
from geodns.geo.special import FOLD_6TO4, FOLD_LOW32, FOLD_TEREDO, FOLDS, RESOLVER, SPECIAL_V4, SPECIAL_V6
from geodns.geo.starts import zeros
from geodns.geo.sweep import unseen
from geodns.model.place import NOWHERE, Network, Place

__all__ = ["FOLD_6TO4", "FOLD_LOW32", "FOLD_TEREDO", "RESOLVER", "Leaves", "Territory", "draw", "find"]

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory(Generic[T]):
    """The leaves' values index `routes`, or are RESOLVER or FOLD_* (below zero)."""

    routes: tuple[T, ...]  # in order of first appearance
    v4: Leaves
    v6: Leaves
    nowhere: int  # the route of clients whose place is unknown


def draw(
    atlas: Atlas,
    networks: Collection[Network],
    route_of: Callable[[Place], T],
    alike: Mapping[Network, Network] = MappingProxyType({}),
    *,
    tells_clients_apart: bool = False,
) -> Territory[T]:
    """The territory of a policy whose rules name `networks` and send a client at a place to `route_of(place)`.

    `alike`: of networks that the rules do not tell apart, the one that stands for them in places. `route_of` is asked
    once for each distinct place, own networks included.
    """
    routes = _Routes(route_of)
    nowhere = routes.number_of(NOWHERE)
    ordinary = _Labels(len(atlas.places), lambda place: routes.number_of(atlas.places[place]))
    v4 = _draw_family(atlas.v4, atlas.places, _lay(_of_version(networks, 4), SPECIAL_V4, 32, alike), ordinary, routes)
    v6 = _draw_family(atlas.v6, atlas.places, _lay(_of_version(networks, 6), SPECIAL_V6, 128, alike), ordinary, routes)
    if len(routes.numbers) == 1 and not tells_clients_apart:
        v4 = v6 = uniform(nowhere)
    elif len(v4.starts) == 1 and not tells_clients_apart:
        # Whatever IPv4 address is inside, the route is the same: no need to look.
        everywhere = v4.values[0]
        v6 = relabel(v6, lambda value: everywhere if value in FOLDS else value)
    return Territory(routes=tuple(routes.numbers), v4=cut(v4, 32), v6=cut(v6, 128), nowhere=nowhere)


def _of_version(networks: Collection[Network], version: int) -> tuple[Network, ...]:
    return tuple(network for network in networks if network.version == version)


class _Routes(Generic[T]):
    """Routes numbered in order of first appearance."""

    def __init__(self, route_of: Callable[[Place], T]) -> None:
        self.numbers: dict[T, int] = {}
        self._route_of = route_of
        self._known: dict[Place, int] = {}

    def number_of(self, place: Place) -> int:
        if place not in self._known:
            self._known[place] = self.numbers.setdefault(self._route_of(place), len(self.numbers))
        return self._known[place]


class _Labels:
    """What to write for a place where one thing decides; worked out once, when a place is met."""

    def __init__(self, places: int, value_of: Callable[[int], int]) -> None:
        self.values = zeros("i", places)
        self._value_of = value_of
        self._stamps = zeros("I", places)
        self._stamp = 1

    def renew(self, value_of: Callable[[int], int]) -> None:
        """Something else decides from here on."""
        self._value_of = value_of
        self._stamp += 1

    def meet(self, runs: Runs, first: int, until: int) -> None:
        """Works out the labels of all places among these runs."""
        for begin, end in stretches(first, until):
            met = zeros("i", end - begin)
            count = unseen(runs.values, begin, end, self._stamps, self._stamp, met)
            for place in met[:count]:
                self.values[place] = self._value_of(place)


@dataclass(frozen=True, slots=True)
class _Overlay:
    """Own networks laid over the special blocks: run → membership and special kind."""

    runs: Runs
    pairs: tuple[tuple[Membership, int], ...]


def _lay(networks: Collection[Network], special: Runs, bits: int, alike: Mapping[Network, Network]) -> _Overlay:
    member_of, memberships = nest(networks, bits, alike)
    pairs: dict[tuple[Membership, int], int] = {}
    runs = combine(member_of, special, lambda member, kind: pairs.setdefault((memberships[member], kind), len(pairs)))
    return _Overlay(runs, tuple(pairs))


def _draw_family(
    places_at: Runs,
    places: tuple[Place, ...],
    overlay: _Overlay,
    ordinary: _Labels,
    routes: _Routes[T],
) -> Runs:
    """The overlay has few runs and the places have many, so the places are swept, from one of the few to the next."""
    within = _Labels(len(places), lambda _: 0)
    writer = Writer(len(places_at.values) + len(overlay.runs.values))
    starts = overlay.runs.starts
    first = 0
    for number, (start, pair) in enumerate(zip(starts, overlay.runs.values, strict=True)):
        membership, kind = overlay.pairs[pair]
        if kind:
            writer.append(start, routes.number_of(replace(NOWHERE, networks=membership)) if membership else kind)
            continue
        labels = ordinary
        if membership:
            labels = within
            labels.renew(lambda place, member=membership: routes.number_of(replace(places[place], networks=member)))  # type: ignore[misc]
        first = places_at.starts.first_from(start, first)
        is_last = number + 1 == len(starts)
        until = len(places_at.values) if is_last else places_at.starts.first_from(starts[number + 1], first)
        begins_before = first == until or places_at.starts[first] != start
        labels.meet(places_at, first - begins_before, until)
        if begins_before:
            writer.append(start, labels.values[places_at.values[first - 1]])
        writer.relabelled(places_at, first, until, labels.values)
    return writer.written()
