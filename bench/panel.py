"""One panel of the plot: figures of several servers → bars with whiskers, on an axis from zero.

A bar several times as long as most would leave nothing to see of the others: it is cut, and its figure says how long.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import inf
from statistics import median

from bench.asking import Shape
from bench.figures import Figure, Spread

LABELS = 128  # width of the servers' names
HEAD, AXIS = 32, 30  # of a panel, above and below the bars
_FIGURES = 40  # width of what stands beside the longest bar
_BAR, _GAP = 13, 6
_LONG = 3.0  # times the median: longer bars are cut
_OURS, _THEIRS, _LIMIT = ("#1b6ca8", "#8fbbdb"), ("#7a7f87", "#bcc1c8"), ("#b98a2f", "#dfc182")  # system, user


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the panels of a row show. `part`: what of the value is drawn lighter, at the bar's end."""

    title: str
    shape: Shape
    value: Callable[[Figure], Spread]
    part: Callable[[Figure], float] = lambda _: 0.0
    form: Callable[[float], str]
    may_cut: bool = True  # not where the longest bar is the best


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    left: float
    scale: float
    end: float  # the last value on it

    def at(self, value: float) -> float:
        return self.left + min(value, self.end) * self.scale


def height(bars: int) -> float:
    return HEAD + bars * (_BAR + _GAP) + AXIS


def panel(kind: Kind, title: str, found: Sequence[Figure], x: float, y: float, width: float) -> Iterator[str]:
    marks = ticks(_highest([kind.value(each) for each in found], _LONG if kind.may_cut else inf))
    room = width - LABELS - _FIGURES
    axis = Axis(left=x + LABELS, scale=room / marks[-1], end=marks[-1])
    top, bottom = y + HEAD, y + HEAD + len(found) * (_BAR + _GAP)
    yield text(x, y + 20, title, "panel")
    for mark in marks:
        yield f'<path class="{"grid" if mark else "axis"}" d="M{axis.at(mark):.1f} {top:.1f}V{bottom:.1f}"/>'
        yield text(axis.at(mark), bottom + 14, kind.form(mark), "small", "middle")
    for number, each in enumerate(found):
        yield from _bar(kind, each, axis, top + number * (_BAR + _GAP) + _GAP / 2)


def _highest(values: Sequence[Spread], long: float) -> float:
    """Of the bars that are drawn whole."""
    limit = long * median(value.middle for value in values)
    return max(value.high for value in values if value.middle <= limit)


def _bar(kind: Kind, of: Figure, axis: Axis, y: float) -> Iterator[str]:
    value, middle = kind.value(of), y + _BAR / 2
    dark, light = _OURS if of.server.startswith("geodns") else _LIMIT if of.server.startswith("echo") else _THEIRS
    end, joint = axis.at(value.middle), axis.at(value.middle - kind.part(of))
    yield text(axis.left - 6, middle + 4, of.server, "", "end")
    yield _rectangle(axis.left, y, joint - axis.left, dark)
    if end > joint:
        yield _rectangle(joint, y, end - joint, light)
    yield _cut(end, y) if value.middle > axis.end else _whisker(axis.at(value.low), axis.at(value.high), middle)
    yield text(max(end, axis.at(value.high)) + 5, middle + 4, kind.form(value.middle), "small")


def _whisker(low: float, high: float, y: float) -> str:
    ends = f"M{low:.1f} {y - 3:.1f}v6M{low:.1f} {y:.1f}H{high:.1f}M{high:.1f} {y - 3:.1f}v6"
    return f'<path class="whisker" d="{ends}"/>'


def _cut(end: float, y: float) -> str:
    return f'<path class="cut" d="M{end - 12:.1f} {y + _BAR + 1:.1f}l6 {-_BAR - 2}"/>'


def ticks(highest: float) -> list[float]:
    """From 0 to the first round number that is not less, in two or three steps; of tiny values, one."""
    step = 10.0**-3
    while highest > step * 3:
        step *= 2.5 if f"{step:.3e}".startswith("2") else 2
    return [n * step for n in range(int(-(-highest // step)) + 1)] if highest > 0 else [0, 1]


def _rectangle(x: float, y: float, width: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>'


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'
