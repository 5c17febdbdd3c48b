"""sticky: a client keeps its member. Not the ticket decides but the client's prefix, which falls into a bucket.

Which members a bucket has follows from the members' names and weights alone: neither from the name that is asked for
nor from who else is up. Losing a member moves its own clients and no others, and they come back to it.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from math import log2
from struct import unpack

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution, Draw, by_client
from geodns.policy.groups import group_numbers
from geodns.policy.rendezvous import enter, shuffle
from geodns.policy.selection import selection
from geodns.policy.strength import settled

BUCKETS = 1 << 14  # the same for all pools, since clients of a pool that had more of them from some size on would move

_COST_UNIT = 1 << 20  # coarse enough that every platform's logarithm comes to the same whole numbers
_NAMES_KEPT = 512  # ranks of as many members: 16 MiB
_SHARINGS_KEPT = 128


@selection("sticky", by_client=True)
def sticky(members: Sequence[Member], answers: int) -> Distribution:
    """Of several members the client's own comes first, and the others, its next best of other groups, in the written
    order."""
    members = settled(members)
    written = {_identity(member): at for at, member in enumerate(members)}
    in_line = sorted(members, key=lambda member: (_digest(_identity(member)), _identity(member)))
    groups = group_numbers(in_line)
    named = zip(map(_identity, in_line), (member.weight for member in in_line), groups, strict=True)
    sharing = _sharing(tuple(named), min(answers, len(set(groups))))
    draws = []
    for (first, *others), buckets in zip(sharing.answers, sharing.counts, strict=True):
        stand_ins = sorted((in_line[at] for at in others), key=lambda member: written[_identity(member)])
        draws.append(Draw(buckets, (in_line[first], *stand_ins)))
    return by_client(draws, answers, sharing.buckets)


def _identity(member: Member) -> str:
    """Names may come twice in a pool of pools. No name has a slash in it."""
    return f"{member.home}/{member.name}" if member.home else member.name


@dataclass(frozen=True, slots=True)
class _Sharing:
    """The answers that there are, as numbers of members; of how many buckets each is; for each bucket, which it is."""

    answers: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]
    buckets: "array[int]"


@lru_cache(_SHARINGS_KEPT)
def _sharing(members: tuple[tuple[str, int, int], ...], wanted: int) -> _Sharing:
    """`members`: names, weights and groups. Both families, and all policies of a pool, mostly ask for the same."""
    best = array("H", bytes(2 * BUCKETS * wanted))
    paid = array("I", bytes(4 * BUCKETS * wanted))
    weights = array("I", (weight for _, weight, _ in members))
    groups = array("I", (group for _, _, group in members))
    seen: set[int] = set()
    for number, (name, _, group) in enumerate(members):
        enter(number, _ranks(name), _costs(), weights, groups, min(len(seen), wanted), wanted, best, paid)
        seen.add(group)
    answers = list(zip(*(best[place::wanted] for place in range(wanted)), strict=True))
    if wanted > 2:  # the others' order is no matter, and without it fewer answers differ
        answers = [(first, *sorted(others)) for first, *others in answers]
    counts = Counter(answers)
    numbers = {answer: number for number, answer in enumerate(counts)}
    return _Sharing(tuple(counts), tuple(counts.values()), array("H", map(numbers.__getitem__, answers)))


@lru_cache(_NAMES_KEPT)
def _ranks(name: str) -> "array[int]":
    """A member's rank at each bucket: what of the work a change of health does not touch."""
    ranks = array("H", bytes(2 * BUCKETS))
    factors_and_summands = unpack("<6H", _digest(name))
    makings = array("H", (number | 1 if at % 2 == 0 else number for at, number in enumerate(factors_and_summands)))
    shuffle(makings, ranks)
    return ranks


@cache
def _costs() -> "array[int]":
    return array("I", (round(cost) for cost in exact_costs()))


def exact_costs() -> list[float]:
    """Of each rank, for a member of weight 1."""
    return [-log2((rank + 0.5) / BUCKETS) * _COST_UNIT for rank in range(BUCKETS)]


def _digest(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=12).digest()
