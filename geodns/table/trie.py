"""Leaves → slots: a trie of which each node has as many children as are worth their room.

A node is 2^stride slots over the next `stride` bits of the address. A slot is a leaf, which may fill several, or says
where the next node is; so a look-up reads a few words and compares nothing. Nodes that are mostly full are cheaper as
one: Nilsson and Karlsson, "IP-Address Lookup Using LC-Tries" (1999), without their compression of paths.
"""

from array import array


def grow(
    upper: "array[int]",
    lower: "array[int]",
    depths: "array[int]",
    values: "array[int]",
    routes: "array[int]",
    bits: int,
    work: "array[int]",
    state: "array[int]",
    counts: "array[int]",
    slots: "array[int]",
    steps: int,
) -> int:
    """Makes nodes until `steps` leaves are looked at; returns the room that the next node wants, 0 where it is there.

    `work` are nodes still to be made, three words each: where its slot is, its first leaf, and the one after its last;
    `state`: how many are waiting, and how many slots are used. A leaf's route is routes[value + 4].
    """
    waiting, used = state[0], state[1]
    looked_at = 0
    while waiting > 0 and looked_at < steps:
        at = work[waiting * 3 - 3]
        first = work[waiting * 3 - 2]
        until = work[waiting * 3 - 1]
        position = slots[at]  # bits of the address above the node: it waits in the slot
        stride = best_stride(depths, first, until, position, counts)
        room = 1 << stride
        if room < 4:
            room = 4
        if used + room > len(slots):
            state[0] = waiting
            state[1] = used
            return room
        slots[at] = (used >> 2) << 8 | (128 + stride)
        waiting -= 1
        looked_at += until - first
        below = position + stride
        slot = used
        leaf = first
        while leaf < until:
            depth = depths[leaf]
            if depth <= below:
                word = routes[values[leaf] + 4] << 8 | depth
                leaf += 1
                end = slot + (1 << (below - depth))
                while slot < end:
                    slots[slot] = word
                    slot += 1
            else:
                begin = leaf
                leaf = end_of_block(upper, lower, leaf, until, bits - below)
                slots[slot] = below
                work[waiting * 3] = slot
                work[waiting * 3 + 1] = begin
                work[waiting * 3 + 2] = leaf
                waiting += 1
                slot += 1
        used += room
    state[0] = waiting
    state[1] = used
    return 0


def best_stride(depths: "array[int]", first: int, until: int, position: int, counts: "array[int]") -> int:
    """The widest node with two leaves a slot, or of which half of the slots differ."""
    count = until - first
    most = 64 - position % 64  # a node's bits lie on one side of an address's middle
    if count <= 8:
        whole = deepest(depths, first, until) - position
        if whole <= most and 1 << whole <= count * 2:
            return whole
    widest = 1
    while widest < most and 1 << widest <= count:
        widest += 1
    return best_by_counts(depths, first, until, position, widest, counts)


def deepest(depths: "array[int]", first: int, until: int) -> int:
    most = depths[first]
    for leaf in range(first + 1, until):
        if depths[leaf] > most:
            most = depths[leaf]
    return most


def best_by_counts(
    depths: "array[int]", first: int, until: int, position: int, widest: int, counts: "array[int]"
) -> int:
    """The best of the strides 1 to `widest`, from how many leaves there are at each depth."""
    for stride in range(widest + 1):
        counts[stride] = 0
    limit = position + widest
    for leaf in range(first, until):
        depth = depths[leaf]
        if depth <= limit:
            counts[depth - position] += 1
    best = 1
    leaves = 0
    inner = 1
    for stride in range(1, widest + 1):
        inner = inner * 2 - counts[stride]
        leaves += counts[stride]
        if (leaves + inner) * 2 >= 1 << stride or until - first >= 2 << stride:
            best = stride
    return best


def end_of_block(upper: "array[int]", lower: "array[int]", leaf: int, until: int, height: int) -> int:
    """The first leaf that is not in the block of 2^height addresses that `leaf` is in."""
    one = 1
    if height >= 64:
        last = upper[leaf] | (one << (height - 64)) - 1
        while leaf < until and upper[leaf] <= last:
            leaf += 1
        return leaf
    above = upper[leaf]
    last = lower[leaf] | (one << height) - 1
    while leaf < until and lower[leaf] <= last and upper[leaf] == above:
        leaf += 1
    return leaf
