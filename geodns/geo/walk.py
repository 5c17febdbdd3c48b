"""The search tree of a MaxMind DB file, walked from left to right: of each leaf its first address and its child.

Each call walks a stretch: what is left of the way stands in the arrays that it is given.
"""

from array import array


def walk(
    content: bytes,
    record_bits: int,
    nodes: int,
    alias: int,
    waiting: "array[int]",
    uppers: "array[int]",
    lowers: "array[int]",
    heights: "array[int]",
    state: "array[int]",
    to_upper: "array[int]",
    to_lower: "array[int]",
    leaves: "array[int]",
) -> int:
    """Writes up to len(leaves) leaves and returns how many; -1 where the tree is deeper than its addresses are long,
    or has more nodes than it may be.

    A child from `nodes` on is a leaf, and so is the node `alias`, which is written as `nodes`: nothing known. `waiting`
    and the three beside it are the nodes still to be visited, with their first address and the bits below them;
    state[0] says how many they are, state[1] how many nodes may yet be visited.
    """
    one = 1
    top, left_to_visit = state[0], state[1]
    count = 0
    room = len(leaves)
    while top > 0 and count < room:
        top -= 1
        node = waiting[top]
        upper = uppers[top]
        lower = lowers[top]
        height = heights[top]
        while node < nodes and node != alias:
            if height == 0 or left_to_visit == 0:
                return -1
            left_to_visit -= 1
            height -= 1
            waiting[top] = right_child(content, record_bits, node)
            heights[top] = height
            uppers[top] = upper
            lowers[top] = lower
            if height >= 64:
                uppers[top] |= one << (height - 64)
            else:
                lowers[top] |= one << height
            top += 1
            node = left_child(content, record_bits, node)
        to_upper[count] = upper
        to_lower[count] = lower
        leaves[count] = nodes if node == alias else node
        count += 1
    state[0] = top
    state[1] = left_to_visit
    return count


def left_child(content: bytes, record_bits: int, node: int) -> int:
    if record_bits == 28:
        at = node * 7
        high = content[at + 3] >> 4
    elif record_bits == 24:
        at = node * 6
        high = 0
    else:
        at = node * 8 + 1
        high = content[at - 1]
    return high << 24 | content[at] << 16 | content[at + 1] << 8 | content[at + 2]


def right_child(content: bytes, record_bits: int, node: int) -> int:
    if record_bits == 28:
        at = node * 7 + 4
        high = content[at - 1] & 0x0F
    elif record_bits == 24:
        at = node * 6 + 3
        high = 0
    else:
        at = node * 8 + 5
        high = content[at - 1]
    return high << 24 | content[at] << 16 | content[at + 1] << 8 | content[at + 2]
