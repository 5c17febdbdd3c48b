"""Rows → lines with their cells below each other."""

from collections.abc import Sequence


def columns(rows: Sequence[Sequence[str]], indent: str = "") -> list[str]:
    """All rows have as many cells. The last one ends its line, so only that one may be coloured."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return [
        indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
