"""The pages as the tests read them: fenced blocks, and the rows of tables by section."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of YAML and the line that it begins in."""

    page: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def names() -> list[str]:
    """README.md and every page in docs/ and its folders."""
    return ["README.md", *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md")))]


def yaml_blocks() -> list[Block]:
    return [
        Block(name, text.count("\n", 0, found.start(1)) + 1, found[1])
        for name in names()
        for text in (page(name),)
        for found in _FENCE.finditer(text)
    ]


def rows(name: str, section: str) -> dict[str, str]:
    """First cell of each row that begins with `code` → second cell, of the tables under `## section`."""
    text = page(name).partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    assert text, f"{name} has no section '{section}'"
    found = (_CELL.split(line)[1:-1] for line in text.splitlines() if line.startswith("| `"))
    return {cells[0].strip().strip("`"): cells[1].strip() for cells in found}
