"""The console blocks of pages: commands as a reader would type them → what they print.

A page is a folder of its own. What it has shown so far is there as files: a whole zone as example.com.yaml, a server's
settings as geodns.yaml, and a block whose first line is a comment with a file's name under that name. MaxMind's test
databases lie beside them, under the names of the real ones.

    python -m tests.docs.consoles docs/rules/nearest.md     # puts in what is printed, for pages that are being written
"""

import contextlib
import io
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from geodns.cli.main import main
from tests.docs.pages import ROOT, Block, blocks_of, page

_PROMPT = "$ geodns "
_OFFLINE = {"check", "diff", "export", "schema"}
_EITHER = {"explain", "map"}  # of a running geodns, unless they are told of files
_DATA = ROOT / "tests" / "geo" / "data"
_DATABASES = {
    "GeoLite2-City.mmdb": "GeoIP2-City-Test.mmdb",
    "GeoLite2-ASN.mmdb": "GeoLite2-ASN-Test.mmdb",
    "GeoIP2-Enterprise.mmdb": "GeoIP2-Enterprise-Test.mmdb",
}


def is_ours(block: Block) -> bool:
    """What reads files and nothing else; the others show what needs a server that runs, or other programs."""
    commands = _commands(block) if block.language == "console" else []
    return bool(commands) and all(_reads_files(command) for command in commands)


def _reads_files(command: str) -> bool:
    verb, _, rest = command.removeprefix(_PROMPT).partition(" ")
    return command.startswith(_PROMPT) and (verb in _OFFLINE or (verb in _EITHER and "--zones" in rest))


def replayed(name: str, folder: Path) -> Iterator[tuple[Block, str]]:
    """Each console block of the page, and what it would say if written now."""
    for shown, there in _DATABASES.items():
        if (_DATA / there).exists():
            shutil.copy(_DATA / there, folder / shown)
    with contextlib.chdir(folder):
        for block in blocks_of(name, page(name)):
            if is_ours(block):
                yield block, "".join(f"{line}\n{_printed(line)}" for line in _commands(block))
            elif file := _file_of(block):
                (folder / file).write_text(block.text, encoding="utf-8")


def _commands(block: Block) -> list[str]:
    return [line for line in block.text.splitlines() if line.startswith("$ ")]


def _printed(line: str) -> str:
    """What a command prints, on both streams; its exit code is for the tests of the verb."""
    command, _, lines = line.removeprefix(_PROMPT).partition(" | head -")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        main(shlex.split(command))
    return "".join(out.getvalue().splitlines(keepends=True)[: int(lines) if lines else None])


def _file_of(block: Block) -> str:
    if block.file:
        return block.file
    if block.language != "yaml":
        return ""
    keys = {line.partition(":")[0] for line in block.text.splitlines()}
    if "zone" in keys:
        return "example.com.yaml"
    return "geodns.yaml" if keys & {"listen", "zones", "geo", "networks"} else ""


def rewrite(name: str) -> None:
    text = page(name)
    with tempfile.TemporaryDirectory() as folder:
        for block, said in reversed(list(replayed(name, Path(folder)))):
            text = text[: block.start] + said + text[block.start + len(block.text) :]
    (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("COLUMNS", "120")
    for argument in sys.argv[1:]:
        rewrite(argument)
