"""The hash of a name, label by label from the right, so that a name's ancestors are hashed on the way.

FNV-1a (Fowler, Noll, Vo) cut to 31 bits: short, and every intermediate fits 64 bits once compiled.
"""

ROOT_HASH = 0x11C9DC5
_PRIME = 16777619
_MASK = 0x7FFFFFFF


def extend(above: int, octets: memoryview, at: int) -> int:
    """The hash of the name whose first label stands at `at`, from the hash of its parent. Case is folded."""
    end = at + 1 + octets[at]
    hash_ = above
    while at < end:
        octet = octets[at]
        if 65 <= octet <= 90:
            octet |= 32
        hash_ = ((hash_ ^ octet) * _PRIME) & _MASK
        at += 1
    return hash_
