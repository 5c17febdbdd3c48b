"""The answer path is tested at both of its speeds."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def at_both_speeds(speed: str) -> str:
    return speed
