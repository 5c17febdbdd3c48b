"""Report → SVG: a row for each kind of figure, a panel for each workload, a bar for each server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from bench.asking import BURSTS, SINGLE, STEADY, Shape
from bench.figures import Figure, Spread
from bench.report import Report

_WIDTH, _MARGIN = 1500, 24
_LABELS = 120  # width of the servers' names
_BAR, _GAP = 13, 6
_HEAD, _AXIS = 44, 30  # of a panel
_TOP = 96
_OURS, _THEIRS, _LIMIT = ("#1b6ca8", "#8fbbdb"), ("#7a7f87", "#bcc1c8"), ("#b98a2f", "#dfc182")  # system, user
_STYLE = """\
  text { font-family: system-ui, "DejaVu Sans", sans-serif; font-size: 12px; fill: #22262b; }
  .title { font-size: 20px; font-weight: 600; }
  .row { font-size: 15px; font-weight: 600; }
  .panel { font-size: 12.5px; font-weight: 600; }
  .small { font-size: 11px; fill: #5b626b; }
  .grid { stroke: #e3e6ea; } .axis { stroke: #9aa1a9; } .whisker { stroke: #22262b; fill: none; }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A row of the plot. `part`: what of the value is drawn lighter, at the bar's end."""

    title: str
    shape: Shape
    value: Callable[[Figure], Spread]
    part: Callable[[Figure], float] = lambda _: 0.0
    form: Callable[[float], str]


def _thousands(value: float) -> str:
    return f"{value / 1000:.0f}k" if value else "0"


def _short(value: float) -> str:
    """With as many digits as tell something."""
    if value == int(value) or value >= 20:
        return f"{value:,.0f}"
    return f"{value:.2g}" if value < 1 else f"{value:.1f}"


KINDS = (
    Kind(
        title="CPU µs a query (dark: system, light: user), 192 sockets with one question each: less is better",
        shape=SINGLE,
        value=lambda of: of.cpu,
        part=lambda of: of.user,
        form=_short,
    ),
    Kind(title="Answers a second, the same", shape=SINGLE, value=lambda of: of.rate, form=_thousands),
    Kind(
        title="CPU µs a query, 8 sockets with bursts of 24: less is better",
        shape=BURSTS,
        value=lambda of: of.cpu,
        part=lambda of: of.user,
        form=_short,
    ),
    Kind(title="Answers a second, the same", shape=BURSTS, value=lambda of: of.rate, form=_thousands),
    Kind(title="Latency at a steady 20,000 q/s, median, µs", shape=STEADY, value=lambda of: of.p50, form=_short),
    Kind(
        title="Latency at a steady 20,000 q/s, 99th percentile, µs", shape=STEADY, value=lambda of: of.p99, form=_short
    ),
)


def plot(report: Report) -> str:
    body: list[str] = []
    y = float(_TOP)
    for kind in KINDS:
        panels = [(name, found) for name in report.titles if (found := report.of(name, kind.shape))]
        if panels:
            body.append(_text(_MARGIN, y + 6, kind.title, "row"))
            body += _row(report, kind, panels, y + 14)
            y += 14 + max(_height(len(found)) for _, found in panels) + 26
    return "\n".join([*_frame(report, y), *body, "</svg>", ""])


def _frame(report: Report, height: float) -> Iterator[str]:
    versions = ", ".join(
        f"{each.name} {each.version}" for each in report.servers if each.version and " " not in each.name
    )
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" font-size="12">'
    yield f"<style>\n{_STYLE}\n</style>"
    yield f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#ffffff"/>'
    yield _text(_MARGIN, 34, "geodns and its peers: one server core, one load core, loopback", "title")
    yield _text(_MARGIN, 54, f"{report.machine}; {report.machine.date}", "small")
    yield _text(
        _MARGIN, 70, f"{versions}. Medians of {report.rounds} rounds; whiskers: lowest and highest round.", "small"
    )


def _row(report: Report, kind: Kind, panels: list[tuple[str, list[Figure]]], y: float) -> Iterator[str]:
    """All panels are as wide as a fifth of the page, or wider where there are few."""
    columns = max(3, len(panels))
    width = (_WIDTH - 2 * _MARGIN) / columns
    for column, (name, found) in enumerate(panels):
        yield from _panel(kind, report.titles[name], found, _MARGIN + column * width, y, width - 18)


def _panel(kind: Kind, title: str, found: list[Figure], x: float, y: float, width: float) -> Iterator[str]:
    left, top = x + _LABELS, y + _HEAD - 12
    room = width - _LABELS - 40  # the rest is for the figures beside the longest bars
    ends = ticks(max(kind.value(each).high for each in found))
    scale = room / ends[-1]
    bottom = top + len(found) * (_BAR + _GAP)
    yield _text(x, y + 20, title, "panel")
    for end in ends:
        at = left + end * scale
        line = "grid" if end else "axis"
        yield f'<path class="{line}" d="M{at:.1f} {top:.1f}V{bottom:.1f}"/>'
        yield _text(at, bottom + 14, kind.form(end), "small", "middle")
    for number, each in enumerate(found):
        yield from _bar(kind, each, left, top + number * (_BAR + _GAP) + _GAP / 2, scale)


def _bar(kind: Kind, of: Figure, left: float, y: float, scale: float) -> Iterator[str]:
    value, part = kind.value(of), kind.part(of)
    dark, light = _OURS if of.server.startswith("geodns") else _LIMIT if of.server.startswith("echo") else _THEIRS
    middle = y + _BAR / 2
    yield _text(left - 6, middle + 4, of.server, "", "end")
    yield _rectangle(left, y, (value.middle - part) * scale, dark)
    if part:
        yield _rectangle(left + (value.middle - part) * scale, y, part * scale, light)
    low, high, up = left + value.low * scale, left + value.high * scale, middle - 3
    ends = f"M{low:.1f} {up:.1f}v6M{low:.1f} {middle:.1f}H{high:.1f}M{high:.1f} {up:.1f}v6"
    yield f'<path class="whisker" d="{ends}"/>'
    yield _text(max(high, left) + 5, middle + 4, kind.form(value.middle), "small")


def ticks(highest: float) -> list[float]:
    """From 0 to the first round number that is not less, in two to four steps."""
    step = 10.0**-3
    while highest > step * 4:
        step *= 2.5 if _leads_with(step, 2) else 2
    return [n * step for n in range(int(-(-highest // step)) + 1)] if highest > 0 else [0, 1]


def _leads_with(step: float, digit: int) -> bool:
    return f"{step:.3e}".startswith(str(digit))


def _height(bars: int) -> float:
    return _HEAD - 12 + bars * (_BAR + _GAP) + _AXIS


def _rectangle(x: float, y: float, width: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{_BAR}" fill="{colour}"/>'


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'
