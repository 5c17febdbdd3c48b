"""Whom `sticky` moves when members come and go: the part of all clients, beside the least that there could be.

    python -m bench.disruption

Exact, since it looks at every bucket of clients; of each pool with ten choices of names. `Needless` are those
who moved and need not have: from a member that stays as it was to another one that does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from bench.answer import HERE
from geodns.model.pool import Member
from geodns.policy import select

SIZES = (2, 3, 5, 10, 30, 100)
NAMINGS = 10


@dataclass(frozen=True, slots=True)
class Change:
    """`touched`: the member that comes, goes or is weighed anew."""

    what: str
    before: Sequence[Member]
    after: Sequence[Member]
    touched: str

    def ideal(self) -> float:
        """What its share grows or shrinks by."""
        return abs(_share(self.before, self.touched) - _share(self.after, self.touched))


def members(count: int, naming: int) -> list[Member]:
    address = (IPv4Address("192.0.2.1"),)
    return [Member(name=f"web{naming * 1000 + n}", addresses=address, source=HERE) for n in range(count)]


def changes(count: int, naming: int) -> Iterator[Change]:
    pool = members(count + 1, naming)
    *some, last = pool
    name = last.name
    if count > 1:
        yield Change("one is lost", some, some[:-1], some[-1].name)
    yield Change("one is added", some, pool, name)
    yield Change("weight 1 → 2", some, [*some[:-1], replace(some[-1], weight=2)], some[-1].name)
    yield Change("weight 4 → 3 among fours", _with_weight(some, 4, 4), _with_weight(some, 4, 3), some[-1].name)


def _with_weight(pool: Sequence[Member], others: int, weight: int) -> list[Member]:
    return [*(replace(member, weight=others) for member in pool[:-1]), replace(pool[-1], weight=weight)]


def _share(pool: Sequence[Member], name: str) -> float:
    return sum(member.weight for member in pool if member.name == name) / sum(member.weight for member in pool)


def kept(pool: Sequence[Member]) -> list[str]:
    """Of each bucket, the member that its clients get."""
    distribution = select("sticky", pool, 1)
    return [distribution.draws[number].members[0].name for number in distribution.buckets]


def moved(change: Change) -> tuple[float, float]:
    """The part of all clients that moves, and that which need not have."""
    pairs = list(zip(kept(change.before), kept(change.after), strict=True))
    needless = sum(was != now and change.touched not in (was, now) for was, now in pairs)
    return sum(was != now for was, now in pairs) / len(pairs), needless / len(pairs)


def main() -> None:
    print("| Members | What happens | Least | Moved | From … to | Needless |\n|---|---|---|---|---|---|")
    for count in SIZES:
        for same in zip(*(changes(count, naming) for naming in range(NAMINGS)), strict=True):
            found = [moved(change) for change in same]
            parts = [part for part, _ in found]
            print(f"| {count} | {same[0].what} | {same[0].ideal():.2%} | {sum(parts) / len(parts):.2%} | "
                  f"{min(parts):.2%} … {max(parts):.2%} | {max(needless for _, needless in found):.2%} |")  # fmt: skip


if __name__ == "__main__":
    main()
