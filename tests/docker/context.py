"""The context of a build: the files of a checkout, less those that .dockerignore leaves out."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from tests.docker.dockerfile import ROOT


def context_files() -> list[PurePosixPath]:
    """Relative to the top folder. What git ignores is in no clean checkout."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    patterns = read_patterns((ROOT / ".dockerignore").read_text())
    paths = [PurePosixPath(name) for name in listed if name and (ROOT / name).is_file()]
    return [path for path in paths if not is_left_out(path, patterns)]


def read_patterns(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def is_left_out(path: PurePosixPath, patterns: Sequence[str]) -> bool:
    """The last pattern that fits the path or one of its folders decides; with `!` it takes the path in again."""
    within = [str(each) for each in (path, *path.parents)][:-1]
    fitting = [pattern for pattern in patterns if any(_regex(pattern).fullmatch(each) for each in within)]
    return bool(fitting) and not fitting[-1].startswith("!")


def copy_context(to: Path) -> None:
    for path in context_files():
        target = to / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / path).read_bytes())


def _regex(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.removeprefix("!"))
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(part) or re.escape(part) for part in parts))
