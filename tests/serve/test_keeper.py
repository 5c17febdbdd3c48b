import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from geodns.serve.keeper import Child, keep, next_pause

pytestmark = pytest.mark.sockets


@pytest.mark.parametrize(
    ("before", "lived", "then"),
    [
        (0.0, 0.0, 0.1),  # the first death
        (0.1, 1.0, 0.2),
        (0.2, 9.9, 0.4),
        (3.2, 0.0, 5.0),  # never longer than that
        (5.0, 0.0, 5.0),
        (5.0, 10.0, 0.1),  # it has lived long enough for a new beginning
    ],
)
def test_the_pause_doubles_until_a_child_has_settled(before: float, lived: float, then: float) -> None:
    assert next_pause(before, lived) == pytest.approx(then)


NOTES_ITS_START = "import os, sys; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\n"
SLEEPS = NOTES_ITS_START + "import time; time.sleep(60)"
DIES = NOTES_ITS_START + "os._exit(3)"
CANNOT_START = "import sys; sys.exit(78)"
IGNORES_TERM = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPS
NOTES_HANGUP = (
    "import signal, sys\nsignal.signal(signal.SIGHUP, lambda *_: open(sys.argv[1], 'a').write('hangup\\n'))\n" + SLEEPS
)


def child(script: str, notes: Path, *, takes_hangup: bool = False) -> Child:
    argv = (sys.executable, "-c", script, str(notes))
    return Child(name=notes.name, argv=argv, takes_hangup=takes_hangup)


def lines(notes: Path) -> list[str]:
    return notes.read_text().split() if notes.exists() else []


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 — other processes have no Event of ours
            await asyncio.sleep(0.02)


def send_self(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def is_gone(pid: str) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_child_that_dies_comes_back_and_the_others_live_on(tmp_path: Path) -> None:
    dying, living = tmp_path / "dying", tmp_path / "living"

    async def scenario() -> int:
        keeping = asyncio.create_task(keep([child(DIES, dying), child(SLEEPS, living)]))
        await until(lambda: len(lines(dying)) >= 3)
        send_self(signal.SIGTERM)
        return await keeping

    assert asyncio.run(scenario()) == 0
    assert len(lines(living)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_with_exit_code_0(tmp_path: Path, number: signal.Signals) -> None:
    notes = [tmp_path / name for name in "abc"]

    async def scenario() -> int:
        keeping = asyncio.create_task(keep([child(SLEEPS, note) for note in notes]))
        await until(lambda: all(lines(note) for note in notes))
        send_self(number)
        return await keeping

    assert asyncio.run(scenario()) == 0
    assert all(is_gone(pid) for note in notes for pid in lines(note))


def test_a_child_that_ignores_the_end_is_killed(tmp_path: Path) -> None:
    notes = tmp_path / "stubborn"

    async def scenario() -> int:
        keeping = asyncio.create_task(keep([child(IGNORES_TERM, notes)], grace=0.2))
        await until(lambda: bool(lines(notes)))
        send_self(signal.SIGTERM)
        return await keeping

    assert asyncio.run(scenario()) == 0
    assert is_gone(lines(notes)[0])


def test_a_child_that_cannot_start_ends_all_with_exit_code_1(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    living = tmp_path / "living"
    assert asyncio.run(keep([child(SLEEPS, living), child(CANNOT_START, tmp_path / "control")])) == 1
    assert "control cannot start" in caplog.text
    assert all(is_gone(pid) for pid in lines(living))


def test_a_hangup_reaches_only_those_that_take_it(tmp_path: Path) -> None:
    control, worker = tmp_path / "control", tmp_path / "worker"

    async def scenario() -> int:
        children = [child(NOTES_HANGUP, control, takes_hangup=True), child(SLEEPS, worker)]
        keeping = asyncio.create_task(keep(children))
        await until(lambda: bool(lines(control) and lines(worker)))
        send_self(signal.SIGHUP)
        await until(lambda: "hangup" in lines(control))
        send_self(signal.SIGTERM)
        return await keeping

    assert asyncio.run(scenario()) == 0
    assert len(lines(worker)) == 1


def test_a_program_that_is_not_there_is_tried_again_and_does_not_hinder_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> int:
        keeping = asyncio.create_task(keep([Child(name="ghost", argv=(str(tmp_path / "nothing"),))]))
        await until(lambda: caplog.text.count("ghost could not be started") >= 2)
        send_self(signal.SIGTERM)
        return await keeping

    assert asyncio.run(scenario()) == 0
