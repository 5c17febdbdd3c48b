"""Rising addresses in two columns, against a plain list of them."""

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.starts import starts_of

# Near the border between the columns, so that equal upper halves are common.
numbers = st.integers(0, 2**32 - 1) | st.builds(
    lambda high, low: high << 64 | low, st.integers(0, 3), st.integers(0, 3)
)


@given(st.sets(numbers, max_size=20).map(sorted), numbers, st.integers(0, 25))
def test_the_first_from_a_number_on_is_where_bisection_finds_it(listed: list[int], number: int, begin: int) -> None:
    begin = min(begin, len(listed))
    assert starts_of(listed).first_from(number, begin) == bisect_left(listed, number, begin)
