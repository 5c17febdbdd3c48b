"""Report → Markdown."""

from collections.abc import Iterable, Iterator, Sequence

from bench.accounting import Memory
from bench.asking import STEADY, Shape
from bench.figures import REFERENCES, Figure, Spread
from bench.report import Balance, Report, Scale

_LOAD_LIMITED = 0.95  # a server less busy than this had to wait for the load


def table(report: Report) -> str:
    return "\n".join(line for part in _parts(report) for line in (*part, "")).rstrip() + "\n"


def _parts(report: Report) -> Iterator[Iterable[str]]:
    yield _head(report)
    for workload, title in report.titles.items():
        if report.shapes(workload):
            yield [f"## {title[0].upper()}{title[1:]}"]
        for shape in report.shapes(workload):
            yield [f"### {shape.title[0].upper()}{shape.title[1:]}"]
            yield _steady(report, workload) if shape == STEADY else _closed(report, workload, shape)
    if report.balance:
        yield _balance(report.balance)
    yield ["## Memory and start", "", *_memory(report)]
    if report.scale:
        yield [f"## {report.scale_names:,} static names", "", *_scale(report.scale)]
    yield ["## Servers", "", *_servers(report)]
    if report.absent:
        yield ["## Not measured", "", *(f"- {why}" for why in report.absent)]


def _head(report: Report) -> list[str]:
    return [
        "# Figures",
        "",
        f"{report.machine}. {report.machine.date}; {counted(report.rounds)}, {report.seconds:g} s a run. Made by "
        "`make bench`; [how it is measured](../benchmarks.md).",
        "",
        "Medians, and in brackets the lowest and the highest round. CPU is µs a query of all of a server's processes. "
        "Ratios are medians over the rounds of what stood beside each other in one; under 1.00 is less CPU than the "
        "other's. ‡: its core was not full, so its q/s are the limit of the load and of what else ran.",
        *_disturbance(report),
    ]


def _disturbance(report: Report) -> list[str]:
    if not report.is_disturbed:
        return []
    return [
        "",
        f"**Other programs ran meanwhile**: in {report.disturbed} of {report.runs} runs the server or the load lost "
        "more than a twentieth of its core's time to them. CPU time a query still tells something; q/s, latency and "
        "loss may not.",
    ]


def _closed(report: Report, workload: str, shape: Shape) -> list[str]:
    others = [name for name in REFERENCES if any(name == each.server for each in report.of(workload, shape))]
    head = ["server", "q/s", "CPU µs/query", "user", "system"]
    head += [f"CPU ÷ {name}" for name in others] + [f"q/s ÷ {name}" for name in others]
    head += ["p50 µs", "p99 µs", "p99.9 µs", "lost"]
    return rows(head, [_closed_row(each, others) for each in report.of(workload, shape)])


def _closed_row(of: Figure, others: Sequence[str]) -> list[str]:
    limited = " ‡" if of.busy < _LOAD_LIMITED else ""
    return [
        of.server,
        f"{thousands(of.rate)}{limited}",
        *_cpu(of),
        *(_ratio(of.cpu_ratios.get(name)) for name in others),
        *(_ratio(of.rate_ratios.get(name)) for name in others),
        *_latency(of),
    ]


def _steady(report: Report, workload: str) -> list[str]:
    head = ["server", "p50 µs", "p99 µs", "p99.9 µs", "lost", "CPU µs/query", "user", "system"]
    return rows(head, [[each.server, *_latency(each), *_cpu(each)] for each in report.of(workload, STEADY)])


def _cpu(of: Figure) -> list[str]:
    return [_span(of.cpu, "{:.2f}"), f"{of.user:.2f}", f"{of.cpu.middle - of.user:.2f}"]


def _latency(of: Figure) -> list[str]:
    return [*(f"{each.middle:,.0f}" for each in (of.p50, of.p99, of.p999)), percent(of.loss)]


def _balance(balance: Balance) -> list[str]:
    shares = " and ".join(percent(share) for share in balance.shares)
    return [
        "## Two workers",
        "",
        f"{balance.server}, on both cores beside the load generator: the workers had {shares} of their CPU time. "
        "With the load on one of the two cores this shows the balance, not a rate.",
    ]


def _memory(report: Report) -> list[str]:
    made = [[each.name, f"{each.started:.2f} s", *_sizes(each.memory)] for each in report.servers if each.version]
    return rows(["server", "first answer after", "RSS", "PSS"], made)


def _scale(scale: Iterable[Scale]) -> list[str]:
    def row(each: Scale) -> list[str]:
        if each.fault:
            return [each.server, each.fault, "", "", ""]
        again = "" if each.restarted is None else f"{each.restarted:.1f} s"
        return [each.server, f"{each.started:.1f} s", again, *_sizes(each.memory)]

    return rows(["server", "first answer after", "from its saved generation", "RSS", "PSS"], map(row, scale))


def _sizes(memory: Memory) -> list[str]:
    return [f"{memory.rss / 1e6:.0f} MB", f"{memory.pss / 1e6:.0f} MB"]


def _servers(report: Report) -> list[str]:
    made = [[each.name, each.version, each.settings] for each in report.servers]
    return rows(["server", "version", "settings"], made, words=3)


def rows(head: Sequence[str], body: Iterable[Sequence[str]], words: int = 1) -> list[str]:
    """`words`: so many columns are words; figures are aligned to the right."""
    lines = [head, ["---"] * words + ["--:"] * (len(head) - words), *body]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def thousands(rate: Spread) -> str:
    scaled = Spread(middle=rate.middle / 1000, low=rate.low / 1000, high=rate.high / 1000)
    return _span(scaled, "{:.0f}", "k")


def counted(rounds: int) -> str:
    return f"{rounds} round{'' if rounds == 1 else 's'}"


def percent(share: float) -> str:
    """Few lost are not none."""
    if share == 0:
        return "0"
    return f"{share:.1%}" if share >= 0.001 else f"{share * 1e6:.0f} ppm"


def _ratio(ratio: Spread | None) -> str:
    return "" if ratio is None else _span(ratio, "{:.2f}")


def _span(value: Spread, form: str, unit: str = "") -> str:
    """Of a single round, and of what is compared to itself, there is no range to tell."""
    middle, low, high = (form.format(each) for each in (value.middle, value.low, value.high))
    return f"{middle}{unit}" if low == high else f"{middle}{unit} ({low}–{high})"
