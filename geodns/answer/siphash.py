"""SipHash-2-4: of a message 64 bits that nobody can tell without the key (J.-P. Aumasson, D. J. Bernstein, 2012).

Interpreted, numbers have no end, so sums and rotations are cut to 64 bits; compiled, they are cut by themselves, and
the compiler drops what says so.
"""

from geodns.answer import octets


def siphash(message: memoryview, size: int, key0: int, key1: int) -> int:
    """Of message[:size]. The halves of the key and the outcome are numbers whose lowest octet comes first."""
    whole = 0x7FFFFFFF  # a literal can have no more bits
    whole = whole << 33 | whole << 2 | 3
    v0 = 0x736F6D65  # the words "somepseudorandomlygeneratedbytes"
    v1 = 0x646F7261
    v2 = 0x6C796765
    v3 = 0x74656462
    v0 = (v0 << 32 | 0x70736575) ^ key0
    v1 = (v1 << 32 | 0x6E646F6D) ^ key1
    v2 = (v2 << 32 | 0x6E657261) ^ key0
    v3 = (v3 << 32 | 0x79746573) ^ key1
    at = 0
    left = (size >> 3) + 3  # words: the whole ones, the last with the size, and two that are empty, of four rounds
    while left > 0:
        word = 0
        if left > 3:
            word = octets.number(message, at, 8)
        elif left == 3:
            word = size & 0xFF
            word = word << 56 | octets.number(message, at, size & 7)
        elif left == 2:
            v2 ^= 0xFF
        v3 ^= word
        rounds = 2
        while rounds > 0:
            v0 = v0 + v1 & whole
            v2 = v2 + v3 & whole
            v1 = (v1 << 13 | v1 >> 51) & whole ^ v0
            v3 = (v3 << 16 | v3 >> 48) & whole ^ v2
            v0 = (v0 << 32 | v0 >> 32) & whole
            v2 = v2 + v1 & whole
            v0 = v0 + v3 & whole
            v1 = (v1 << 17 | v1 >> 47) & whole ^ v2
            v3 = (v3 << 21 | v3 >> 43) & whole ^ v0
            v2 = (v2 << 32 | v2 >> 32) & whole
            rounds -= 1
        v0 ^= word
        at += 8
        left -= 1
    return v0 ^ v1 ^ v2 ^ v3
