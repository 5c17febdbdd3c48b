"""Members → the best of them for each bucket of clients, by weighted rendezvous hashing.

Every member meets the buckets in an order of its own, which its name alone decides: its rank at a bucket. The best of
a bucket is the one with the least cost, −log₂((rank + ½) ÷ buckets) ÷ weight, so a member's part of the buckets is in
proportion to its weight, and who comes or goes moves no bucket but its own. Thaler and Ravishankar, "Using Name-Based
Mappings to Increase Hit Rates" (1998); weights: Schindelhauer and Schomaker, "Weighted Distributed Hash Tables" (2005).
Ranks that are permutations, where the papers draw them at random, halve the deviation of the parts.
"""

from array import array


def shuffle(makings: "array[int]", ranks: "array[int]") -> None:
    """Writes a permutation of as many numbers, a power of two. `makings`: three times an odd factor and a summand."""
    buckets = len(ranks)
    last = buckets - 1
    for bucket in range(buckets):
        rank = bucket * makings[0] + makings[1] & last
        rank = (rank ^ rank >> 7) * makings[2] + makings[3] & last
        rank = (rank ^ rank >> 7) * makings[4] + makings[5] & last
        ranks[bucket] = rank ^ rank >> 7


def enter(
    member: int,
    ranks: "array[int]",
    costs: "array[int]",
    weights: "array[int]",
    groups: "array[int]",
    held: int,
    wanted: int,
    best: "array[int]",
    paid: "array[int]",
) -> None:
    """Puts the member where it belongs among the best of each bucket; those before it, by number, have entered.

    `best` are the `wanted` best of bucket 0, the best first and one of a group, then those of bucket 1 ...; of each
    bucket `held` are there yet. `paid`: for each of them its cost without the weight. Of equals the first stays before.
    """
    weight = weights[member]
    group = groups[member]
    first = 0
    for bucket in range(len(ranks)):
        cost = costs[ranks[bucket]]
        end = first + held
        last = first
        while last < end and groups[best[last]] != group:
            last += 1
        # Who makes room: 1. the one of its own group, 2. nobody, while there is room, 3. the last.
        place = end
        if last < end:
            place = last + 1
        elif held == wanted:
            last = end - 1
        while place > first and cost * weights[best[place - 1]] < paid[place - 1] * weight:
            place -= 1
        if place <= last:
            while last > place:
                best[last] = best[last - 1]
                paid[last] = paid[last - 1]
                last -= 1
            best[place] = member
            paid[place] = cost
        first += wanted
