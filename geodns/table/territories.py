"""Territory → block: sorted leaves with buckets over their first word, so that a look-up is a short bisection."""

from bisect import bisect_right
from collections.abc import Sequence

from geodns.geo.territory import FOLD_6TO4, FOLD_LOW32, FOLD_TEREDO, RESOLVER, Leaves, Territory
from geodns.model.policy import Route
from geodns.table.block import words
from geodns.table.layout import (
    ROUTE_6TO4,
    ROUTE_LIMIT,
    ROUTE_LOW32,
    ROUTE_RESOLVER,
    ROUTE_TEREDO,
    TERRITORY_WORDS,
)

_PSEUDO = {
    RESOLVER: ROUTE_RESOLVER,
    FOLD_6TO4: ROUTE_6TO4,
    FOLD_TEREDO: ROUTE_TEREDO,
    FOLD_LOW32: ROUTE_LOW32,
}
_MAX_BUCKET_BITS = 16


def encode_territory(territory: Territory[Route]) -> bytes:
    assert len(territory.routes) < ROUTE_LIMIT, "more routes than a leaf can name"
    ipv4_head, ipv4 = _leaf_table(territory.v4, 32, TERRITORY_WORDS)
    ipv6_head, ipv6 = _leaf_table(territory.v6, 128, TERRITORY_WORDS + len(ipv4))
    return words([territory.nowhere, *ipv4_head, *ipv6_head, *ipv4, *ipv6])


def _leaf_table(leaves: Leaves, bits: int, at: int) -> tuple[list[int], list[int]]:
    """(the four head words, the words that stand from `at` on)."""
    bucket_bits = min(_MAX_BUCKET_BITS, max(0, len(leaves.starts).bit_length() - 2))
    buckets = _buckets(leaves.starts, bits, bucket_bits)
    starts = [start >> low & 0xFFFFFFFF for start in leaves.starts for low in range(bits - 32, -1, -32)]
    routes = [_PSEUDO.get(value, value) << 8 | depth for value, depth in zip(leaves.values, leaves.depths, strict=True)]
    head = [32 - bucket_bits, at, at + len(buckets), at + len(buckets) + len(starts)]
    return head, [*buckets, *starts, *routes]


def _buckets(starts: Sequence[int], bits: int, bucket_bits: int) -> list[int]:
    firsts = (bucket << (bits - bucket_bits) for bucket in range(1 << bucket_bits))
    return [*(bisect_right(starts, first) - 1 for first in firsts), len(starts) - 1]
