"""Keys → numbers in order of first appearance, by a hash table in flat arrays: a dictionary without objects."""

from array import array


def number_keys(
    keys: "array[int]",
    first: int,
    until: int,
    numbers: "array[int]",
    slots: "array[int]",
    known: "array[int]",
    count: int,
) -> int:
    """Sets numbers[first:until] for the same keys; returns how many distinct ones are in `known` then.

    `slots` hold number + 1, or 0 where they are free; there are more of them than distinct keys.
    """
    size = len(slots)
    for at in range(first, until):
        key = keys[at]
        slot = key % size
        while slots[slot] != 0 and known[slots[slot] - 1] != key:
            slot += 1
            if slot == size:
                slot = 0
        if slots[slot] == 0:
            known[count] = key
            count += 1
            slots[slot] = count
        numbers[at] = slots[slot] - 1
    return count
