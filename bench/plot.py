"""Report → SVG: a row for each kind of figure, a panel for each workload, a bar for each server."""

from collections.abc import Iterator

from bench.asking import BURSTS, SINGLE, STEADY, TRAINS
from bench.figures import Figure
from bench.panel import Kind, height, panel, text
from bench.report import Report
from bench.table import counted

_WIDTH, _MARGIN = 1500, 24
_TOP = 112
_STYLE = """\
  text { font-family: system-ui, "DejaVu Sans", sans-serif; font-size: 12px; fill: #22262b; }
  .title { font-size: 20px; font-weight: 600; }
  .row { font-size: 15px; font-weight: 600; }
  .panel { font-size: 12.5px; font-weight: 600; }
  .warning { fill: #a03022; font-weight: 600; }
  .small { font-size: 11px; fill: #5b626b; }
  .grid { stroke: #e3e6ea; } .axis { stroke: #9aa1a9; } .whisker { stroke: #22262b; fill: none; }
  .cut { stroke: #ffffff; stroke-width: 3; }"""


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
    Kind(title="Answers a second, the same", shape=SINGLE, value=lambda of: of.rate, form=_thousands, may_cut=False),
    Kind(
        title="CPU µs a query, 8 sockets with bursts of 24: less is better",
        shape=BURSTS,
        value=lambda of: of.cpu,
        part=lambda of: of.user,
        form=_short,
    ),
    Kind(title="Answers a second, the same", shape=BURSTS, value=lambda of: of.rate, form=_thousands, may_cut=False),
    Kind(
        title="CPU µs a query, the same bursts, each as one buffer (UDP_SEGMENT, UDP_GRO): less is better",
        shape=TRAINS,
        value=lambda of: of.cpu,
        part=lambda of: of.user,
        form=_short,
    ),
    Kind(title="Answers a second, the same", shape=TRAINS, value=lambda of: of.rate, form=_thousands, may_cut=False),
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
            body.append(text(_MARGIN, y + 6, kind.title, "row"))
            body += _row(report, kind, panels, y + 14)
            y += 14 + max(height(len(found)) for _, found in panels) + 26
    return "\n".join([*_frame(report, y), *body, "</svg>", ""])


def _frame(report: Report, height: float) -> Iterator[str]:
    versions = ", ".join(
        f"{each.name} {each.version}" for each in report.servers if each.version and " " not in each.name
    )
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" font-size="12">'
    yield f"<style>\n{_STYLE}\n</style>"
    yield f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#ffffff"/>'
    yield text(_MARGIN, 34, "geodns and its peers: one server core, one load core, loopback", "title")
    yield text(_MARGIN, 54, f"{report.machine}; {report.machine.date}", "small")
    yield text(
        _MARGIN, 70, f"{versions}. Medians of {counted(report.rounds)}, whiskers from lowest to highest.", "small"
    )
    if report.is_disturbed:
        yield text(_MARGIN, 86, "Other programs ran meanwhile: q/s and latency tell little.", "warning")


def _row(report: Report, kind: Kind, panels: list[tuple[str, list[Figure]]], y: float) -> Iterator[str]:
    """All panels are as wide as a fifth of the page, or wider where there are few."""
    columns = max(3, len(panels))
    width = (_WIDTH - 2 * _MARGIN) / columns
    for column, (name, found) in enumerate(panels):
        yield from panel(kind, report.titles[name], found, _MARGIN + column * width, y, width - 18)
