"""How likely is it that counts come from these shares? Pearson's test, written out: nothing else here needs it."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import product
from math import exp, lgamma, log, sqrt
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def p_value(counts: Mapping[T, int], shares: Mapping[T, float]) -> float:
    """The part of all honest samples of this size that are as far from the shares as this one or farther."""
    assert set(counts) <= set(shares), "something came that has no share"
    total = sum(counts.values())
    wanted = {each: total * share for each, share in shares.items()}
    assert min(wanted.values()) > 5, "too few draws for the test"
    statistic = sum((counts.get(each, 0) - one) ** 2 / one for each, one in wanted.items())
    return chi_square_tail(statistic, len(shares) - 1)


def p_value_of_pairs(sequence: Sequence[T], shares: Mapping[T, float], apart: int = 1) -> float:
    """Pearson's serial test: whether what comes is independent of what came `apart` before. Pairs do not overlap."""
    counts: dict[tuple[T, T], int] = {}
    for first in range(0, len(sequence) - apart, 2 * apart):
        for at in range(first, min(first + apart, len(sequence) - apart)):
            pair = sequence[at], sequence[at + apart]
            counts[pair] = counts.get(pair, 0) + 1
    return p_value(counts, {(one, other): shares[one] * shares[other] for one, other in product(shares, repeat=2)})


def deviation(count: int, of: int, share: float) -> float:
    """From what is expected, in standard deviations of independent draws."""
    return abs(count - of * share) / sqrt(of * share * (1 - share))


def chi_square_tail(statistic: float, freedom: int) -> float:
    """The upper regularized gamma function of half of both (Numerical Recipes §6.2): by its series, or, beyond the
    middle, by Lentz's continued fraction."""
    a, x = freedom / 2, statistic / 2
    if x <= 0 or freedom == 0:
        return 1.0
    scale = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = summed = 1 / a
        n = a
        while term > summed * 1e-15:
            n += 1
            term *= x / n
            summed += term
        return 1 - summed * scale
    b = x + 1 - a
    c, d = 1e300, 1 / b
    fraction = d
    for i in range(1, 10_000):
        b += 2
        d = 1 / (b - i * (i - a) * d)
        c = b - i * (i - a) / c
        fraction *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return fraction * scale
