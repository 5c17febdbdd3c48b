"""Measured queries → how many each address stands for, so that shares are of queries rather than of addresses. Pure.

Of prefixes inside each other the longest counts: what a larger one counts came from the rest of it, and is spread
evenly over that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from geodns.config.problem import ConfigError, Problem
from geodns.config.weights import Count
from geodns.geo.fold import fold
from geodns.geo.nest import nest
from geodns.geo.runs import Runs, uniform
from geodns.model.place import Network


@dataclass(frozen=True, slots=True)
class Density:
    """`runs`: values index `queries`, which are those of one address. `total`: all that were counted."""

    runs: Runs
    queries: tuple[Fraction, ...]
    total: Fraction


@dataclass(frozen=True, slots=True)
class Weights:
    ipv4: Density
    ipv6: Density

    @property
    def totals(self) -> Mapping[str, float]:
        return {"ipv4": float(self.ipv4.total), "ipv6": float(self.ipv6.total)}


EVEN = Density(uniform(0), (Fraction(1),), Fraction())  # every address weighs the same


def weights_of(counts: Mapping[Network, Count]) -> Weights:
    """Raises ConfigError for prefixes whose queries can have come from nowhere."""
    problems = [Problem(count.source, words) for network, count in counts.items() if (words := _refusal(network))]
    ipv4, ipv6 = (_density(counts, version, bits, problems) for version, bits in ((4, 32), (6, 128)))
    if problems:
        raise ConfigError(problems)
    return Weights(ipv4, ipv6)


def _refusal(network: Network) -> str:
    """Clients of such addresses are looked up as IPv4, and counted there."""
    inner = fold(network.network_address)
    last = fold(network.broadcast_address)
    if inner == network.network_address:
        return ""
    shown = str(inner) if inner == last else f"{inner} to {last}"
    return f"{network} is IPv4 inside IPv6, whose clients are placed and counted as IPv4; write {shown} as its prefix"


def _density(counts: Mapping[Network, Count], version: int, bits: int, problems: list[Problem]) -> Density:
    mine = {network: count for network, count in counts.items() if network.version == version}
    runs, memberships = nest(mine, bits)
    longest = [max(inside, key=lambda network: network.prefixlen, default=None) for inside in memberships]
    room: dict[Network | None, int] = {}
    for first, until, number in runs.spans(bits):
        room[longest[number]] = room.get(longest[number], 0) + until - first
    for network, count in mine.items():
        if network not in room and count.queries:
            message = f"prefixes inside {network} name all of it, so nobody is left whom its queries can have come from"
            problems.append(Problem(count.source, f"{message}; remove one or the other"))
    queries = (mine[each].queries / room[each] if each and each in room else Fraction() for each in longest)
    return Density(runs, tuple(queries), sum((count.queries for count in mine.values()), Fraction()))
