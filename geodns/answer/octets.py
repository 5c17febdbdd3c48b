"""Runs of octets: copied, compared, folded, hashed, written. Interpreted, the standard library does it on slices;
compiled, octets.pxd says the same in C.

The only lines that are written twice, as neither way is fast at the other speed. This file itself is never compiled.
"""

from struct import Struct
from zlib import crc32

_put_words = Struct("!5H").pack_into


def copy(source: memoryview, at: int, target: memoryview, to: int, size: int) -> None:
    """source[at : at + size] to target[to : to + size]. Both have them."""
    target[to : to + size] = source[at : at + size]


def same(one: memoryview, at: int, other: memoryview, other_at: int, size: int) -> bool:
    return one[at : at + size] == other[other_at : other_at + size]


def lower(source: memoryview, at: int, end: int, target: memoryview) -> None:
    """source[at:end] in lower case to the same place of the target; ASCII letters alone are folded: RFC 4343 §3."""
    target[at:end] = source[at:end].tobytes().lower()


def checksum(source: memoryview, at: int, size: int) -> int:
    """CRC-32 as zlib and PNG have it (RFC 2083 §15): 32 bits that depend on each of the octets."""
    return crc32(source[at : at + size])


def put_words(target: memoryview, at: int, first: int, second: int, third: int, fourth: int, fifth: int) -> None:
    """Five numbers of 16 bits: what a header has after its id, and an OPT record after its owner."""
    _put_words(target, at, first, second, third, fourth, fifth)


def number(source: memoryview, at: int, size: int) -> int:
    """Of up to eight octets, the first of them the lowest."""
    return int.from_bytes(source[at : at + size], "little")


def clear(target: memoryview, at: int, size: int) -> None:
    target[at : at + size] = bytes(size)
