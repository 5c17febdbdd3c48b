"""The command run against an admin endpoint that a test serves."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from geodns.cli.main import main
from tests.admin.served import Served, serve
from tests.cli.example import changed

# Without the rule that makes a large territory: these tests are about other things, and each starts a server.
ZONE = changed(
    ("fra2: {A: 192.0.2.11}", "fra2: {A: 192.0.2.11, state: drain}"),
    ("      - {continent: [EU], pools: [eu, us]}\n", ""),
)

# Runs `geodns WORDS --admin …`; returns the exit code, and what was printed and complained of.
Run = Callable[..., tuple[int, str, str]]


def online(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    scenario: Callable[[Run, Path], None],
    *,
    zone: str = ZONE,
    tokens: Path | None = None,
) -> None:
    """The scenario is given the command, and the path of the zone's file. It runs beside the endpoint's event loop."""

    ended: list[AssertionError | None] = []

    async def beside(served: Served) -> None:
        def run(*words: str) -> tuple[int, str, str]:
            code = main([*words, "--admin", f"http://127.0.0.1:{served.port}"])
            said = capsys.readouterr()
            return code, said.out, said.err

        ended.append(await asyncio.to_thread(_outcome, scenario, run, served.zone))

    serve(folder, beside, zone=zone, tokens=tokens)
    for failure in filter(None, ended):
        raise failure


def _outcome(scenario: Callable[[Run, Path], None], run: Run, zone: Path) -> AssertionError | None:
    """A failed assertion as a value, so that it is not wrapped into the endpoint's group of tasks."""
    try:
        scenario(run, zone)
    except AssertionError as failure:
        return failure
    return None
