"""A Dockerfile → stages → instructions. Knows what ours uses: comments, continued lines, flags, and words as JSON."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]  # the context of the build
DOCKER = ROOT / "docker"


@dataclass(frozen=True, slots=True)
class Instruction:
    """`word` is RUN, COPY and so on; `text` what follows its flags."""

    word: str
    flags: tuple[tuple[str, str], ...]
    text: str

    def flag(self, name: str) -> str | None:
        return dict(self.flags).get(name)

    def words(self) -> list[str]:
        return list(json.loads(self.text)) if self.text.startswith("[") else shlex.split(self.text)


@dataclass(frozen=True, slots=True)
class Stage:
    base: str
    name: str | None
    instructions: tuple[Instruction, ...]

    def all_of(self, word: str) -> list[Instruction]:
        return [each for each in self.instructions if each.word == word]

    def the(self, word: str) -> Instruction:
        """The one that holds: later ones replace earlier ones."""
        return self.all_of(word)[-1]

    def environment(self, inherited: str) -> dict[str, str]:
        """`inherited`: the PATH of the base image."""
        found = {"PATH": inherited}
        for instruction in self.all_of("ENV"):
            name, _, value = instruction.text.partition("=")
            found[name] = value.strip('"').replace("${PATH}", found["PATH"])
        return found


def our_stages() -> tuple[Stage, ...]:
    return read_stages((DOCKER / "Dockerfile").read_text())


def read_stages(text: str) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    instructions: list[Instruction] = []
    for instruction in _instructions(text):
        if instruction.word == "FROM":
            base, *named = instruction.words()
            instructions = []
            stages.append(Stage(base, named[1] if named else None, ()))
            continue
        instructions.append(instruction)
        stages[-1] = Stage(stages[-1].base, stages[-1].name, tuple(instructions))
    return tuple(stages)


def _instructions(text: str) -> Iterator[Instruction]:
    uncommented = re.sub(r"(?m)^\s*#.*\n", "", text)
    for line in uncommented.replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        flags = []
        while found := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
            flags.append((found[1], found[2]))
            rest = rest[found.end() :]
        yield Instruction(word, tuple(flags), rest.strip())
