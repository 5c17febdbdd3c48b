"""The load generator's histogram, through a shared object of it."""

from collections.abc import Callable, Iterable
from ctypes import CDLL, c_char, c_double, c_uint64

import pytest

from bench.tools import compile_c, compiler

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler (Debian: gcc)")

Percentile = Callable[[Iterable[int], float], int]
_ROOM = 1 << 17  # octets: more than it takes, zeroed


@pytest.fixture(scope="module")
def percentile(tmp_path_factory: pytest.TempPathFactory) -> Percentile:
    path = tmp_path_factory.mktemp("histogram") / "histogram.so"
    compile_c(path, ("histogram.c",), flags=("-shared", "-fPIC"))
    library = CDLL(str(path))
    library.histogram_percentile.restype = c_uint64

    def of(values: Iterable[int], share: float) -> int:
        room = (c_char * _ROOM)()
        for value in values:
            library.histogram_add(room, c_uint64(value))
        found: int = library.histogram_percentile(room, c_double(share))
        return found

    return of


@pytest.mark.parametrize(("share", "wanted"), [(0.5, 50), (0.9, 90), (0.99, 99), (0.999, 100), (1.0, 100), (0.0, 1)])
def test_small_values_are_exact(percentile: Percentile, share: float, wanted: int) -> None:
    assert percentile(range(1, 101), share) == wanted


@pytest.mark.parametrize("value", [127, 128, 255, 256, 1000, 40_123, 999_999, 10**9, 3 * 10**12, 2**63])
def test_a_value_is_off_by_one_in_128_at_most_and_never_less(percentile: Percentile, value: int) -> None:
    found = percentile([value, 2**64 - 1], 0.5)
    assert value <= found <= value * (1 + 1 / 128)


def test_percentiles_of_a_spread_of_latencies(percentile: Percentile) -> None:
    values = [n * 37 for n in range(1, 10_001)]
    for share in (0.5, 0.9, 0.99, 0.999):
        assert percentile(values, share) == pytest.approx(values[int(share * 10_000) - 1], rel=1 / 128)


def test_no_percentile_passes_the_highest_value(percentile: Percentile) -> None:
    assert percentile([1_000_003], 0.999) == 1_000_003


def test_of_nothing_it_is_nothing(percentile: Percentile) -> None:
    assert percentile([], 0.5) == 0
