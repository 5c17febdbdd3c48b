"""RFC 1982 §3.2: which of two serials is the newer one."""

import pytest

from geodns.model.serial import is_newer


@pytest.mark.parametrize(
    ("serial", "than", "newer"),
    [
        (8, 7, True),
        (7, 7, False),
        (6, 7, False),
        (0, 2**32 - 1, True),
        (2**32 - 1, 0, False),
        (2**31 - 1, 0, True),
        (2**31, 0, False),
    ],
)
def test_serials_go_round(serial: int, than: int, newer: bool) -> None:
    assert is_newer(serial, than) is newer
