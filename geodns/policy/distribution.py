"""A distribution over answers, and in which order its positions are met: in turn, at random, or by client.

A ticket is a count of the answers given so far. In turn, position = (ticket × step + rounds × drift) mod total, where
a round is `total` tickets: each round visits every position once, so shares are exact after every round. `step`
scatters equal members apart; `drift` shifts each round, so that a client who always asks twice does not meet only every
other position. Round robin is step 1, drift 0. At random, the position is a hash of the ticket, scaled to the total. By
client, no ticket is taken: the position is a bucket that the client's prefix falls into.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import gcd

from geodns.model.pool import Member

MAX_TOTAL = 1 << 24  # positions; heavier weights are scaled down to this, to within one part in a million


class Order(Enum):
    """By what the next position is found."""

    IN_TURN = "the ticket"
    AT_RANDOM = "a hash of the ticket"
    BY_CLIENT = "a hash of the client's prefix"


@dataclass(frozen=True, slots=True)
class Draw:
    """One possible answer: these members in this order, on `weight` of the positions."""

    weight: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """`addresses` is how many an answer holds at most; a draw with more takes turns among them.

    `buckets`, by client: the number of the draw for each bucket of clients, of which there are a power of two and no
    fewer than 32; a draw's weight is how many it has.
    """

    draws: tuple[Draw, ...]
    addresses: int
    order: Order = Order.IN_TURN
    step: int = 1
    drift: int = 0
    buckets: Sequence[int] = ()

    @property
    def total(self) -> int:
        return sum(draw.weight for draw in self.draws)

    def shares(self) -> dict[str, float]:
        """Member name → the part of all answers that name it."""
        shares: dict[str, float] = {}
        for draw in self.draws:
            for member in draw.members:
                shares[member.name] = shares.get(member.name, 0.0) + draw.weight / self.total
        return shares


def consecutive(draws: Sequence[Draw], addresses: int) -> Distribution:
    """One after the other, in the written order."""
    return Distribution(draws=tuple(draws), addresses=addresses)


def scattered(draws: Sequence[Draw], addresses: int) -> Distribution:
    """Mixed as evenly as whole numbers allow: steps of the golden ratio, which keeps equal draws farthest apart."""
    draws = _in_lowest_terms(draws)
    total = sum(draw.weight for draw in draws)
    return Distribution(draws=draws, addresses=addresses, step=_golden_step(total), drift=1)


def at_random(draws: Sequence[Draw], addresses: int) -> Distribution:
    """Each by itself: nothing is made up for, so shares are right in the long run only."""
    return Distribution(draws=_in_lowest_terms(draws), addresses=addresses, order=Order.AT_RANDOM)


def by_client(draws: Sequence[Draw], addresses: int, buckets: Sequence[int]) -> Distribution:
    """Each client has a draw of its own."""
    return Distribution(draws=tuple(draws), addresses=addresses, order=Order.BY_CLIENT, buckets=buckets)


def _in_lowest_terms(draws: Sequence[Draw]) -> tuple[Draw, ...]:
    total = sum(draw.weight for draw in draws)
    if total > MAX_TOTAL:
        draws = [Draw(max(1, draw.weight * MAX_TOTAL // total), draw.members) for draw in draws]
    divisor = gcd(*(draw.weight for draw in draws))
    return tuple(Draw(draw.weight // divisor, draw.members) for draw in draws)


def _golden_step(total: int) -> int:
    """The number nearest to total ÷ φ that has no divisor in common with it, so that a round meets every position."""
    wanted = max(1, round(total * 0.6180339887498949))
    return next(step for off in range(total + 1) for step in (wanted + off, wanted - off) if gcd(step, total) == 1)
