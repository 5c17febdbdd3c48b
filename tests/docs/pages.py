"""The pages as the tests read them: fenced blocks, and the rows of tables by section."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# ([\w.-]+\.\w+)$", re.MULTILINE)
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, the line that it begins in, and where its text is on the page."""

    page: str
    line: int
    text: str
    language: str = "yaml"
    start: int = 0

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str:
        """What its first line calls it: `# old.yaml`. Without that it has no name."""
        found = _FILE.match(self.text)
        return found[1] if found else ""


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def names() -> list[str]:
    """README.md and every page in docs/ and its folders."""
    return ["README.md", *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md")))]


def blocks_of(name: str, text: str) -> list[Block]:
    """All fenced blocks in their order."""
    return [
        Block(name, text.count("\n", 0, found.start(2)) + 1, found[2], found[1], found.start(2))
        for found in _FENCE.finditer(text)
    ]


def yaml_blocks() -> list[Block]:
    return [block for name in names() for block in blocks_of(name, page(name)) if block.language == "yaml"]


def rows(name: str, section: str) -> dict[str, str]:
    """First cell of each row that begins with `code` → second cell, of the tables under `## section`; with no section,
    of the whole page."""
    text = page(name).partition(f"\n## {section}\n")[2].partition("\n## ")[0] if section else page(name)
    assert text, f"{name} has no section '{section}'"
    found = (_CELL.split(line)[1:-1] for line in text.splitlines() if line.startswith("| `"))
    return {cells[0].strip().strip("`"): cells[1].strip() for cells in found}
