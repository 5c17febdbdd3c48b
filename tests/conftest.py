"""What holds for all tests. A shared machine may be slow at any time: no test is judged by its time."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests import speeds

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_configure() -> None:
    """An extension that is older than its source would be tested in its place."""
    if stale := sorted(str(path) for path in speeds.stale()):
        raise pytest.UsageError(f"compiled before they were changed, run `make build`: {', '.join(stale)}")


@pytest.fixture(scope="module", params=speeds.SPEEDS, ids=lambda speed: str(speed.name))
def speed(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each of the speeds that the answer path has here, in turn; the name of it."""
    with speeds.at(request.param):
        yield request.param.name
