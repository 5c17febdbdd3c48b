"""Sweeps over sorted partitions in flat arrays: number by number, nothing kept but what they write.

Each call sweeps one stretch, which its caller chooses: where they are compiled nothing else runs in the process until
they return.
"""

from array import array


def relabel(
    upper: "array[int]",
    lower: "array[int]",
    finds: "array[int]",
    first: int,
    until: int,
    labels: "array[int]",
    to_upper: "array[int]",
    to_lower: "array[int]",
    to_values: "array[int]",
    count: int,
) -> int:
    """Appends the runs first..until with labels[find] as their values, where that is not the value of the run before.

    `count` runs are written already; returns how many then are. What is written may be what is read.
    """
    written = count > 0
    last = to_values[count - 1] if written else 0
    for at in range(first, until):
        label = labels[finds[at]]
        if label != last or not written:
            to_upper[count] = upper[at]
            to_lower[count] = lower[at]
            to_values[count] = label
            count += 1
            last = label
            written = True
    return count


def unseen(finds: "array[int]", first: int, until: int, stamps: "array[int]", stamp: int, found: "array[int]") -> int:
    """Stamps the finds first..until, and writes those that did not have the stamp yet. Returns how many they are."""
    count = 0
    for at in range(first, until):
        find = finds[at]
        if stamps[find] != stamp:
            stamps[find] = stamp
            found[count] = find
            count += 1
    return count


def overlaps(
    upper: "array[int]",
    lower: "array[int]",
    values: "array[int]",
    other_upper: "array[int]",
    other_lower: "array[int]",
    other_values: "array[int]",
    bias: int,
    state: "array[int]",
    steps: int,
    to_upper: "array[int]",
    to_lower: "array[int]",
    keys: "array[int]",
) -> int:
    """The stretches in which neither of two partitions changes; of each, both values as one key.

    A key is (value + bias) << 32 | (other value + bias).
    `state` says how many runs of either, and stretches, are done. Does up to `steps` stretches and returns how many.
    """
    at, other, count = state[0], state[1], state[2]
    runs, other_runs = len(values), len(other_values)
    before = count
    while count - before < steps and (at < runs or other < other_runs):
        ours = at < runs and (
            other == other_runs
            or upper[at] < other_upper[other]
            or (upper[at] == other_upper[other] and lower[at] <= other_lower[other])
        )
        theirs = other < other_runs and (
            not ours or (upper[at] == other_upper[other] and lower[at] == other_lower[other])
        )
        if ours:
            to_upper[count] = upper[at]
            to_lower[count] = lower[at]
            at += 1
        else:
            to_upper[count] = other_upper[other]
            to_lower[count] = other_lower[other]
        if theirs:
            other += 1
        # Both partitions begin at 0, so that there is a run of each by now.
        key = values[at - 1] + bias
        keys[count] = key << 32 | (other_values[other - 1] + bias)
        count += 1
    state[0] = at
    state[1] = other
    state[2] = count
    return count - before
