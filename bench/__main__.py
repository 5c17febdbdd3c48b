"""python -m bench: geodns and its peers on the same work, in one run; ends with a table, a plot and the raw figures."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.comparison import Wishes, compare, say
from bench.figures import Sample
from bench.install import command, install
from bench.plot import plot
from bench.report import Report
from bench.rounds import Cores
from bench.running import is_here
from bench.servers import PEERS
from bench.servers.peer import Peer
from bench.table import table
from bench.tools import CannotCompile, compile_tools
from bench.workloads import NAMES

OUT = Path(__file__).parents[1] / "docs" / "benchmarks"
QUICK = 0.4  # seconds a run


def main(argv: Sequence[str] | None = None) -> int:
    args = make_parser().parse_args(argv)
    wishes = wishes_of(args)
    if not {wishes.cores.server, wishes.cores.load} <= os.sched_getaffinity(0):
        return _give_up("the server and the load need a core each; name two that there are with --cores SERVER,LOAD")
    try:
        compile_tools()
    except CannotCompile as fault:
        return _give_up(str(fault))
    chosen = [peer for peer in PEERS if args.servers is None or peer.name in args.servers]
    here, missing = _find(chosen, args.install)
    absent = [f"{peer.name}: not installed ({command([peer])})" for peer in missing]
    with TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o755)  # some servers drop their rights before they read
        try:
            report, samples = compare(here, wishes, Path(folder), absent)
        except KeyboardInterrupt:
            return 130  # by now all that was started has ended
    write(report, samples, args.out)
    return 0


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="geodns and its peers on the same work, in one run. See docs/benchmarks.md."
    )
    servers = [peer.name for peer in PEERS]
    parser.add_argument("--servers", type=_some_of(servers), metavar="A,B", help=f"only these: {', '.join(servers)}")
    parser.add_argument("--workloads", type=_some_of(NAMES), metavar="A,B", help=f"only these: {', '.join(NAMES)}")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S", help="of each run")
    parser.add_argument("--patience", type=float, default=5.0, metavar="S", help="to repeat a disturbed run in")
    parser.add_argument("--quick", action="store_true", help="one round of short runs, to see that all works")
    parser.add_argument("--scale", action="store_true", help="also a million static names, which takes minutes")
    parser.add_argument("--install", action="store_true", help="first install Debian's packages of the peers (as root)")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FOLDER", help="for table.md, plot.svg, results.json")
    parser.add_argument("--cores", type=_cores, default=Cores(server=0, load=1), metavar="SERVER,LOAD")
    return parser


def wishes_of(args: argparse.Namespace) -> Wishes:
    return Wishes(
        workloads=args.workloads or NAMES,
        rounds=1 if args.quick else args.rounds,
        seconds=min(args.seconds, QUICK) if args.quick else args.seconds,
        patience=0 if args.quick else args.patience,
        cores=args.cores,
        with_scale=args.scale,
        with_balance=args.servers is None or "geodns" in args.servers,
    )


def _some_of(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def names(text: str) -> tuple[str, ...]:
        chosen = tuple(name.strip() for name in text.split(","))
        unknown = [name for name in chosen if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"'{unknown[0]}' is none of {', '.join(known)}")
        return chosen

    return names


def _cores(text: str) -> Cores:
    server, _, load = text.partition(",")
    if not (server.isdigit() and load.isdigit() and int(server) != int(load)):
        raise argparse.ArgumentTypeError(f"'{text}' is no two cores; write 0,1")
    return Cores(server=int(server), load=int(load))


def _find(peers: Sequence[Peer], wanted: bool) -> tuple[list[Peer], list[Peer]]:
    """Those that are here, and those that are not; `wanted`: install these first."""
    missing = [peer for peer in peers if not is_here(peer)]
    if missing and wanted:
        install(missing)
        missing = [peer for peer in peers if not is_here(peer)]
    if missing:
        say(f"not installed: {', '.join(peer.name for peer in missing)}. They come with: {command(missing)}")
        say("or with --install, which also keeps Debian from starting them as daemons")
    return [peer for peer in peers if peer not in missing], missing


def write(report: Report, samples: Iterable[Sample], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "table.md").write_text(table(report))
    (out / "plot.svg").write_text(plot(report))
    (out / "results.json").write_text(raw(report, samples))
    print(table(report))
    say(f"written: table.md, plot.svg and results.json in {out}")


def raw(report: Report, samples: Iterable[Sample]) -> str:
    """JSON, a line for each run."""
    runs = ",\n".join(json.dumps(asdict(sample)) for sample in samples)
    return f'{{"report": {json.dumps(asdict(report))},\n"samples": [\n{runs}\n]}}\n'


def _give_up(why: str) -> int:
    print(why, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
