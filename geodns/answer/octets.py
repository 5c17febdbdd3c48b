"""Runs of octets: copied, compared and folded. Interpreted, slices do it; compiled, octets.pxd says the same in C.

The only lines that are written twice, as neither way is fast at the other speed. This file itself is never compiled.
"""


def copy(source: memoryview, at: int, target: memoryview, to: int, size: int) -> None:
    """source[at : at + size] to target[to : to + size]. Both have them."""
    target[to : to + size] = source[at : at + size]


def same(one: memoryview, at: int, other: memoryview, other_at: int, size: int) -> bool:
    return one[at : at + size] == other[other_at : other_at + size]


def lower(source: memoryview, at: int, end: int, target: memoryview) -> None:
    """source[at:end] in lower case to the same place of the target; ASCII letters alone are folded: RFC 4343 §3."""
    target[at:end] = bytes(source[at:end]).lower()
