"""python -m bench.spill: three loops that keep a pool's load in a band; prints what came of each, and draws it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.panel import text
from bench.spilling import DEMANDS, LOOPS, MOST, RESOLVERS, TARGET, TTL, Moment, averaged, outcome, played, steps

OUT = Path(__file__).parents[1] / "docs" / "time" / "load.svg"
LAGS = (0.3, 0.5, 1.0, 2.0, 3.0)  # times the TTL
STRETCHES = ((0, 3600), (3600, 5400))  # of one demand above the band each

_WIDTH, _MARGIN, _TOP = 1200, 24, 76
_HEIGHT, _GAP = 150, 52  # of a panel, and below it
_AXIS = 44  # width of its figures
_HIGHEST = 15_000.0
_POINTS = 480  # of a line
_STYLE = """\
  text { font-family: system-ui, "DejaVu Sans", sans-serif; font-size: 12px; fill: #22262b; }
  .title { font-size: 18px; font-weight: 600; } .panel { font-size: 12.5px; font-weight: 600; }
  .small { font-size: 11px; fill: #5b626b; } .grid { stroke: #e3e6ea; fill: none; }
  .band { fill: #e4f1e2; } .demand { stroke: #b9bec5; fill: none; stroke-dasharray: 4 3; }
  .load { stroke: #1b6ca8; fill: none; stroke-width: 1.4; } .share { stroke: #c0732a; fill: none; }"""


def main() -> None:
    print(f"demand 12,000 and then 15,000, band {TARGET:,.0f} to {MOST:,.0f}, TTL {TTL} s, reports with noise of 2 %\n")
    print(f"{'resolvers keep answers for':<30}{'loop':<26}{'load, last 10 min':<22}{'share':<16}settled after")
    for lag in LAGS:
        for name, loop in LOOPS.items():
            moments = played(loop(), steps, STRETCHES[-1][1], lag=lag)
            for start, end in STRETCHES:
                print(f"{f'{lag:g} × TTL, {moments[start].demand:,.0f}':<30}{name:<26}{_row(moments[start:end])}")
    OUT.write_text(drawing(), encoding="utf-8")
    print(f"\n{OUT.relative_to(OUT.parents[2])}")


def _row(moments: Sequence[Moment]) -> str:
    came = outcome(moments)
    load = f"{came.low:,.0f} to {came.high:,.0f}"
    share = f"{came.shares[0]:.2f} to {came.shares[1]:.2f}"
    return f"{load:<22}{share:<16}{'never' if came.settling is None else f'{came.settling} s'}"


def drawing() -> str:
    """A row for each loop, a column for each demand."""
    height = _TOP + len(LOOPS) * (_HEIGHT + _GAP)
    width = (_WIDTH - 2 * _MARGIN) / len(DEMANDS)
    body: list[str] = []
    for row, (name, loop) in enumerate(LOOPS.items()):
        for column, (wanted, (demand, seconds)) in enumerate(DEMANDS.items()):
            x, y = _MARGIN + column * width, _TOP + row * (_HEIGHT + _GAP)
            body += _panel(f"{name}: {wanted}", played(loop(), demand, seconds), x, y, width - 24)
    return "\n".join([*_frame(height), *body, "</svg>", ""])


def _frame(height: float) -> Iterator[str]:
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" font-size="12">'
    yield f"<style>\n{_STYLE}\n</style>"
    yield f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#ffffff"/>'
    yield text(_MARGIN, 30, "The load of a pool that may leave clients to others, by three loops", "title")
    says = (
        f"Green: the band, {TARGET:,.0f} to {MOST:,.0f}. Blue: load. Orange: share kept (top: all). Dashed: demand. "
        f"{RESOLVERS:,} resolvers of unequal size, TTL {TTL} s, a report each 10 s with noise of 2 %."
    )
    yield text(_MARGIN, 50, says, "small")


def _panel(title: str, moments: Sequence[Moment], x: float, y: float, width: float) -> Iterator[str]:
    left, room = x + _AXIS, width - _AXIS
    last = moments[-1].second

    def at(second: float) -> float:
        return left + room * second / last

    def up(load: float) -> float:
        return y + _HEIGHT * (1 - min(load, _HIGHEST) / _HIGHEST)

    yield text(x, y - 6, title, "panel")
    high, low = up(MOST), up(TARGET)
    yield f'<rect class="band" x="{left:.1f}" y="{high:.1f}" width="{room:.1f}" height="{low - high:.1f}"/>'
    for mark in range(0, 15_001, 5_000):
        yield f'<path class="grid" d="M{left:.1f} {up(mark):.1f}H{left + room:.1f}"/>'
        yield text(left - 6, up(mark) + 4, f"{mark:,}", "small", "end")
    for minutes in range(0, last // 60 + 1, 30):
        yield text(at(minutes * 60), y + _HEIGHT + 16, f"{minutes} min", "small", "middle")
    apart = -(-last // _POINTS)
    yield _line("demand", [(at(each.second), up(each.demand)) for each in moments[::apart]])
    yield _line("share", [(at(each.second), up(each.kept * _HIGHEST)) for each in moments[::apart]])
    yield _line("load", [(at(second), up(load)) for second, load in list(averaged(moments))[::apart]])


def _line(kind: str, points: Sequence[tuple[float, float]]) -> str:
    return f'<path class="{kind}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>'


if __name__ == "__main__":
    main()
