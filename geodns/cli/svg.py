"""Elements of an SVG document, as text."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

Point = tuple[float, float]


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def title(lines: Iterable[str]) -> str:
    """What a viewer shows where the pointer rests on the element that holds it."""
    return f"<title>{escape(chr(10).join(lines))}</title>"


def path(lines: Iterable[Sequence[Point]], *, closed: bool = True) -> str:
    """The `d` of a path through the points, in tenths; of points that fall together, one."""
    return "".join(map(_closed if closed else _open, lines))


def _closed(points: Sequence[Point]) -> str:
    return f"{_open(points)}z"


def _open(points: Sequence[Point]) -> str:
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = ((x - x0, y - y0) for (x0, y0), (x, y) in pairwise(tenths))
    start = " ".join(map(_decimal, tenths[0]))
    drawn = " ".join(f"{_decimal(dx)} {_decimal(dy)}" for dx, dy in steps if dx or dy)
    return f"M{start}l{drawn or '0 0'}".replace(" -", "-")


def _decimal(tenths: int) -> str:
    """`3`, `-.7`, `12.5`."""
    sign = "-" if tenths < 0 else ""
    whole, rest = divmod(abs(tenths), 10)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"
