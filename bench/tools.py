"""The C programs of the bench, compiled before they are used: the load generator, and the echo that it is held to."""

import shutil
import subprocess
from pathlib import Path

SOURCES = Path(__file__).parent / "load"
BUILD = Path(__file__).parents[1] / "build" / "bench"
LOAD = BUILD / "load"
ECHO = BUILD / "echo"

_PARTS = {LOAD: ("load.c", "lane.c", "train.c", "questions.c", "histogram.c"), ECHO: ("echo.c",)}
_FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror")


class CannotCompile(Exception):
    """Without the compiler, or with its complaints."""


def compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def compile_tools() -> None:
    """Those that are older than a source, or not there."""
    BUILD.mkdir(parents=True, exist_ok=True)
    newest = max(path.stat().st_mtime for path in SOURCES.iterdir())
    for program, parts in _PARTS.items():
        if not program.exists() or program.stat().st_mtime < newest:
            compile_c(program, parts)


def compile_c(target: Path, parts: tuple[str, ...], flags: tuple[str, ...] = ()) -> None:
    cc = compiler()
    if cc is None:
        raise CannotCompile("the load generator is written in C, and there is no C compiler; Debian: apt install gcc")
    argv = [cc, *_FLAGS, *flags, "-o", str(target), *(str(SOURCES / part) for part in parts)]
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode:
        raise CannotCompile(f"{' '.join(argv)}\n{done.stderr}")
