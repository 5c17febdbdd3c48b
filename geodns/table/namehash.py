"""The hash of a name, label by label from the right, so that a name's ancestors are hashed on the way.

FNV-1a (Fowler, Noll, Vo) cut to 31 bits: short, and every intermediate fits 64 bits once compiled.
"""

ROOT_HASH = 0x11C9DC5
FOLD = bytes(range(65)) + bytes(range(97, 123)) + bytes(range(91, 256))  # octet → the same in lower case
_PRIME = 16777619
_MASK = 0x7FFFFFFF


def extend(above: int, octets: memoryview, at: int) -> int:
    """The hash of the name whose first label stands at `at`, from the hash of its parent. Case is folded."""
    hash_ = above
    for index in range(at, at + 1 + octets[at]):
        hash_ = ((hash_ ^ FOLD[octets[index]]) * _PRIME) & _MASK
    return hash_
