"""The hash of a name, label by label from the right, so that a name's ancestors are hashed on the way.

FNV-1a (Fowler, Noll, Vo) cut to 31 bits: short, and every intermediate fits 64 bits once compiled.
"""

from geodns.table import layout


def extend(above: int, octets: memoryview, at: int) -> int:
    """The hash of the name whose first label stands at `at`, in lower case, from the hash of its parent."""
    hash_ = above
    for index in range(at, at + 1 + octets[at]):
        hash_ = ((hash_ ^ octets[index]) * layout.HASH_PRIME) & layout.HASH_MASK
    return hash_
