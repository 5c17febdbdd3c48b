"""The console blocks of README.md → steps, carried out on a demo that runs by hand.

`docker compose kill`, `start` and `exec` become what they mean here; other lines are given to a shell. A line that
begins with … stands for any lines. A step is repeated until it says what it should: who was killed is noticed soon,
not at once.
"""

import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docker.demo import PATIENCE, Demo, on_loopback

_COMPOSE = re.compile(r"docker compose -f docker/compose\.yaml (kill|start|exec) (.+)")


@dataclass(frozen=True, slots=True)
class Step:
    command: str
    output: str  # nothing: whatever it says


def read_steps(document: Path) -> list[Step]:
    blocks = re.findall(r"```console\n(.*?)```", document.read_text(), re.DOTALL)
    return [step for block in blocks for step in _steps(block)]


def _steps(block: str) -> Iterator[Step]:
    for part in re.split(r"(?m)^\$ ", block)[1:]:
        command, _, output = part.partition("\n")
        yield Step(command.partition("  #")[0].strip(), output)


def carry_out(step: Step, demo: Demo) -> None:
    """Raises AssertionError when it does not say in time what it should."""
    deadline = time.monotonic() + PATIENCE
    wanted = demo.image.here(on_loopback(step.output))
    said = _say(step.command, demo)
    while wanted and not _fits(said, wanted):
        assert time.monotonic() < deadline, f"$ {step.command}\n{said}\ninstead of\n{wanted}"
        time.sleep(0.2)
        said = _say(step.command, demo)


def _say(command: str, demo: Demo) -> str:
    found = _COMPOSE.fullmatch(command)
    if found is None:
        return subprocess.run(["sh", "-c", on_loopback(command)], capture_output=True, text=True).stdout
    verb, words = found[1], shlex.split(found[2])
    if verb == "exec":
        ran = demo.run_inside([on_loopback(word) for word in words[1:]])
        assert ran.returncode == 0, f"$ {command}\n{ran.stdout}{ran.stderr}"
        return ran.stdout
    for name in words:
        demo.kill(name) if verb == "kill" else demo.start(name)
    return ""


def _fits(said: str, wanted: str) -> bool:
    pattern = "".join(
        "(?:.*\n)*?" if line.startswith("…") else re.escape(line).replace("…", ".*") for line in wanted.splitlines(True)
    )
    return re.fullmatch(pattern, said) is not None
