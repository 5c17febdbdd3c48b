"""Runs → CIDR blocks, in flat arrays. Each call cuts a stretch, and says where it stopped."""

from array import array


def cut(
    upper: "array[int]",
    lower: "array[int]",
    values: "array[int]",
    state: "array[int]",
    bits: int,
    to_upper: "array[int]",
    to_lower: "array[int]",
    depths: "array[int]",
    to_values: "array[int]",
) -> int:
    """Writes as few blocks as there can be, and returns how many; state[0] is the run to go on with.

    There must be room for one run's blocks, twice `bits`. No two neighbours among the runs are equal.
    """
    runs = len(values)
    room = len(depths) - 2 * bits
    run = state[0]
    count = 0
    height = 0
    one = 1
    size = one  # of a block: 1 << height
    span = size - one
    low = (one << 64) - 1
    top = (one << (bits - 1)) - 1 + (one << (bits - 1))  # the last address
    if runs == 1:
        to_values[0] = values[0]
        state[0] = 1
        return 1
    while run < runs and count <= room:
        value = values[run]
        start = upper[run]
        start = start << 64 | lower[run]
        run += 1
        last = top
        if run < runs:
            last = upper[run]
            last = (last << 64 | lower[run]) - 1
        rest = last - start  # how many addresses are left, but for one
        while True:
            # The largest block that begins here, no wider than the start is aligned and than what is left. A start is
            # aligned at least as well as the block before it was wide, so that block is where the search begins.
            while start & size == 0 and rest >= size + span:
                span += size
                size += size
                height += 1
            while rest < span:
                size >>= 1
                span >>= 1
                height -= 1
            to_upper[count] = start >> 64
            to_lower[count] = start & low
            depths[count] = bits - height
            to_values[count] = value
            count += 1
            if rest == span:
                break
            start += size
            rest -= size
    state[0] = run
    return count
