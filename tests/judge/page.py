"""The explanations as the table of docs/conformance.md.

python -m tests.judge.page     # puts it in
"""

from itertools import dropwhile

from tests.docs.pages import ROOT
from tests.judge.explanations import EXPLANATIONS

PAGE = "docs/conformance.md"
_HEAD = "| What differs | from | RFC | Why |\n|---|---|---|---|\n"
_NAMES = {"bind": "BIND", "knot": "Knot", "nsd": "NSD"}


def table() -> str:
    rows = (
        f"| {each.name} | {', '.join(_NAMES[peer] for peer in each.peers)} | {each.source} | {each.reason} |\n"
        for each in EXPLANATIONS
    )
    return _HEAD + "".join(rows)


def main() -> None:
    before, _, rest = (ROOT / PAGE).read_text(encoding="utf-8").partition(_HEAD)
    after = dropwhile(lambda line: line.startswith("|"), rest.splitlines(keepends=True))
    (ROOT / PAGE).write_text("".join([before, table(), *after]), encoding="utf-8")


if __name__ == "__main__":
    main()
